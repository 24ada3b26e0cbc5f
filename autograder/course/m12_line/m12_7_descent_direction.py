"""Mistakes of descent_direction."""

from __future__ import annotations

import torch
from m12_line import descent_direction
from torch import Tensor

from autograder.course.marks import mistake


@mistake("uphill", asks="gd.20 m2.4d")
def uphill(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """You returned the direction of the gradient itself. It points uphill, where the cost rises
    most steeply: of all directions the worst one to step in. Look at what the minus in every update
    rule is for."""
    return -descent_direction(x, y, w, b)


@mistake("towards-the-minimum", asks="m2.4c m2.6b")
def towards_the_minimum(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """You point straight at the best line. Steepest descent knows only the slope of the surface
    where it stands, at a right angle to the contour; in a long valley that is not the way to the
    minimum. Look at the gradient at (w, b)."""
    dx, dy = x - x.mean(), y - y.mean()
    best = (dx * dy).sum() / (dx * dx).sum()
    way = torch.stack([best - w, y.mean() - best * x.mean() - b], dim=-1).flatten()
    return way / way.square().sum().sqrt()


@mistake("not-normalised")
def not_normalised(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """The length of your vector is not 1. A direction says only where to go; how steep it is there
    is another question. Look at what is left to do with the gradient: a vector is divided by the
    root of its summed squares."""
    error = w * x + b - y
    return -2 * torch.stack([(error * x).mean(), error.mean()])


@mistake("absolute-sum")
def absolute_sum(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """You divided by the sum of the absolute parts. The length of a vector is the root of its
    summed squares; with yours the result is shorter than 1 unless it runs along an axis. Look at
    the number you divide by."""
    down = descent_direction(x, y, w, b)
    return down / down.abs().sum()


@mistake("bias-first", asks="m2.4e")
def direction_bias_first(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """The two parts of your direction are exchanged: the part along w comes first, the part along b
    second. Look at the order in which you put the derivatives together, and which of them has the
    factor x."""
    return descent_direction(x, y, w, b).flip(0)


@mistake("column")
def column(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Your direction is a column, [2, 1]. The task asks for a vector, [2]. A part
    of it has kept the shape of a one-element tensor or of a matrix product: look at the shapes that
    you put together."""
    return descent_direction(x, y, w, b)[:, None]


@mistake("default-dtype")
def direction_default_dtype(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Your result is float32 although x is float64: a tensor made from Python numbers has torch's
    default dtype. Look at how you put the two numbers into a tensor."""
    return descent_direction(x, y, w, b).float()


@mistake("largest-part-1")
def largest_part_1(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """You divided by the largest absolute part. The length of a vector is the root of its summed
    squares; with yours the result is longer than 1 unless it runs along an axis. Look at the number
    you divide by."""
    down = descent_direction(x, y, w, b)
    return down / down.abs().max()


@mistake("flat-targets")
def direction_flat_targets(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """Of predictions and targets you have one as a column, [N, 1], and one as a vector, [N]. Their
    difference is an N by N table, in which each prediction meets every target. Leave both as
    columns, or flatten both."""
    error = w * x + b - y.flatten()
    down = -torch.stack([(error * x).mean(), error.mean()])
    return down / down.square().sum().sqrt()


@mistake("signs-alone")
def signs_alone(x: Tensor, y: Tensor, w: float | Tensor, b: float | Tensor) -> Tensor:
    """You keep only the signs of the two parts, so your result points along a diagonal or an axis.
    How steep the cost falls along w and along b decides the direction between them. Divide the
    gradient by its length instead."""
    return descent_direction(x, y, w, b).sign()
