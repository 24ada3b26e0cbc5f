"""Mistakes of train."""

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


@mistake("stale-predictions", asks="m2.5c")
def stale_predictions(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """Your last loss repeats the one before it to the last digit. It comes from predictions that
    were made before the final update, so it says nothing about the final parameters. Look at what
    has to be computed again once w and b have moved."""
    losses = []
    preds = model(x, w, b)
    for _ in range(epochs):
        preds = model(x, w, b)
        losses.append(train_step(x, y, w, b, lr))
    return [*losses, mse(preds, y).item()]


@mistake("predicted-once", asks="gd.25")
def predicted_once(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """You predict once, outside the loop. The first backward() frees that graph, so the second one
    fails; and the predictions would belong to the old parameters anyway. Look at which steps every
    epoch has to take from the start."""
    preds = model(x, w, b)
    losses = []
    for _ in range(epochs):
        loss = mse(preds, y)
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                p -= lr * p.grad
                p.grad.zero_()
        losses.append(loss.item())
    return [*losses, mse(model(x, w, b), y).item()]


@mistake("losses-attached")
def losses_attached(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[Tensor]:
    """You collect the losses as tensors. Unless detached, each of them keeps its whole graph alive,
    so memory grows with every epoch. Collect plain numbers: look at what you append."""
    losses = []
    for _ in range(epochs):
        loss = _round(x, y, w, b)
        with torch.no_grad():
            for p in (w, b):
                p -= lr * p.grad
                p.grad.zero_()
        losses.append(loss)
    return [*losses, mse(model(x, w, b), y)]


@mistake("last-loss-missing")
def last_loss_missing(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """You return one loss per epoch, each taken before its update, so nobody learns how good the
    final parameters are. There are epochs + 1 moments to look at: look at what is known after the
    last update only."""
    return [train_step(x, y, w, b, lr) for _ in range(epochs)]


@mistake("first-loss-missing")
def first_loss_missing(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """You take every loss after its update, so the list starts too late: the loss of the untrained
    model is missing, with which training is to be compared. Look at what is known before the first
    update."""
    losses = []
    for _ in range(epochs):
        train_step(x, y, w, b, lr)
        losses.append(mse(model(x, w, b), y).item())
    return losses


@mistake("one-update-too-many")
def one_update_too_many(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """Your losses are right, but w and b have gone one step too far: you run epochs + 1 updates to
    get the last loss. A loss can be computed without a step. Look at what the last entry needs."""
    return [train_step(x, y, w, b, lr) for _ in range(epochs + 1)]


@mistake("never-zeroed")
def train_never_zeroed(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """Your first two losses are right, then your path is another one: gradients are never cleared,
    so each step uses the sum of all gradients so far. Look at what has to happen between an update
    and the next backward()."""
    losses = []
    for _ in range(epochs):
        losses.append(_round(x, y, w, b).item())
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return [*losses, mse(model(x, w, b), y).item()]


@mistake("bias-not-updated")
def train_bias_not_updated(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """Only w moves: b stays where it was, however long you train. Without it the model cannot learn
    the level of the targets. Look at which parameters your update goes through."""
    losses = []
    for _ in range(epochs):
        losses.append(_round(x, y, w, b).item())
        with torch.no_grad():
            w -= lr * w.grad
        zero_grads_([w, b])
    return [*losses, mse(model(x, w, b), y).item()]


@mistake("cleared-after-the-loop")
def cleared_after_the_loop(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """You clear the gradients only when all epochs are over. Until then backward() adds up, so each
    step uses the sum of all gradients so far. Clearing belongs to every round: look at the
    indentation."""
    losses = train_never_zeroed(x, y, w, b, lr, epochs)
    zero_grads_([w, b])
    return losses


@mistake("cleared-only-at-the-start")
def train_cleared_only_at_the_start(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """The gradients still hold numbers when you return. The task wants them None or zero then, so
    that a caller's own backward() does not add to them; clearing before backward() comes too early
    for that. Look at what happens after the last update."""
    losses = []
    for _ in range(epochs):
        zero_grads_([w, b])
        losses.append(_round(x, y, w, b).item())
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return [*losses, mse(model(x, w, b), y).item()]


@mistake("predicted-once-and-retained", asks="gd.25")
def predicted_once_and_retained(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """You predict once, before the loop. Every loss and every gradient then belongs to the first
    parameters, so that you take one and the same step again and again; retain_graph=True only
    hides that. Predict anew in every epoch."""
    losses = []
    loss = mse(model(x, w, b), y)
    for _ in range(epochs):
        loss.backward(retain_graph=True)
        with torch.no_grad():
            for p in (w, b):
                p -= lr * p.grad
                p.grad.zero_()
        losses.append(loss.item())
    return [*losses, mse(model(x, w, b), y).item()]


@mistake("one-update-too-few")
def one_update_too_few(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """You take one update less than the epochs that are asked for. Count the rounds of your loop:
    range(1, epochs) begins at 1 and ends before epochs. The loss of the last parameters needs no
    round of its own."""
    losses = [train_step(x, y, w, b, lr) for _ in range(1, epochs)]
    return [*losses, mse(model(x, w, b), y).item()]


@mistake("first-loss-twice")
def first_loss_twice(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """Your list begins with the same loss twice, and the loss of the final parameters is missing.
    You note a loss before the loop, and each round notes the one that it starts from. Look at which
    moment the list does not tell yet."""
    losses = [mse(model(x, w, b), y).item()]
    return [*losses, *(train_step(x, y, w, b, lr) for _ in range(epochs))]


@mistake("uphill")
def train_uphill(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int) -> list[float]:
    """You add the gradients. They point to where the loss grows fastest, so each of your steps
    climbs and the loss rises. Descending means going the other way: look at the sign of your
    update."""
    losses = [train_step(x, y, w, b, -lr) for _ in range(epochs)]
    return [*losses, mse(model(x, w, b), y).item()]


@mistake("last-loss-alone")
def last_loss_alone(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """You return one loss only, that of the final parameters. The list should tell the whole way:
    a loss before every update, and this one at the end. Look at what you collect in each round."""
    for _ in range(epochs):
        train_step(x, y, w, b, lr)
    return [mse(model(x, w, b), y).item()]
