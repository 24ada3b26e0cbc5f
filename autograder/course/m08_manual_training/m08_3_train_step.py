"""Mistakes of train_step."""

from __future__ import annotations

import torch
from m06_model import model, mse
from m08_manual_training import train_step, zero_grads_
from torch import Tensor

from autograder.course.marks import mistake


def _round(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Return the loss, after its backward."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    return loss


@mistake("never-zeroed", asks="gd.24 wf.3")
def never_zeroed(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """You never clear the gradients. backward() adds to what .grad holds, so your second step uses
    the sum of two gradients, and each later one the sum of all: the path overshoots the minimum and
    swings instead of settling. Look at what happens after the update."""
    loss = _round(x, y, w, b)
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    return loss.item()


@mistake("zeroed-before-the-update", asks="gd.25 wf.10")
def zeroed_before_the_update(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """Nothing moves, and the loss stays what it was, without any error. You clear the gradients
    between backward() and the update, which then subtracts zeros; or the update makes new tensors
    under the old names; or it is missing. Look at your last two steps."""
    loss = _round(x, y, w, b)
    zero_grads_([w, b])
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    return loss.item()


@mistake("zeroed-only-at-the-start")
def zeroed_only_at_the_start(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """The gradients still hold numbers when you return. The task wants them None or zero then, so
    that a caller's own backward() does not add to them; clearing before backward() comes too early
    for that. Look at what happens after the update."""
    zero_grads_([w, b])
    loss = _round(x, y, w, b)
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    return loss.item()


@mistake("bias-not-updated")
def bias_not_updated(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """Only w moves: you clear b's gradient but never take b's step. Without it the model cannot
    learn the level of the targets. Look at which parameters your update goes through."""
    loss = _round(x, y, w, b)
    with torch.no_grad():
        w -= lr * w.grad
    zero_grads_([w, b])
    return loss.item()


@mistake("bias-forgotten")
def bias_forgotten(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """Only w is updated and cleared; b stays where it was, and its gradient adds up from step to
    step. The bias is a parameter like any other. Look at which tensors your update and your
    clearing go through."""
    loss = _round(x, y, w, b)
    with torch.no_grad():
        w -= lr * w.grad
        w.grad.zero_()
    return loss.item()


@mistake("loss-after")
def loss_after(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """The step is right, but the loss you return belongs to the new w and b: you predict once more
    after the update. The task asks for the loss that the step started from, which costs no second
    prediction."""
    train_step(x, y, w, b, lr)
    return mse(model(x, w, b), y).item()


@mistake("tensor-returned", asks="tb.18")
def tensor_returned(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> Tensor:
    """You return the loss as a tensor. Unless it was detached it holds its graph, so a list of such
    losses keeps all their graphs in memory. Return the plain number inside it: look for the method
    that takes it out."""
    loss = _round(x, y, w, b)
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad.zero_()
    return loss


@mistake("names-rebound")
def names_rebound(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """You wrote `w = w - ...`, which makes a new tensor without a gradient and calls it w; the
    caller's w never moves. Clearing then fails, as the new tensor's .grad is None. Change the
    tensor that you were given instead."""
    loss = _round(x, y, w, b)
    with torch.no_grad():
        w = w - lr * w.grad
        b = b - lr * b.grad
    w.grad.zero_()
    b.grad.zero_()
    return loss.item()


@mistake("uphill")
def step_uphill(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """You add the gradients. They point to where the loss grows fastest, so your step climbs.
    Descending means going the other way: look at the sign of your update."""
    return train_step(x, y, w, b, -lr)


@mistake("rate-fixed")
def rate_fixed(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """Your steps are those of the learning rate 1e-5, whatever the caller asks for. That is the
    tutorial's number for its table, and far too small or too large elsewhere. Use lr."""
    return train_step(x, y, w, b, 1e-5)


@mistake("row-by-row")
def row_by_row(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """You take a step for every row, and each one starts where the row before it has left the
    parameters. The task asks for a single step, by the loss of all rows together. Look at what your
    loop goes through."""
    losses = [train_step(x[i : i + 1], y[i : i + 1], w, b, lr) for i in range(len(x))]
    return sum(losses) / len(losses)
