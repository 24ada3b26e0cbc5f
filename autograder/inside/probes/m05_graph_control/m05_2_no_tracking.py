"""Probes of no_tracking.

What was recorded shows in gradients of drawn products: d(w * a)/dw is a, or missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, outcome_of


class Broken(Exception):
    """What a block may raise."""


class Products:
    """Products of a weight with drawn numbers, made here and there, and their gradients."""

    def __init__(self, given: Given) -> None:
        self._given, self._w = given, given.leaf(given.n)
        self._made: dict[str, Tensor] = {}

    def make(self, where: str) -> Tensor:
        """Multiply the weight by new numbers, where recording is on or off."""
        return self.keep(where, self._w * self._given.randn(self._given.n))

    def keep(self, where: str, product: Tensor) -> Tensor:
        """Ask for the gradient of a product, too, that was made of others."""
        self._made[where] = product
        return product

    def facts(self) -> Facts:
        """Return the gradient of each product made, or that it is missing."""
        with torch.set_grad_enabled(True):
            return {
                f"gradient of a product made {where}": gradients(product, [self._w])[0]
                for where, product in self._made.items()
            }


def _recording(given: Given) -> Any:
    return torch.set_grad_enabled(given.before == "on")


@probe("block")
def no_tracking_block(impl: Implementation, given: Given) -> Facts:
    """What is recorded before, in and after a block, where recording is on."""
    products = Products(given)
    with torch.set_grad_enabled(True), _noting_torchs_own() as used:
        block = impl.no_tracking()
        products.make("before the block")
        with block:
            inside = products.make("in the block")
        products.make("after the block")
    return {
        "use of torch's own context managers": used[0] if used else "none",
        **products.facts(),
        "product made in the block": inside,
    }


@probe("nested")
def no_tracking_nested(impl: Implementation, given: Given) -> Facts:
    """What is recorded around a block inside a block, and after one that has changed the mode."""
    products = Products(given)
    with _recording(given):
        with impl.no_tracking():
            with impl.no_tracking():
                products.make("in the inner block")
            products.make("after the inner block")
        products.make("after the outer block")
    with _recording(given):
        with impl.no_tracking():
            torch.set_grad_enabled(given.before == "off")
        products.make("after a block that has set the mode itself")
    return products.facts()


@probe("exception")
def no_tracking_exception(impl: Implementation, given: Given) -> Facts:
    """Whether an exception of the block is passed on, and what is recorded after it."""
    products = Products(given)

    def block() -> None:
        with impl.no_tracking():
            raise Broken("the block")

    with _recording(given):
        answer = outcome_of(block, Broken)
        products.make("after the exception")
    return {"exception that reaches the caller": answer, **products.facts()}


@probe("decorator")
def no_tracking_decorator(impl: Implementation, given: Given) -> Facts:
    """What is recorded before, in and after two calls of a decorated function, and the results."""
    products = Products(given)

    def function(where: str, *, scale: float) -> Tensor:
        return products.make(where) * scale

    with _recording(given), _noting_torchs_own() as used:
        decorated = impl.no_tracking()(function)
        products.make("after decorating")
        first = decorated("in the function", scale=2.0)
        products.make("after the call")
        second = decorated(where="in the function, called again", scale=3.0)
    if isinstance(first, Tensor):
        products.keep("by the function, and returned", first)
    return {
        "use of torch's own context managers": used[0] if used else "none",
        **products.facts(),
        "results of the function": [first, second],
    }


@probe("decorator and exception")
def no_tracking_decorator_exception(impl: Implementation, given: Given) -> Facts:
    """Whether an exception of a decorated function is passed on, and what is recorded after it."""
    products = Products(given)

    def function() -> None:
        raise Broken("the function")

    decorated = impl.no_tracking()(function)
    with _recording(given):
        answer = outcome_of(decorated, Broken)
        products.make("after the exception")
    return {"exception that reaches the caller": answer, **products.facts()}


@probe("again")
def no_tracking_again(impl: Implementation, given: Given) -> Facts:
    """What is recorded where one object is used in two modes, and in a block of its own."""
    products = Products(given)
    with torch.set_grad_enabled(False):
        block = impl.no_tracking()
        with block:
            products.make("in a block, where recording was off")
        products.make("after that block, where recording was off")
    with torch.set_grad_enabled(True):
        with block:
            products.make("in a second block of the object, where recording is on")
        products.make("after the second block, where recording is on")
    with torch.set_grad_enabled(True):
        block = impl.no_tracking()
        with block:
            with block:
                products.make("in a block of the same object")
            products.make("between the ends of the two")
        products.make("after both")
    return products.facts()


@probe("recursion")
def no_tracking_recursion(impl: Implementation, given: Given) -> Facts:
    """What is recorded in and after a decorated function that calls itself."""
    products = Products(given)
    with torch.set_grad_enabled(True):

        def function(depth: int) -> None:
            products.make(f"at depth {depth}, on the way in")
            if depth < given.depth:
                decorated(depth + 1)
            products.make(f"at depth {depth}, on the way back")

        decorated = impl.no_tracking()(function)
        decorated(1)
        products.make("after the outermost call")
    return products.facts()


@probe("threads")
def no_tracking_threads(impl: Implementation, given: Given) -> Facts:
    """What is recorded in two threads, whose blocks end in the order in which they began."""
    products, here, there = Products(given), impl.no_tracking(), impl.no_tracking()
    with ThreadPoolExecutor(max_workers=1) as other, _recording(given):

        def elsewhere(call: Callable[..., Any], *arguments: Any) -> None:
            other.submit(call, *arguments).result()

        here.__enter__()
        elsewhere(products.make, "in another thread, beside the block")
        elsewhere(there.__enter__)
        here.__exit__(None, None, None)
        products.make("after the block, while another thread is in its own")
        elsewhere(products.make, "in the other thread's block")
        elsewhere(there.__exit__, None, None, None)
        elsewhere(products.make, "after the other thread's block")
    return products.facts()


@contextmanager
def _noting_torchs_own() -> Iterator[list[str]]:
    """Note every block of torch.no_grad and torch.inference_mode that is entered."""
    used: list[str] = []
    kinds: tuple[Any, ...] = (torch.no_grad, torch.inference_mode)
    own = [kind.__enter__ for kind in kinds]

    def noting(kind: Any, enter: Callable[..., None]) -> Callable[..., None]:
        def entered(self: Any) -> None:
            used.append(f"torch.{kind.__name__}")
            enter(self)

        return entered

    for kind, enter in zip(kinds, own, strict=True):
        kind.__enter__ = noting(kind, enter)
    try:
        yield used
    finally:
        for kind, enter in zip(kinds, own, strict=True):
            kind.__enter__ = enter
