"""Mistakes of largest_stable_lr."""

from __future__ import annotations

from typing import Any

import torch
from m13_optimisation import largest_stable_lr, mse_hessian
from torch import Tensor

from autograder.course.marks import mistake


@mistake("one-over-curvature", asks="lr.6")
def one_over_curvature(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """Your limit is half of the right one. Between the two a step lands on the other side of the
    minimum, but nearer to it than before, so training still converges. Look at how far a distance
    may jump before it stops shrinking."""
    return largest_stable_lr(x, n_out, bias) / 2


@mistake("twice-the-limit")
def twice_the_limit(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """Your limit is twice the right one, as if each curvature were half as large. The derivative of
    a square brings a factor 2 into the curvature; see whether your Hessian has it."""
    return 2 * largest_stable_lr(x, n_out, bias)


@mistake("smallest-curvature", asks="lr.19")
def smallest_curvature(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """You ask the flattest direction, the one with the smallest curvature. It converges
    with a far larger learning rate than the others, with which the distance along the steepest one
    grows without limit. All of them have to converge."""
    return float(2 / torch.linalg.eigvalsh(mse_hessian(x, n_out, bias)).min())


@mistake("trace", asks="gd.22")
def trace(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """You divide by the trace, the sum of all curvatures. Such a rate is always safe, but smaller
    than it has to be, and training slower. The directions converge side by side: each has to keep
    the limit for itself alone."""
    return float(2 / mse_hessian(x, n_out, bias).trace())


@mistake("no-ones-column", asks="gd.29")
def no_ones_column(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """You leave out the bias. It is a parameter as well and makes the steepest direction steeper,
    so your limit is too large, and near it the loss of a model with a bias grows. Look at which
    Hessian you ask."""
    return largest_stable_lr(x, n_out, bias=False)


@mistake("bias-always")
def bias_always(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """You count the bias even where the model has none. Without it the steepest direction is less
    steep, and a larger learning rate is stable. Look at what the argument bias changes in your
    code."""
    return largest_stable_lr(x, n_out)


@mistake("outputs-forgotten")
def outputs_forgotten(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """Your limit does not depend on the number of targets. The loss is the mean over all elements,
    so with more targets each gets a smaller share of it, a flatter bowl, and converges with a
    larger learning rate."""
    return largest_stable_lr(x, 1, bias)


@mistake("largest-diagonal")
def largest_diagonal(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """You ask the diagonal of the Hessian, the curvatures along the axes. The steepest direction
    slants between the axes and is steeper than each of them, so your limit is too large. Look for
    the eigenvalues."""
    return float(2 / mse_hessian(x, n_out, bias).diag().max())


@mistake("singular-value")
def singular_value(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """You take the greatest singular value of the table for that of the Hessian, which has the
    table in it twice: its eigenvalues are squares. Look at how the two hang together."""
    table = torch.cat([x, torch.ones_like(x[:, :1])], dim=1) if bias else x
    return len(x) * n_out / float(torch.linalg.matrix_norm(table, 2))


@mistake("curvature-returned")
def curvature_returned(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """You return the greatest curvature. The steeper the bowl, the smaller the learning rate has to
    be: the limit is what this curvature allows. Look at the last operation."""
    return 2 / largest_stable_lr(x, n_out, bias)


@mistake("centred")
def centred(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """You take the mean of each column away first. The loss does not do that: features far from 0
    make it steep, so that only a small learning rate converges. Ask the features as they are."""
    return largest_stable_lr(x - x.mean(dim=0), n_out, bias)


@mistake("tensor-returned")
def tensor_returned(x: Tensor, n_out: int = 1, bias: bool = True) -> Any:
    """You return a tensor. The number is right, but the task asks for a float, which can be printed
    and handed to an optimizer like any other. Look at the last operation."""
    return 2 / torch.linalg.eigvalsh(mse_hessian(x, n_out, bias)).max()
