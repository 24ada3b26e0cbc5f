"""Mistakes of hypergrad."""

from __future__ import annotations

from typing import Any

import torch
from m16_generalisation import hypergrad
from torch import Tensor

from autograder.course.marks import mistake


@mistake("gradients-as-constants", asks="lr.31")
def gradients_as_constants(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """You treat each step's gradient as a constant. From the second step on it is taken at weights
    that depend on lr, so it depends on lr as well. With one step your derivative is right. Look at
    whether a gradient has a graph behind it."""
    rate = lr.detach().requires_grad_()
    w = _zeros(x, y)
    for _ in range(steps):
        w = w - rate * _slope(x, y, w.detach())
    return _result(xv, yv, w, rate)


@mistake("weights-cut-off", asks="lr.31")
def weights_cut_off(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """Only your last step counts: the weights that it starts from are cut off from lr. All earlier
    steps were made with the same learning rate and move the result, too. Look for detach, .data or
    a new leaf within the loop."""
    rate = lr.detach().requires_grad_()
    w = _zeros(x, y)
    for _ in range(steps):
        w = w.detach() - rate * _slope(x, y, w.detach())
    return _result(xv, yv, w, rate)


@mistake("no-derivative", asks="lr.31")
def no_derivative(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Any]:
    """Your derivative is None: the validation loss is cut off from the learning rate. An optimizer,
    or an update under no_grad, records nothing, and lr.item() is a plain number. Look at how the
    weights are changed."""
    return hypergrad(x, y, xv, yv, lr, steps)[0], None


@mistake("derivative-zero", asks="lr.31")
def derivative_zero(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """Your derivative is 0, as if the learning rate did not matter. It moves the weights in every
    step, and so the validation loss after them. Look at whether the updates are recorded, and at
    what stands in where no gradient was found."""
    loss, slope = hypergrad(x, y, xv, yv, lr, steps)
    return loss, torch.zeros_like(slope)


@mistake("leaf-in-place", asks="lr.31")
def leaf_in_place(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """You change a leaf that requires its gradient in place, which autograd refuses. Under no_grad
    it would go through, but then no update is recorded, and nothing leads back to lr. Make new
    weights in each step instead. Look at the line of the update."""
    w = _zeros(x, y).requires_grad_()
    w -= lr * _slope(x, y, w)
    return hypergrad(x, y, xv, yv, lr, steps)


@mistake("training-loss")
def training_loss(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """You return the loss on the training rows and its derivative. How fast training rows are
    fitted says little about other rows. The trained weights have to be judged on xv and yv. Look
    at the last loss."""
    return hypergrad(x, y, x, y, lr, steps)


@mistake("one-step-too-few")
def one_step_too_few(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """You judge the weights before the last step: one step is missing. Look at where your loop
    ends, and at which weights the validation loss is computed from."""
    if steps > 1:
        return hypergrad(x, y, xv, yv, lr, steps - 1)
    loss = yv.square().mean()
    return loss, torch.zeros_like(loss)


@mistake("one-step-too-many")
def one_step_too_many(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """You make one step more than was asked for. Count the updates before the validation loss is
    computed. Look at where your loop begins and ends."""
    return hypergrad(x, y, xv, yv, lr, steps + 1)


@mistake("sum-for-mean")
def sum_for_mean(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """Your training loss is the sum of the squared errors: its gradient, and so each step, is
    larger than the mean's by the number of elements. Look at how the training loss is reduced."""
    loss, slope = hypergrad(x, y, xv, yv, lr * y.numel(), steps)
    return loss, slope * y.numel()


@mistake("halved-steps")
def halved_steps(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """Your steps are half as long as they should be: the gradient of a mean square has a factor 2.
    It is missing where the loss is halved, or where the gradient was written down by hand. Look
    at the gradient of the training loss."""
    loss, slope = hypergrad(x, y, xv, yv, lr / 2, steps)
    return loss, slope / 2


@mistake("per-row")
def per_row(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """In the training loss you divide by the number of rows. The mean runs over all elements: with
    several targets your steps are longer than the mean's by their number. Look at what you divide
    by."""
    loss, slope = hypergrad(x, y, xv, yv, lr * y.shape[1], steps)
    return loss, slope * y.shape[1]


@mistake("swapped")
def swapped(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """You return the derivative first. The caller unpacks the validation loss, then the derivative.
    Look at the order of the two."""
    loss, slope = hypergrad(x, y, xv, yv, lr, steps)
    return slope, loss


@mistake("start-at-ones")
def start_at_ones(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """Your weights start at 1. The task wants all of them to start at 0: after few steps the start
    still shows in every number. Look at how the weights are made."""
    shift, shift_v = (t.sum(1, keepdim=True) for t in (x, xv))  # what weights of 1 predict
    return hypergrad(x, y - shift, xv, yv - shift_v, lr, steps)


@mistake("written-into-grad")
def written_into_grad(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """Your call changes the caller's lr.grad: backward() adds to it whatever was there. The caller
    would find a gradient that it never asked for. Look for a way to get a derivative that stores
    nothing in .grad, or for a leaf of your own."""
    loss, slope = hypergrad(x, y, xv, yv, lr, steps)
    if lr.requires_grad:
        lr.grad = slope.clone() if lr.grad is None else lr.grad + slope
    return loss, slope


def _zeros(x: Tensor, y: Tensor) -> Tensor:
    return x.new_zeros(x.shape[1], y.shape[1])


def _slope(x: Tensor, y: Tensor, w: Tensor) -> Tensor:
    """Return the training loss's gradient at w, a constant."""
    return 2 / y.numel() * x.T @ (x @ w - y)


def _result(xv: Tensor, yv: Tensor, w: Tensor, rate: Tensor) -> tuple[Tensor, Tensor]:
    val = (xv @ w - yv).square().mean()
    return val.detach(), torch.autograd.grad(val, rate)[0]
