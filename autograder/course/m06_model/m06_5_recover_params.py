"""Mistakes of recover_params."""

from __future__ import annotations

import torch
from m06_model import recover_params
from torch import Tensor

from autograder.course.marks import mistake

Params = tuple[Tensor, Tensor]


@mistake("no-ones-column", asks="gd.3")
def no_ones_column(x: Tensor, preds: Tensor) -> Params:
    """You fitted weights only and gave 0 as the bias. The weights then do the bias's work as well
    and come out wrong, and their predictions are not those of the rows: on the tutorial's table
    w[0, 0] becomes -0.2980. How can a bias be fitted like a weight?"""
    w = torch.linalg.lstsq(x, preds).solution.T
    return w, torch.zeros_like(w[:, 0])


@mistake("bias-fitted-afterwards")
def bias_fitted_afterwards(x: Tensor, preds: Tensor) -> Params:
    """You fitted the weights without a bias and took the mean of what was left as the bias. By then
    the weights have already done a part of its work and are wrong; on the tutorial's table w[0, 0]
    becomes -0.2980. Weights and bias have to be fitted together."""
    w = torch.linalg.lstsq(x, preds).solution.T
    return w, (preds - x @ w.T).mean(dim=0)


@mistake("weights-as-solved")
def weights_as_solved(x: Tensor, preds: Tensor) -> Params:
    """Your w is [I, O], as the solver gives it. The model stores one row per target, [O, I]. Where
    I equals O the shape looks right, but the predictions are wrong. Look at the shape of the part
    that you return as w."""
    w, b = recover_params(x, preds)
    return w.T, b


@mistake("normal-equations")
def normal_equations(x: Tensor, preds: Tensor) -> Params:
    """You solved the normal equations in the dtype of the data. Multiplying the matrix by its own
    transpose squares its condition number, and float32 has no digits left for the answer. Solve
    the least-squares problem itself, or compute in float64."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    solution = torch.linalg.solve(a.T @ a, a.T @ preds)
    return solution[:-1].T, solution[-1]


@mistake("first-rows-only", asks="gd.1")
def first_rows_only(x: Tensor, preds: Tensor) -> Params:
    """You solved for the first I + 1 rows and left the others unused. Printed predictions are
    rounded, and the rounding errors of so few rows go into your weights in full. Fit all rows
    together, by least squares."""
    return recover_params(x[: x.shape[1] + 1], preds[: x.shape[1] + 1])


@mistake("bias-as-row")
def bias_as_row(x: Tensor, preds: Tensor) -> Params:
    """Your b has two dimensions, [1, O]: you cut the last row out as a piece of the solution. The
    model wants a vector, [O]. Look at how you index that row."""
    w, b = recover_params(x, preds)
    return w, b[None]


@mistake("ones-first")
def ones_first(x: Tensor, preds: Tensor) -> Params:
    """You put the column of ones in front and take the bias from the last row, as if it stood
    behind. The rows of the solution come in the order of your columns: what belongs to the ones is
    the bias."""
    solution = torch.linalg.lstsq(torch.cat([torch.ones_like(x[:, :1]), x], 1), preds).solution
    return solution[:-1].T, solution[-1]


@mistake("float64-returned")
def float64_returned(x: Tensor, preds: Tensor) -> Params:
    """You return float64, whatever the data are. Computing in it is a good idea, but the result
    should have the dtype of x, so that both can be used together."""
    w, b = recover_params(x.double(), preds.double())
    return w, b


@mistake("zeros-of-the-default-dtype")
def zeros_of_the_default_dtype(x: Tensor, preds: Tensor) -> Params:
    """You fitted weights only and return zeros as the bias, in torch's default dtype, not that of
    the data. The weights then do the bias's work as well and come out wrong. How can a bias be
    fitted like a weight?"""
    return torch.linalg.lstsq(x, preds).solution.T, torch.zeros(preds.shape[1], device=x.device)
