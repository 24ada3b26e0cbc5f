"""Mistakes of backoff_lr."""

from __future__ import annotations

import math
from collections.abc import Callable

from m08_manual_training import backoff_lr

from autograder.course.marks import mistake


@mistake("nan-accepted", asks="lr.19")
def nan_accepted(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You go on halving only while the loss is higher. Every comparison with NaN is false, so a
    step that breaks the model counts as fine; an equal loss passes too. Ask whether the loss is
    lower, not whether it is higher."""
    lr = start
    while loss_after(lr) > base_loss:
        lr /= 2
    return lr


@mistake("any-finite-loss", asks="lr.19")
def any_finite_loss(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You stop at the first loss that is finite, although it may be higher than before the step. A
    finite loss is not yet a lower one. Look at where base_loss enters your condition."""
    lr = start
    while not math.isfinite(loss_after(lr)):
        lr /= 2
    return lr


@mistake("raised-instead", asks="gd.29")
def raised_instead(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """Your search never ends. A step that was too long never gets short enough, since the rates
    that you try do not become smaller: the rate grows, or stays what it was. Look at how the rate
    changes from one try to the next."""
    lr = start
    while not loss_after(lr) < base_loss:
        lr *= 2
    return lr


@mistake("equal-accepted")
def equal_accepted(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You accept a loss that is just as high as before. A step that lands on the same height has
    gained nothing, and the task asks for one that lowers the loss. Look at the comparison where
    both sides are equal."""
    lr = start
    while not loss_after(lr) <= base_loss:
        lr /= 2
    return lr


@mistake("start-never-tried")
def start_never_tried(
    loss_after: Callable[[float], float], start: float, base_loss: float
) -> float:
    """You halve before you try, so start itself is never tested and a good learning rate is halved
    without need. Look at which rate goes into the first call of loss_after."""
    return backoff_lr(loss_after, start / 2, base_loss)


@mistake("divided-by-ten", asks="gd.22")
def divided_by_ten(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You shrink the learning rate by a factor of ten each time. That may jump far below the
    longest step that works; the task asks for the first of start, start/2, start/4 and so on."""
    lr = start
    while not loss_after(lr) < base_loss:
        lr /= 10
    return lr
