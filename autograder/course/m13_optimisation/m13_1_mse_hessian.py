"""Mistakes of mse_hessian."""

from __future__ import annotations

from typing import Any

import torch
from m13_optimisation import mse_hessian
from torch import Tensor

from autograder.course.marks import mistake


@mistake("half")
def half(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """Your numbers are half of what they should be. A square has the factor 2 in its derivative,
    and the second derivative keeps it. Look at the factor before the product."""
    return mse_hessian(x, n_out, bias) / 2


@mistake("divided-by-rows")
def divided_by_rows(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """You divide by the number of rows alone. With several targets the loss is the mean over all
    elements, rows times targets, so each output gets only its share of the curvature. Look at what
    you divide by."""
    return mse_hessian(x, 1, bias)


@mistake("multiplied-by-outputs")
def multiplied_by_outputs(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """You multiply by the number of targets instead of dividing by it. The mean over more elements
    makes the share of each output smaller, not greater. Look at where n_out stands."""
    return mse_hessian(x, 1, bias) * n_out


@mistake("not-averaged")
def not_averaged(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """You add up over the rows and do not divide: this is the Hessian of the sum of squared errors,
    and it grows with the data. The loss is the mean over all elements. Look at the factor before
    the product."""
    return mse_hessian(x, n_out, bias) * (len(x) * n_out)


@mistake("no-ones-column")
def no_ones_column(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """The bias is missing from your Hessian: it has no row and no column of its own. The bias is a
    parameter like the weights, the weight of a feature that is 1 in every row. Look at what you
    multiply."""
    return mse_hessian(x, n_out, bias=False)


@mistake("bias-always")
def bias_always(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """Your Hessian has a row and a column for the bias even where the model has none. Look at what
    the argument bias changes in your code."""
    return mse_hessian(x, n_out)


@mistake("bias-first")
def bias_first(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """Your bias comes first. The numbers are right, but the task has the weights first and the bias
    last, so each number stands at the place of another pair. Look at where the column of ones
    goes."""
    return mse_hessian(x, n_out, bias).roll((int(bias), int(bias)), (0, 1))


@mistake("rows-by-rows")
def rows_by_rows(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """Your result has one row and one column for each row of the data, [N, N]. A Hessian has one
    for each parameter: the product must add up over the rows. Look at which factor is
    transposed."""
    table = torch.cat([x, torch.ones_like(x[:, :1])], dim=1) if bias else x
    return 2 / (len(x) * n_out) * table @ table.T


@mistake("all-outputs")
def all_outputs(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """You return the Hessian of all outputs together. Its blocks are equal, and between different
    outputs there are only zeros, for no error depends on two of them. The task wants one block."""
    eye = torch.eye(n_out, dtype=x.dtype, device=x.device)
    return torch.kron(eye, mse_hessian(x, n_out, bias))


@mistake("diagonal-alone", asks="lr.27")
def diagonal_alone(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """Your numbers off the diagonal are zero. They are mixed second derivatives, and without them
    the curvature in a slanting direction is unknown: convex means that no direction bends
    downwards. Two parameters meet wherever their features do."""
    return mse_hessian(x, n_out, bias).diag().diag()


@mistake("one-number-per-parameter", asks="lr.27")
def one_number_per_parameter(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """You return one number for each parameter. These are the curvatures along the axes only; how
    the loss curves between them, where two parameters change together, needs a number for each
    pair. A matrix [P, P] is wanted."""
    return mse_hessian(x, n_out, bias).diag()


@mistake("centred")
def centred(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """You take the mean of each column away first, as for a covariance. The loss does not do that:
    its curvature is large along features that are far from 0, however little they vary. Multiply
    the features as they are."""
    return mse_hessian(x - x.mean(dim=0), n_out, bias)


@mistake("one-row-less")
def one_row_less(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """You divide by one row less than there are, as an unbiased variance does. The loss is a plain
    mean over all elements, and so is its Hessian. Look at what you divide by."""
    return mse_hessian(x, n_out, bias) * len(x) / max(len(x) - 1, 1)


@mistake("array-returned")
def array_returned(x: Tensor, n_out: int = 1, bias: bool = True) -> Any:
    """You return an array or a list, not a tensor. It has left its device, and torch's functions
    for matrices do not take it. Stay with tensors from the start to the end."""
    return mse_hessian(x, n_out, bias).tolist()
