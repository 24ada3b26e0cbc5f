"""Probes of least_squares."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import linear

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.trace import CAUGHT

WHOLE = 0.03  # how far from a whole number a weight may be that was one
SLOPE = 1e-6  # of sums of products of numbers around 1, of which rounding leaves 1e-14
# Which of these it is hangs on the processor, for rounding decides it, so that it is not told.
NONE = "an error for a singular matrix, or parameters at which the loss is not the lowest"


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
    answer = "answer where many parameters fit"
    try:
        w, b = impl.least_squares(x, y)
    except torch.linalg.LinAlgError as error:  # type: ignore[attr-defined]
        CAUGHT.set(CAUGHT.get() or error)
        return {answer: NONE}
    facts: Facts = {answer: "parameters"}
    if w.shape == (y.shape[1], x.shape[1]) and b.shape == y.shape[1:]:
        if not _is_lowest(x, y, w, b):
            return {answer: NONE}
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


def _is_lowest(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> bool:
    """Say whether the loss has no slope at these parameters, but for rounding."""
    error = linear(x, w, b) - y
    slopes = torch.cat([x.T @ error, error.sum(dim=0, keepdim=True)])
    return bool(slopes.abs().max() < SLOPE)
