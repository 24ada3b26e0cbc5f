"""Probes of recover_params."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import linear

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe

WHOLE = 0.03  # how far from a whole number a weight may be that was one


@probe("parameters")
def recover_params_parameters(impl: Implementation, given: Given) -> Facts:
    """The parameters behind printed predictions: the tutorial's, or those of a random model."""
    if "rows" in given.spec:
        x, preds = given.regression()[0], given.tensor(given.preds)
    else:
        x = _spread_rows(given)
        made = linear(x, given.randn(given.n_out, given.n_in), given.randn(given.n_out))
        preds = given.tensor(made.cpu().round(decimals=4))  # as if printed
        if "rough" in given.spec:  # every row twice, with predictions that no parameters fit
            x = given.tensor(x.repeat(2, 1).cpu())
            preds = given.tensor(torch.cat([preds, preds + given.randn(*preds.shape)]).cpu())
    return _found(given, *impl.recover_params(x, preds))


@probe("accuracy")
def recover_params_accuracy(impl: Implementation, given: Given) -> Facts:
    """Parameters that were whole numbers, from features whose spread is small beside their size."""
    signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * given.n_in)
    x = given.tensor(signs + given.offset)
    w = given.integers(1, 6, given.n_out, given.n_in).to(given.dtype)
    b = given.integers(1, 6, given.n_out).to(given.dtype)
    preds = given.tensor(linear(x, w, b).cpu())  # whole numbers too, so exact
    found = impl.recover_params(x, preds)
    if not all(map(_is_whole, found)):
        return {"whole numbers in w and b": f"not found to within {WHOLE}"}
    w, b = (tensor.round() for tensor in found)
    return {"whole numbers in w and b": "found", **_found(given, w, b)}


def _spread_rows(given: Given) -> Tensor:
    """Features of mean 1 and variance 1, uncorrelated: well-conditioned, for n above n_in."""
    rows, columns = torch.arange(given.n) + 0.5, torch.arange(given.n_in) + 1
    return given.tensor(1 + 2**0.5 * torch.cos(torch.outer(rows, columns * math.pi / given.n)))


def _found(given: Given, w: Tensor, b: Tensor) -> Facts:
    """Return w and b in the dtype of the given; their own one is another fact."""
    dtypes = {str(tensor.dtype).removeprefix("torch.") for tensor in (w, b)}
    return {
        "w": w.to(given.dtype),
        "b": b.to(given.dtype),
        "dtype of w and b": " and ".join(sorted(dtypes)),
    }


def _is_whole(tensor: Tensor) -> bool:
    """Say whether all numbers are close to whole ones.

    Features of 60 plus or minus 1 have condition number 7,200, so a stable method in float32 is off
    by at most about 0.005; one that squares the condition number by 0.04 and more. At 300 it is
    180,000: any method in float64 is right to 0.0001, but one that computes in float32, or takes
    small singular values for 0, is far off.
    """
    return bool(((tensor - tensor.round()).abs() < WHOLE).all())
