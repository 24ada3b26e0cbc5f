"""Probes of least_squares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe

WHOLE = 0.03  # how far from a whole number a weight may be that was one
HUGE = 1e6  # beyond what any data here asks for


@probe("one minimum")
def least_squares_one(impl: Implementation, given: Given) -> Facts:
    """The parameters where there is one best pair, far from fitting every row."""
    x, y = given.regression()
    w, b = impl.least_squares(x, y)
    return {"w": w, "b": b}


@probe("many minima")
def least_squares_many(impl: Implementation, given: Given) -> Facts:
    """The parameters where many fit equally well: by too few rows, twins, or a constant column."""
    x, y = given.regression()
    parts = {"twins": [x, x], "constant": [x, torch.full_like(x[:, :1], 2.0)], "rows": [x]}
    x = given.tensor(torch.cat(parts[given.by], dim=1).cpu())
    found = _solved(lambda: impl.least_squares(x, y))
    if isinstance(found, str):
        return {"answer where many parameters fit": found}
    w, b = found
    facts: Facts = {"answer where many parameters fit": "parameters"}
    if w.shape == (y.shape[1], x.shape[1]) and b.shape == y.shape[1:]:
        facts["mean squared error"] = (linear(x, w, b) - y).square().mean()
        facts["sum of the squares of w and b"] = w.square().sum() + b.square().sum()
    return facts | {"w": w, "b": b}


@probe("accuracy")
def least_squares_accuracy(impl: Implementation, given: Given) -> Facts:
    """Parameters that were whole numbers, from float32 features that vary little."""
    signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * given.n_in)
    x = given.tensor(signs + 60)
    w = given.integers(1, 6, given.n_out, given.n_in).to(given.dtype)
    b = given.integers(1, 6, given.n_out).to(given.dtype)
    y = given.tensor(linear(x, w, b).cpu())  # whole numbers, too, so exact
    found, double = impl.least_squares(x, y), impl.least_squares(x.double(), y.double())
    facts: Facts = {
        "whole numbers in w and b": _whole(found),
        "whole numbers in w and b, from float64": _whole(double),
    }
    if set(facts.values()) == {"found"}:
        facts |= {"w": found[0].round(), "b": found[1].round()}
    return facts


def _whole(found: tuple[Tensor, Tensor]) -> str:
    """Say whether all numbers are close to whole ones."""
    far = max(float((tensor - tensor.round()).abs().max()) for tensor in found)
    return "found" if far < WHOLE else f"not found to within {WHOLE}"


def _solved(call: Callable[[], Any]) -> Any:
    """Return the parameters of a call, or in words that there are none to be looked at."""
    try:
        found = call()
    except torch.linalg.LinAlgError:  # type: ignore[attr-defined]
        return "LinAlgError, for a matrix that is singular"
    if all(isinstance(part, Tensor) for part in found):
        largest = max(float(part.abs().max()) for part in found)
        return found if largest < HUGE else f"numbers above {HUGE:g}, inf or nan"
    return found
