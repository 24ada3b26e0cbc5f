"""Mistakes of cost_surface."""

from __future__ import annotations

import torch
from m06_model import mse
from m12_line import cost_surface
from torch import Tensor

from autograder.course.marks import mistake


@mistake("slopes-along-columns", asks="m2.4b")
def slopes_along_columns(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """Your surface is transposed, [M, K]. Row k should belong to slope ws[k] and column m to bias
    bs[m]. Where both have the same length nothing looks wrong, and the plot's axes are exchanged.
    Look at which of the two comes first."""
    return cost_surface(x, y, ws, bs).T


@mistake("loops")
def loops(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """You loop over the slopes or the biases: every further one costs more calls of torch,
    thousands for a surface worth plotting. Let broadcasting do it: give slopes and biases axes of
    their own."""
    return torch.stack([torch.stack([mse(w * x + b, y) for b in bs]) for w in ws])


@mistake("sum-for-mean")
def sum_for_mean(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """You summed the squared errors over the points and did not divide. Your surface is N times too
    high; the minimum stays where it is, but with twice the data all costs would double. Look at the
    last operation."""
    return cost_surface(x, y, ws, bs) * len(x)


@mistake("every-target")
def every_target(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """You compared every prediction with every target. Predictions whose last axis counts the
    points, minus y as a column [N, 1], broadcast to N by N differences, and the mean hides it. Look
    at the shapes that meet in the subtraction."""
    pred = ws[:, None, None] * x.flatten() + bs[:, None]
    return (pred[:, :, None] - y).square().mean(dim=(2, 3))


@mistake("flat-grid", asks="m2.5d")
def flat_grid(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """Your costs stand in one long row, [K * M]. The numbers are right, but a surface has an axis
    for the slopes and one for the biases. Look at the shape of what you return."""
    return cost_surface(x, y, ws, bs).flatten()


@mistake("bias-subtracted")
def bias_subtracted(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """Your errors have the bias with the wrong sign, as in y - w x + b. What is subtracted is the
    whole prediction, w x + b. Look for missing brackets."""
    return cost_surface(x, y, ws, -bs)


@mistake("halved")
def halved(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """You halved the mean. That is another convention, 1/2m; this task asks for the plain mean. The
    minimum stays where it is, but all costs are half as high. Look at the factor before the sum."""
    return cost_surface(x, y, ws, bs) / 2


@mistake("absolute-errors")
def absolute_errors(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """You took the mean of the absolute errors. The task asks for the mean of their squares, whose
    surface is a smooth bowl. Look at what you do with the differences before the mean."""
    return (ws[:, None, None] * x.flatten() + bs[:, None] - y.flatten()).abs().mean(dim=2)


@mistake("mean-before-square")
def mean_before_square(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """You took the mean of the errors and squared it. Errors of opposite signs then cancel, and a
    bad line can have the cost 0. Square each error first."""
    errors = ws[:, None, None] * x.flatten() + bs[:, None] - y.flatten()
    return errors.mean(dim=2).square()


@mistake("one-number")
def one_number(x: Tensor, y: Tensor, ws: Tensor, bs: Tensor) -> Tensor:
    """You return a single number: the mean went over slopes and biases, too. Each pair of a slope
    and a bias has a cost of its own. Average over the axis of the points only."""
    return cost_surface(x, y, ws, bs).mean()
