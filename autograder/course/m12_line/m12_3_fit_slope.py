"""Mistakes of fit_slope."""

from __future__ import annotations

from typing import Any

import torch
from m06_model import mse
from m12_line import fit_slope
from torch import Tensor

from autograder.course.marks import mistake


@mistake("never-zeroed", asks="m2.3c")
def never_zeroed(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """You never clear the gradient. backward() adds to what w.grad holds, so each step uses the sum
    of all derivatives so far: w overshoots the minimum and swings instead of settling. Look at what
    is left in w.grad after a step."""
    w = torch.tensor(w0, dtype=x.dtype, device=x.device, requires_grad=True)
    losses = []
    for _ in range(epochs):
        loss = mse(w * x, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        losses.append(loss.item())
    return w.item(), losses


@mistake("centred")
def centred(x: Tensor, y: Tensor, w0: float, lr: float, epochs: int) -> tuple[float, list[float]]:
    """You fitted deviations from the means, so your slope moves towards covariance over variance.
    That is the best slope beside a free bias; this line has none and must pass through 0, and where
    the mean of x is not 0 its best slope is another one. Use x and y as they are."""
    return fit_slope(x - x.mean(), y - y.mean(), w0, lr, epochs)


@mistake("losses-after-the-step")
def losses_after_the_step(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """You noted each loss after the step of its epoch: your list is right but shifted by one, and
    the loss of the start, from which the curve should fall, is missing. Look at when the loss is
    taken."""
    w, losses = fit_slope(x, y, w0, lr, epochs)
    return w, [*losses[1:], mse(w * x, y).item()] if losses else []


@mistake("one-loss-too-many")
def one_loss_too_many(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """You added the loss after the last step, so your list has epochs + 1 entries. That is the
    right habit elsewhere; here each epoch gives one loss, taken before its step. Look at what is
    appended outside the loop."""
    w, losses = fit_slope(x, y, w0, lr, epochs)
    return w, [*losses, mse(w * x, y).item()]


@mistake("losses-as-tensors")
def losses_as_tensors(x: Tensor, y: Tensor, w0: float, lr: float, epochs: int) -> tuple[float, Any]:
    """You collected tensors instead of floats. Unless it was detached, each loss still holds its
    graph, so memory grows with every epoch, and a plot may refuse it. Take the number out before
    you append it."""
    w, losses = fit_slope(x, y, w0, lr, epochs)
    return w, list(torch.tensor(losses, dtype=x.dtype, device=x.device))


@mistake("factor-two-lost", asks="m2.3a")
def factor_two_lost(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """Your steps are half as long as they should be: the derivative of a squared error has a factor
    2, which is missing in yours. The minimum stays where it is, but the path to it is another one.
    Look at the derivative."""
    return fit_slope(x, y, w0, lr / 2, epochs)


@mistake("float32-slope")
def float32_slope(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """Your w is a float32 tensor although x is float64: every step rounds it to about seven digits,
    and nothing warns you, because a single number does not change the dtype of a product. Look at
    how you make w."""
    w = torch.tensor(w0, device=x.device, requires_grad=True)
    losses = []
    for _ in range(epochs):
        loss = mse(w * x, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            w.grad.zero_()
        losses.append(loss.item())
    return w.item(), losses


@mistake("uphill")
def uphill(x: Tensor, y: Tensor, w0: float, lr: float, epochs: int) -> tuple[float, list[float]]:
    """You add the gradient where a step subtracts it: w moves away from the minimum, and the losses
    grow. Look at the sign of your update."""
    losses = []
    w = w0
    for _ in range(epochs):
        w, loss = fit_slope(x, y, w, -lr, 1)
        losses += loss
    return w, losses


@mistake("summed-gradient")
def summed_gradient(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """Your steps use the sum over the rows, not the mean: they are N times as long, and a rate that
    suits 8 rows is far too large for 800. Look at how the rows are put together."""
    w, losses = w0, []
    for _ in range(epochs):
        losses.append(mse(w * x, y).item())
        w -= lr * 2 * ((w * x - y) * x).sum().item()
    return w, losses


@mistake("sum-loss")
def sum_loss(x: Tensor, y: Tensor, w0: float, lr: float, epochs: int) -> tuple[float, list[float]]:
    """Your loss is the sum of the squared errors. Losses and steps are then N times too large, and
    a rate that suits 8 rows is far too large for 800. The task asks for the mean."""
    w, losses = w0, []
    for _ in range(epochs):
        losses.append(mse(w * x, y).item() * len(x))
        w -= lr * 2 * ((w * x - y) * x).sum().item()
    return w, losses


@mistake("half-loss")
def half_loss(x: Tensor, y: Tensor, w0: float, lr: float, epochs: int) -> tuple[float, list[float]]:
    """You halved the loss and its gradient. That is another convention, 1/2m, whose derivative has
    no factor 2; this task asks for the plain mean. Look at the factor before the sum."""
    w, losses = fit_slope(x, y, w0, lr / 2, epochs)
    return w, [loss / 2 for loss in losses]


@mistake("flat-targets")
def flat_targets(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """Of predictions and targets you have one as a column, [N, 1], and one as a vector, [N]. Their
    difference is an N by N table, in which each prediction meets every target. Leave both as
    columns, or flatten both."""
    w, losses = w0, []
    for _ in range(epochs):
        losses.append((w * x - y.flatten()).square().mean().item())
        w -= lr * 2 * ((w * x - y.flatten()) * x).mean().item()
    return w, losses


@mistake("row-by-row")
def row_by_row(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """You make a step for each row. The task makes one step per epoch, on the mean over all rows.
    Look at what stands inside your inner loop."""
    w, losses = w0, []
    for _ in range(epochs):
        losses.append(mse(w * x, y).item())
        for one, target in zip(x, y, strict=True):
            w -= lr * 2 * ((w * one - target) * one).item()
    return w, losses


@mistake("start-unused")
def start_unused(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """You start at 0 and not at w0. The path and the losses depend on where they begin, and with 0
    epochs w0 itself comes back. Look at how you make w."""
    return fit_slope(x, y, 0.0, lr, epochs)


@mistake("slope-as-tensor")
def slope_as_tensor(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[Any, list[float]]:
    """Your slope is still a tensor. The task asks for a plain float: a tensor carries a dtype, a
    device and perhaps a graph, which the caller did not ask for. Take the number out at the end."""
    w, losses = fit_slope(x, y, w0, lr, epochs)
    return torch.tensor(w, dtype=x.dtype, device=x.device), losses


@mistake("losses-first")
def losses_first(x: Tensor, y: Tensor, w0: float, lr: float, epochs: int) -> tuple[Any, Any]:
    """You return the losses first and the slope second. Whoever unpacks the pair takes one for the
    other. Look at the order in your return statement."""
    w, losses = fit_slope(x, y, w0, lr, epochs)
    return losses, w


@mistake("loss-computed-once")
def loss_computed_once(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """You compute predictions and loss once, before the loop, so all steps go along the gradient of
    the start and the losses never change. A moved w needs new predictions: compute them in each
    epoch."""
    losses = fit_slope(x, y, w0, lr, min(epochs, 1))[1] * epochs
    gradient = 2 * ((w0 * x - y) * x).mean().item()
    return w0 - lr * gradient * epochs, losses


@mistake("one-epoch-missing")
def one_epoch_missing(
    x: Tensor, y: Tensor, w0: float, lr: float, epochs: int
) -> tuple[float, list[float]]:
    """You make one step less than there are epochs, so the last loss is missing, too. Look at where
    your loop starts and ends: range(1, 5) has four numbers."""
    return fit_slope(x, y, w0, lr, max(epochs - 1, 0))


@mistake("last-loss-alone")
def last_loss_alone(x: Tensor, y: Tensor, w0: float, lr: float, epochs: int) -> tuple[float, Any]:
    """You return the last loss only. The task asks for a list with one loss per epoch, the learning
    curve, which is empty with 0 epochs. Look at where you keep the losses."""
    w, losses = fit_slope(x, y, w0, lr, epochs)
    return w, losses[-1] if losses else 0.0
