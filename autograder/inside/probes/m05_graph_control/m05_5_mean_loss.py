"""Probes of mean_loss."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.observation import Logged
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import refusal_of, stored_gradient


@probe("value")
def mean_loss_value(impl: Implementation, given: Given) -> Facts:
    """The mean of losses in a list, a tuple or a generator, and what becomes of them."""
    w = given.leaf()
    numbers = given.randn(given.n)
    losses = [_shaped((w * number).square(), given, k) for k, number in enumerate(numbers)]
    if "nan" in given.spec:
        losses[1] = losses[1] * torch.nan
    result = impl.mean_loss(_handed_over(losses, given))
    return {
        "mean": _number(result),
        "mean's type": "a float" if isinstance(result, float) else describe(result),
        "losses afterwards": [loss.detach() for loss in losses],
        "grad of the weight behind the losses": stored_gradient(w),
    }


@probe("while drawn")
def mean_loss_while_drawn(impl: Implementation, given: Given) -> Facts:
    """What is alive, and whether recording is on, whenever the next loss is drawn.

    Older graphs make the later losses larger, and so does recording that is off.
    """
    drawn = _Drawn(given)
    with _no_collection():
        mean = _number(impl.mean_loss(iter(drawn)))
    return {
        "older losses still held when the next is drawn": drawn.held,
        "older graphs still alive when the next loss is drawn": drawn.alive,
        "recording while losses are drawn": "on" if drawn.recorded else "off",
        "mean of losses that older graphs make larger": mean,
    }


@probe("refusal")
def mean_loss_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens where there is no loss."""
    losses = _handed_over([], given)
    results: list[Any] = []

    def call() -> Any:
        results.append(impl.mean_loss(losses))
        return results[0]

    return {
        "answer to no losses": refusal_of(call, ValueError),
        "value in place of an exception": _number(results[0]) if results else "none",
    }


class _Sentinel:
    """Lives as long as the graph that holds it."""


class _Carries(torch.autograd.Function):
    """Passes a number on; its place in the graph holds a sentinel."""

    @staticmethod
    def forward(ctx: Any, number: Tensor, sentinel: _Sentinel) -> Tensor:
        ctx.sentinel = sentinel
        return number.clone()

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        return *grads, None


class _Drawn:
    """Losses that are computed as they are drawn; notes the most that was alive meanwhile."""

    def __init__(self, given: Given) -> None:
        self.held = self.alive = 0
        self.recorded = True
        self._given = given
        self._w = given.leaf()
        self._numbers = given.randn(given.n).tolist()
        self._losses: list[weakref.ref[Tensor]] = []
        self._graphs: list[weakref.ref[_Sentinel]] = []

    def __iter__(self) -> Iterator[Tensor]:
        for k in range(len(self._numbers)):
            yield self._loss(k)  # and keeps no name for it
        self._look()

    def _loss(self, k: int) -> Tensor:
        older = self._look()
        sentinel = _Sentinel()
        number = (self._w * self._numbers[k]).square() + 10 * older + 5 * (not self.recorded)
        loss: Tensor = _Carries.apply(_shaped(number, self._given, k), sentinel)
        self._losses.append(weakref.ref(loss))
        self._graphs.append(weakref.ref(sentinel))
        return loss

    def _look(self) -> int:
        """Note what is alive; return how many graphs are, beside the latest one."""
        older = _living(self._graphs[:-1])
        self.held = max(self.held, _living(self._losses[:-1]))
        self.alive = max(self.alive, older)
        self.recorded = self.recorded and torch.is_grad_enabled()
        return older


def _living(things: Iterable[weakref.ref[Any]]) -> int:
    return sum(thing() is not None for thing in things)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Let nothing be collected by chance between two looks: what is dropped dies at once."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _shaped(loss: Tensor, given: Given, k: int) -> Tensor:
    """Return a loss in the given's shape: [], [1, 1], or one after the other."""
    square = given.shapes == "square" or (given.shapes == "mixed" and k % 2 == 1)
    return loss.reshape(1, 1) if square else loss


def _handed_over(losses: list[Tensor], given: Given) -> Iterable[Tensor]:
    if given.losses == "generator":
        return (loss for loss in losses)
    return tuple(losses) if given.losses == "tuple" else losses


def _number(mean: Any) -> Any:
    """Return a mean as a number, also that in a tensor; how exactly it was summed is free."""
    one = isinstance(mean, Tensor) and mean.numel() == 1 and mean.is_floating_point()
    value = mean.item() if one else mean
    return Logged(value) if isinstance(value, int | float) else value
