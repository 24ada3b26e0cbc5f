"""Mistakes of least_squares."""

from __future__ import annotations

import numpy as np
import torch
from m13_optimisation import least_squares
from torch import Tensor

from autograder.course.marks import mistake


@mistake("inverse", asks="lr.5")
def inverse(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """You invert the product of the table with itself. It has no inverse where columns depend on
    each other, and forming it squares the condition number: in float32 the digits are lost. Work on
    the table itself."""
    table = _table(x)
    return _parts(torch.linalg.inv(table.T @ table) @ table.T @ y)


@mistake("normal-equations")
def normal_equations(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """In float32 your parameters are far off. A product of the table with itself has the square of
    its condition number, and few digits are left, whatever is done with it next. Work on the table
    itself."""
    table = _table(x)
    return _parts(torch.linalg.pinv(table.T @ table) @ table.T @ y)


@mistake("no-bias", asks="m2.2e")
def no_bias(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """You fit the weights without a bias and return zeros for it. The lowest loss under the
    condition that the line goes through the origin is not the lowest of all. Let the bias take part
    in the fit."""
    return (torch.linalg.pinv(x) @ y).T, torch.zeros_like(y[0])


@mistake("bias-not-in-the-norm")
def bias_not_in_the_norm(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """You centre the data, fit the weights and take the bias afterwards. That fits as well, but
    where many pairs do, only the weights come out small. The task wants the squares of w and b
    together to be the smallest."""
    centre, level = x.mean(dim=0), y.mean(dim=0)
    w = (torch.linalg.pinv(x - centre) @ (y - level)).T
    return w, level - w @ centre


@mistake("transposed")
def transposed(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your w is [I, O], one row per feature. The task wants [O, I], one row per target, as in
    nn.Linear. Look at how the solution of the table lies."""
    w, b = least_squares(x, y)
    return w.T, b


@mistake("bias-as-a-row")
def bias_as_a_row(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your b has two dimensions. The numbers are right, but a bias has one number per target, [O].
    Look at how you cut it out of the solution."""
    w, b = least_squares(x, y)
    return w, b[None]


@mistake("bias-first")
def bias_first(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """You cut the solution at the wrong end: the bias stands where the column of ones stands in the
    table, and your b is the weight of a feature. Compare the two places."""
    solution = torch.linalg.pinv(_table(x)) @ y
    return solution[1:].T, solution[0]


@mistake("swapped")
def swapped(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """You return the bias before the weights. The task has w first, then b. Look at the order in
    your last line."""
    w, b = least_squares(x, y)
    return b, w


@mistake("driver-gels")
def driver_gels(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """You use the driver gels, or a QR factorisation of the table. Where there is one lowest point
    that is right. Where columns depend on each other both divide by what rounding has left, and
    give enormous weights without a warning, or an error."""
    q, r = torch.linalg.qr(_table(x))
    if q.shape[0] < r.shape[1]:
        return least_squares(x, y)
    return _parts(torch.linalg.solve_triangular(r, q.T @ y, upper=True))


@mistake("through-numpy", asks="lr.60")
def through_numpy(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """You bring the data to the CPU, let NumPy solve it, and leave the result there. On another
    device the caller cannot use it. torch.linalg works where the data lie, which is a reason to do
    regression in PyTorch."""
    table = _table(x).cpu().numpy()
    return _parts(torch.from_numpy(np.linalg.pinv(table)) @ y.cpu())


@mistake("each-feature-alone")
def each_feature_alone(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """You fit every feature by itself. Features that vary together then count twice, so the weights
    do not fit as a whole. All parameters have to be found together."""
    centred, level = x - x.mean(dim=0), y.mean(dim=0)
    w = (y - level).T @ centred / centred.square().sum(dim=0).clamp(min=1e-12)
    return w, level - w @ x.mean(dim=0)


def _table(x: Tensor) -> Tensor:
    return torch.cat([x, torch.ones_like(x[:, :1])], dim=1)


def _parts(solution: Tensor) -> tuple[Tensor, Tensor]:
    return solution[:-1].T, solution[-1]
