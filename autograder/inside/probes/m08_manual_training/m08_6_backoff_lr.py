"""Probes of backoff_lr."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch.nn.functional import linear, mse_loss

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m08_manual_training.shared import training

MAX_CALLS = 200  # of a function that an endless search would call forever


class TooManyCalls(Exception):
    """A function was called so often that the search for its answer seems endless."""


@probe("listed losses")
def backoff_lr_listed(impl: Implementation, given: Given) -> Facts:
    """The learning rate found where the losses after start, start/2, start/4, ... are given."""
    losses = [math.inf] * given.spec.get("too_long", 0) + [float(loss) for loss in given.losses]

    def loss_after(lr: float) -> float:
        # The nearest whole number: a rate in float32 lies a little beside its halving.
        halvings = max(round(math.log2(given.start / lr)), 0) if 0 < lr < math.inf else 0
        return losses[min(halvings, len(losses) - 1)]

    return {"learning rate": impl.backoff_lr(_capped(loss_after), given.start, given.base_loss)}


@probe("step")
def backoff_lr_step(impl: Implementation, given: Given) -> Facts:
    """The learning rate found for the first step of a linear model."""
    x, y, w, b = training(given)
    base = mse_loss(linear(x, w, b), y)
    base.backward()

    def loss_after(lr: float) -> float:
        with torch.no_grad():
            return mse_loss(linear(x, w - lr * w.grad, b - lr * b.grad), y).item()

    return {"learning rate": impl.backoff_lr(_capped(loss_after), given.start, base.item())}


def _capped(function: Callable[[float], float]) -> Callable[[float], float]:
    """Let a function raise TooManyCalls instead of being called forever.

    It says which way the rates went, which tells one endless search from another.
    """
    rates: list[float] = []

    def call(lr: float) -> float:
        rates.append(lr)
        if len(rates) > MAX_CALLS:
            raise TooManyCalls(f"{MAX_CALLS} calls of loss_after, and no end: {_course(rates)}")
        return function(lr)

    return call


def _course(rates: Sequence[float]) -> str:
    """Say which way the rates went from call to call."""
    steps = list(pairwise(rates))
    if all(later == rate for rate, later in steps):
        return "the rate stays the same"
    if all(later >= rate for rate, later in steps):
        return "the rate grows"
    return "the rate shrinks" if all(a >= b for a, b in steps) else "the rate goes up and down"
