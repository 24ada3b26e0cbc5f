"""Mistakes of fit_line."""

from __future__ import annotations

from typing import Any

import torch
from m06_model import mse
from m12_line import fit_line
from torch import Tensor

from autograder.course.marks import mistake

Pair = tuple[float, float]


@mistake("one-after-the-other", asks="m2.4a")
def one_after_the_other(
    x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)
) -> Tensor:
    """You moved w first and took the derivative for b at the new w. A step of gradient descent
    moves along one gradient, whose two parts belong to one point. Look at where the errors are
    computed that b's part uses."""
    w, b = torch.tensor(start, dtype=x.dtype, device=x.device)
    path = [torch.stack([w, b])]
    for _ in range(epochs):
        w = w - lr * 2 * ((w * x + b - y) * x).mean()
        b = b - lr * 2 * (w * x + b - y).mean()
        path.append(torch.stack([w, b]))
    return torch.stack(path)


@mistake("rows-alias")
def rows_alias(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """All rows of your path show the last point. You noted the same tensor each time, and a step in
    place changes it in every row at once; detach and data share its memory too. Look at what you
    append, and whether it is a copy."""
    path = fit_line(x, y, lr, epochs, start)
    return path[-1:].expand_as(path).clone()


@mistake("path-requires-grad")
def path_requires_grad(
    x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)
) -> Tensor:
    """Your path requires a gradient, as what is computed from a trained tensor does: it cannot be
    turned into a NumPy array to be plotted, and may keep graphs in memory. A record of numbers
    needs no history. Look at what you copy."""
    return fit_line(x, y, lr, epochs, start).requires_grad_()


@mistake("start-missing", asks="m2.5d")
def start_missing(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """Your path begins after the first step: the start is missing, and there are epochs rows
    instead of epochs + 1. Note where you are before the first step. Look at what happens before the
    loop."""
    return fit_line(x, y, lr, epochs, start)[1:]


@mistake("end-missing")
def end_missing(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """You noted the point at the beginning of each epoch, so the place where the last step arrives
    is missing: epochs rows instead of epochs + 1. Look at what happens after the loop."""
    return fit_line(x, y, lr, epochs, start)[:-1]


@mistake("bias-first")
def bias_first(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """The columns of your path are exchanged: each row should hold the slope first and the bias
    second, like start. Look at the order in which you put the two numbers together."""
    return fit_line(x, y, lr, epochs, start).flip(1)


@mistake("never-zeroed")
def line_never_zeroed(
    x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)
) -> Tensor:
    """You never clear the gradients. The first step is right; from the second on, each step uses
    the sum of all gradients so far, since backward() adds to them, and the path swings instead of
    settling. Look at what is left in .grad after a step."""
    params = torch.tensor(start, dtype=x.dtype, device=x.device, requires_grad=True)
    path = [params.detach().clone()]
    for _ in range(epochs):
        mse(params[0] * x + params[1], y).backward()
        with torch.no_grad():
            params -= lr * params.grad
        path.append(params.detach().clone())
    return torch.stack(path)


@mistake("default-dtype")
def default_dtype(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """Your path is float32 although x is float64: a tensor made from Python numbers has torch's
    default dtype, and your digits beyond the seventh are lost. Look at how the tensors are made
    that hold w and b."""
    return fit_line(x, y, lr, epochs, start).float()


@mistake("summed-gradient")
def summed_gradient(
    x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)
) -> Tensor:
    """Your steps use the sum over the rows, not the mean: they are N times as long, and a rate that
    suits 8 rows is far too large for 800. Look at how the rows are put together."""
    return fit_line(x, y, lr * len(x), epochs, start)


@mistake("factor-two-lost")
def factor_two_lost(
    x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)
) -> Tensor:
    """Your steps are half as long as they should be: the derivative of a squared error has a factor
    2, which is missing in yours. Look at the derivative."""
    return fit_line(x, y, lr / 2, epochs, start)


@mistake("uphill")
def uphill(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """You add the gradient where a step subtracts it, so w and b move away from the minimum. Look
    at the sign of your update."""
    return fit_line(x, y, -lr, epochs, start)


@mistake("flat-targets")
def flat_targets(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """Of predictions and targets you have one as a column, [N, 1], and one as a vector, [N]. Their
    difference is an N by N table, in which each prediction meets every target. Leave both as
    columns, or flatten both."""
    path = [torch.tensor(start, dtype=x.dtype, device=x.device)]
    for _ in range(epochs):
        w, b = path[-1]
        e = w * x + b - y.flatten()
        step = torch.stack([(e * x).mean(), e.mean()])
        path.append(path[-1] - lr * 2 * step)
    return torch.stack(path)


@mistake("start-unused")
def start_unused(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """You start at (0, 0), whatever start is. The whole path depends on where it begins. Look at
    how you make w and b."""
    return fit_line(x, y, lr, epochs)


@mistake("bias-never-moved")
def bias_never_moved(
    x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)
) -> Tensor:
    """Your b stays where it starts: only w is moved. The gradient has two parts, and each step uses
    both. Look at what your update changes."""
    path = [torch.tensor(start, dtype=x.dtype, device=x.device)]
    for _ in range(epochs):
        w, b = path[-1]
        e = w * x + b - y
        path.append(torch.stack([w - lr * 2 * (e * x).mean(), b]))
    return torch.stack(path)


@mistake("end-alone")
def end_alone(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """You return the last point only, [2]. The task asks for the whole path: a row for the start
    and one after each step. Look at what you keep on the way."""
    return fit_line(x, y, lr, epochs, start)[-1]


@mistake("list-returned")
def list_returned(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Any:
    """You return a list. The task asks for one tensor, [epochs + 1, 2], with the dtype and device
    of x. Look at what puts the points together at the end."""
    return fit_line(x, y, lr, epochs, start).tolist()


@mistake("row-by-row")
def row_by_row(x: Tensor, y: Tensor, lr: float, epochs: int, start: Pair = (0.0, 0.0)) -> Tensor:
    """You make a step for each row. The task makes one step per epoch, on the mean over all rows.
    Look at what stands inside your inner loop."""
    path = [torch.tensor(start, dtype=x.dtype, device=x.device)]
    for _ in range(epochs):
        w, b = path[-1]
        for one, target in zip(x.flatten(), y.flatten(), strict=True):
            error = w * one + b - target
            w, b = w - lr * 2 * error * one, b - lr * 2 * error
        path.append(torch.stack([w, b]))
    return torch.stack(path)
