"""Probes of grad_of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import equal


@probe("gradient")
def grad_of_gradient(impl: Implementation, given: Given) -> Facts:
    """The gradient at a plain tensor, a flagged one with a gradient, or the result of others.

    The same is asked twice. Where x was computed, its source must get no gradient.
    """
    source = given.leaf(*given.shape)
    x, stored = _start(given, source)
    f = _function(given, given.leaf(*given.shape).detach())
    first, second = impl.grad_of(f, x), impl.grad_of(f, x)
    keeps = [tensor for tensor in (source, x) if tensor.is_leaf]
    undisturbed = all(equal(tensor.grad, stored) for tensor in keeps)
    return {
        "gradient": first,
        "gradient of a second call": second,
        "gradient that requires a gradient itself": _flag(first),
        "stored gradients (.grad) afterwards": "as before" if undisturbed else "changed",
    }


@probe("integers")
def grad_of_integers(impl: Implementation, given: Given) -> Facts:
    """The gradient at integers, and the dtype in which the function gets them."""
    x = given.integers(-9, 10, *given.shape)
    met: list[str] = []
    f = _function(given, given.leaf(*given.shape).detach())

    def noting(t: Tensor) -> Tensor:
        met.append(str(t.dtype).removeprefix("torch."))
        return f(t)

    gradient = impl.grad_of(noting, x)
    return {"gradient at integers": gradient, "dtype that the function got": met[-1]}


def _start(given: Given, source: Tensor) -> tuple[Tensor, Tensor | None]:
    """Return an x of the given's kind, and the gradient that is stored at the leaves."""
    stored = None
    if given.kind == "plain":
        return given.plain(source), stored
    if given.kind == "flagged":
        stored = torch.full_like(source, 3.5)
        x = given.plain(source).requires_grad_()
        source.grad, x.grad = stored.clone(), stored.clone()
        return x, stored
    return source * 2, stored


def _function(given: Given, c: Tensor) -> Callable[[Tensor], Tensor]:
    """Return a function whose gradient, 2 c (c t + 1), is another one at every place."""
    return lambda t: (c * t + 1).square().sum()


def _flag(value: Any) -> str:
    return "yes" if isinstance(value, Tensor) and value.requires_grad else "no"
