"""Mistakes of fit_line."""

from __future__ import annotations

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
    """Your numbers are right, but the path requires a gradient, as what is computed from a trained
    tensor does: it cannot be turned into a NumPy array to be plotted, and may keep graphs in
    memory. A record of numbers needs no history. Look at what you copy."""
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
