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
    """Your numbers are right, but you loop over the slopes or the biases: every further one costs
    more calls of torch, thousands for a surface worth plotting. Let broadcasting do it: give slopes
    and biases axes of their own."""
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
