"""Mistakes of interpolate and can_memorise."""

from __future__ import annotations

from typing import Any

import torch
from m16_generalisation import can_memorise as memorise
from m16_generalisation import interpolate as fit
from torch import Tensor

from autograder.course.marks import mistake


@mistake("rows-only-counted", replaces="can_memorise", asks="lr.56")
def rows_only_counted(x: Tensor, bias: bool = True) -> bool:
    """Your can_memorise counts rows and columns and looks at no number. Two equal rows cannot have
    two targets, nor can a row halfway between two others have any target: the rows must not depend
    on each other. Look for a function that counts independent rows."""
    return len(x) <= x.shape[1] + bias


@mistake("bias-not-seen", replaces="can_memorise", asks="lr.56")
def bias_not_seen(x: Tensor, bias: bool = True) -> bool:
    """Your can_memorise gives the same answers with and without a bias, as if there were none. The
    bias is one more weight, of a feature that is always 1, and can fit one more row. Look at what
    bias changes in your matrix."""
    return memorise(x, bias=False)


@mistake("bias-always-there", replaces="can_memorise")
def bias_always_there(x: Tensor, bias: bool = True) -> bool:
    """Your can_memorise answers for a model with a bias even where bias=False was given. Without
    the column of ones one row less can be fitted. Look at where the argument is used."""
    return memorise(x)


@mistake("one-more-row-always", replaces="can_memorise")
def one_more_row_always(x: Tensor, bias: bool = True) -> bool:
    """Your can_memorise adds 1 to the rank of x for the bias. That is too much where x has a
    constant feature, or a row that lies between others: the rank has to be asked of the matrix that
    already has the column of ones."""
    return bool(torch.linalg.matrix_rank(x) + int(bias) >= len(x))


@mistake("columns-independent", replaces="can_memorise", asks="lr.56")
def columns_independent(x: Tensor, bias: bool = True) -> bool:
    """Your can_memorise asks whether the columns are independent. That makes the best weights
    unique; whether they can reach every y is a question about the rows. Look at the number with
    which you compare the rank."""
    design = torch.cat([x, torch.ones_like(x[:, :1])], dim=1) if bias else x
    return bool(torch.linalg.matrix_rank(design) == design.shape[1])


@mistake("rows-all-different", replaces="can_memorise", asks="lr.56")
def rows_all_different(x: Tensor, bias: bool = True) -> bool:
    """Your can_memorise refuses only rows that are equal, and too many of them. Rows can depend on
    each other without being equal: one halfway between two others has its prediction halfway, too.
    Look for a function that counts independent rows."""
    return len(torch.unique(x, dim=0)) == len(x) <= x.shape[1] + bias


@mistake("answer-in-a-tensor", replaces="can_memorise")
def answer_in_a_tensor(x: Tensor, bias: bool = True) -> Tensor:
    """Your can_memorise returns a tensor of one truth value, as a comparison with a tensor gives.
    The task asks for a bool. Look at what the rank is, and what comparing it makes."""
    return torch.tensor(memorise(x, bias))


@mistake("some-solution", replaces="interpolate", asks="lr.16")
def some_solution(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your parameters fit every row, but only some features get a weight, as if the others were
    not there. Of all that fit, the task asks for the smallest ones, which use every feature a
    little. Look at how you choose among many solutions."""
    fit(x, y)
    n = min(len(x), x.shape[1])
    w = torch.zeros_like(x[:1]).repeat(y.shape[1], 1)
    w[:, :n], b = fit_some(x[:, :n], y)
    return w, b


@mistake("bias-free-of-charge", replaces="interpolate")
def bias_free_of_charge(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """You made only w as small as possible and took the bias that it then needs, as after centring
    the data. The task asks for the smallest w and b together, since descent from zeros treats them
    alike. Look at where the bias is computed."""
    fit(x, y)
    w = (torch.linalg.pinv(x - x.mean(0)) @ (y - y.mean(0))).T
    return w, y.mean(0) - w @ x.mean(0)


@mistake("bias-left-at-zero", replaces="interpolate")
def bias_left_at_zero(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your bias is always 0. A bias that takes its share lets the weights be smaller, and fits one
    more row. Look at which matrix you invert: has it a column for the bias?"""
    fit(x, y)
    return (torch.linalg.pinv(x) @ y).T, y.new_zeros(y.shape[1])


@mistake("nothing-refused", replaces="interpolate", asks="lr.56")
def nothing_refused(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """No ValueError leaves your interpolate where no parameters fit every row: it returns those
    with the smallest error instead. The caller takes them for exact ones. Look at how well they fit
    before you return them, and raise one if they do not."""
    solution = torch.linalg.pinv(torch.cat([x, torch.ones_like(x[:, :1])], dim=1)) @ y
    return solution[:-1].T, solution[-1]


@mistake("more-rows-refused", replaces="interpolate", asks="lr.56")
def more_rows_refused(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """You compare only numbers of rows and parameters before you raise. Equal rows with different
    targets are then fitted badly, though they are few, and many rows that do fit are refused. Look
    at how well the parameters fit this y."""
    if len(x) > x.shape[1] + 1:
        raise ValueError("more rows than parameters")
    return nothing_refused(x, y)


@mistake("every-y-wanted", replaces="interpolate", asks="lr.56")
def every_y_wanted(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your interpolate refuses rows that cannot be fitted for every y. The task asks about this y:
    a row that comes twice with the same target does no harm. Look at how well the parameters fit
    before you raise."""
    if not memorise(x):
        raise ValueError("the rows depend on each other")
    return fit(x, y)


@mistake("axes-exchanged", replaces="interpolate")
def axes_exchanged(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Your w has one row per feature, [I, O]. The task asks for one row per target, [O, I], as
    nn.Linear stores it. Look at the part that you cut from the solution."""
    w, b = fit(x, y)
    return w.T, b


@mistake("error-returned", replaces="interpolate")
def error_returned(x: Tensor, y: Tensor) -> Any:
    """Your interpolate makes a ValueError and returns it: for Python that is a value like any
    other, and the caller goes on with it. An exception stops the caller only when it is raised."""
    try:
        return fit(x, y)
    except ValueError as error:
        return error


def fit_some(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Fit with as many features as there are rows."""
    return nothing_refused(x, y)
