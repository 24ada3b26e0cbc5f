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
