"""Probes of replay_tutorial."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe

_FRUIT = ("apples", "oranges")
_LOSSES = ("at start", "after 1 update", "after 2 updates", "at end")
_KEYS = (
    *(f"loss {when}" for when in _LOSSES),
    *(f"{what} of {fruit}" for what in ("bias change", "forecast") for fruit in _FRUIT),
)


@probe("drawn")
def replay_drawn(impl: Implementation, given: Given) -> Facts:
    """What comes of another tutorial, whose table and printed predictions are drawn."""
    x, new = given.randn(given.m, given.n_in), given.randn(given.n_in)
    y = given.randn(given.n, 2)
    first, last = _printed(given, x[: given.n]), _printed(given, x)
    return _told(impl.replay_tutorial(x, y, first, last, new, given.lr, given.updates))


@probe("tutorial")
def replay_of_the_defaults(impl: Implementation, given: Given) -> Facts:
    """What comes of the tutorial's own numbers."""
    return _told(impl.replay_tutorial())


def _printed(given: Given, x: Tensor) -> Tensor:
    """Return what a drawn model predicts, rounded as it would be printed."""
    weight, bias = given.leaf(given.n_in, 2).detach(), given.leaf(2).detach()
    return given.plain((x @ weight + bias).mul(10_000).round() / 10_000)


def _told(result: Any) -> Facts:
    """Tell each number by its key; keys that nobody asked for do not count."""
    if not isinstance(result, dict):
        return {"result": result}
    return {key: result.get(key, "missing") for key in _KEYS}
