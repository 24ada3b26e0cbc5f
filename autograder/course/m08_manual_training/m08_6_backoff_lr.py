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


@mistake("nan-alone-accepted", asks="lr.19")
def nan_alone_accepted(
    loss_after: Callable[[float], float], start: float, base_loss: float
) -> float:
    """A step that gives NaN ends your search. Every comparison with NaN is false, so a condition
    such as `loss >= base_loss` stops asking there. Go on until the loss is lower, not for as long
    as it is higher or equal."""
    lr = start
    while loss_after(lr) >= base_loss:
        lr /= 2
    return lr


@mistake("rate-unchanged")
def rate_unchanged(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """Your search never ends, since every try is made with the same rate. Half of it is never
    computed, or is stored nowhere: look at what changes lr from one try to the next."""
    while not loss_after(start) < base_loss:
        pass
    return start


@mistake("halved-once")
def halved_once(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You halve the rate once at most, and do not look whether that was enough. Halving goes on
    until the loss is lower: an `if` asks once, what asks again and again?"""
    return start / 2 if loss_after(start) >= base_loss else start


@mistake("loss-returned")
def loss_returned(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You return the loss that the rate leads to. The learning rate itself is asked for."""
    return loss_after(backoff_lr(loss_after, start, base_loss))


@mistake("condition-inverted")
def condition_inverted(
    loss_after: Callable[[float], float], start: float, base_loss: float
) -> float:
    """You go on halving while the loss is lower, and stop where it is not. That is the wrong way
    round: a rate that lowers the loss is found, and one that does not has to be halved."""
    lr = start
    while loss_after(lr) < base_loss:
        lr /= 2
    return lr


@mistake("halved-after-success")
def halved_after_success(
    loss_after: Callable[[float], float], start: float, base_loss: float
) -> float:
    """You return half of the rate that you found: after a try that lowers the loss you still halve.
    Look at the order of trying, asking and halving."""
    return backoff_lr(loss_after, start, base_loss) / 2


@mistake("compared-with-the-last-try")
def compared_with_the_last_try(
    loss_after: Callable[[float], float], start: float, base_loss: float
) -> float:
    """You compare each loss with that of the try before, so your search ends at the first try that
    is better than the last one, though it may still be worse than the start; NaN ends it, too. The
    loss to beat, base_loss, never changes."""
    lr = start
    while (loss := loss_after(lr)) >= base_loss:
        base_loss = loss
        lr /= 2
    return lr
