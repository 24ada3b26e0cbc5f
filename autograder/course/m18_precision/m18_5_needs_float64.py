"""Mistakes of needs_float64."""

from __future__ import annotations

from typing import Any

import torch
from m18_precision import needs_float64
from torch import Tensor

from autograder.course.marks import mistake

EPS = torch.finfo(torch.float32).eps


@mistake("squared-condition", asks="lr.41")
def squared_condition(x: Tensor, rel_tol: float) -> bool:
    """You take the condition number of x.T @ x, which is the square of that of x, or the ratio of
    its eigenvalues. Multiplying x by itself makes the problem worse than it is. Take the singular
    values of x itself."""
    s = torch.linalg.svdvals(x.double())
    return bool((s[0] / s[-1]) ** 2 * EPS > rel_tol)


@mistake("eps-of-float64", asks="tb.3 lr.41")
def eps_of_float64(x: Tensor, rel_tol: float) -> bool:
    """You find float32 good enough wherever the rank is full. Perhaps you take the eps of float64,
    in which you compute the condition number, or your condition number is upside down. The question
    is what float32 would lose, and its eps is half a billion times larger."""
    return bool(torch.linalg.cond(x.double()) * torch.finfo(torch.float64).eps > rel_tol)


@mistake("always-true", asks="tb.3")
def always_true(x: Tensor, rel_tol: float) -> bool:
    """You find float32 too coarse for every table. Perhaps you compare the condition number itself
    with rel_tol. It says by how much errors can grow; how large they are in the first place is a
    matter of the dtype: its eps."""
    return bool(torch.linalg.cond(x.double()) > rel_tol)


@mistake("largest-over-smallest-entry", asks="lr.41")
def largest_over_smallest_entry(x: Tensor, rel_tol: float) -> bool:
    """You divide the largest entry of x by the smallest. Entries say little about how narrow the
    data are: two columns that are almost equal have ordinary entries. It is the singular values
    that are wanted."""
    size = x.double().abs()
    return bool(size.max() / size.min() * EPS > rel_tol)


@mistake("column-norms", asks="lr.41")
def column_norms(x: Tensor, rel_tol: float) -> bool:
    """You compare the norms of the columns. They tell of units, but two columns of one length may
    still be almost the same, and then the fit is badly conditioned. It is the singular values that
    are wanted."""
    norms = x.double().norm(dim=0)
    return bool(norms.max() / norms.min() * EPS > rel_tol)


@mistake("turned-round")
def turned_round(x: Tensor, rel_tol: float) -> bool:
    """Your True means that float32 is good enough. The name asks the opposite: whether float64 is
    needed, which is so where the possible error is above rel_tol. Look at the comparison sign."""
    return not needs_float64(x, rel_tol)


@mistake("tensor-returned")
def tensor_returned(x: Tensor, rel_tol: float) -> Any:
    """You return a tensor. The answer is meant for an `if` and for a log, so the task asks for a
    bool of Python: convert it."""
    return torch.tensor(needs_float64(x, rel_tol))


@mistake("singular-passes", asks="lr.41")
def singular_passes(x: Tensor, rel_tol: float) -> bool:
    """You answer False where a singular value is 0. The condition number is infinite there, and no
    number of digits is enough in float32. Perhaps you leave singular values out that are nearly 0,
    or a division by 0 gives nan or is caught."""
    return needs_float64(x, rel_tol) and bool(torch.linalg.matrix_rank(x.double()) == x.shape[1])
