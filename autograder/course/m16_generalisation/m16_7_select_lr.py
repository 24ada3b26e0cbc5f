"""Mistakes of select_lr."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from m16_generalisation import select_lr

from autograder.course.marks import mistake

Model: TypeAlias = Any
Fit: TypeAlias = Callable[[float], Model]
Loss: TypeAlias = Callable[[Model], float]


@mistake("picks-by-training", asks="lr.18")
def picks_by_training(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """You compare training losses. The model with the lowest one has followed its own rows the
    furthest, noise included; how it does on others shows only on rows that were held out. Look at
    the loss by which you choose."""
    return select_lr(lrs, fit, val, train)


@mistake("sum-of-both", asks="lr.18")
def sum_of_both(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """You add the training loss to the validation loss, or average the two. The training loss
    favours the model that has followed its own rows the furthest, and so spoils the choice. Look
    at what each of the two can tell."""
    return select_lr(lrs, fit, train, lambda model: train(model) + val(model))


@mistake("smallest-gap", asks="lr.18")
def smallest_gap(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """You choose the model whose two losses are closest to each other. A model that has learned
    nothing is equally bad on both parts. What counts is how low the validation loss is. Look at
    what you compare."""
    return select_lr(lrs, fit, train, lambda model: abs(train(model) - val(model)))


@mistake("fitted-once", asks="lr.31")
def fitted_once(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """You call fit once and judge the same model for every learning rate. A learning rate shows
    only in the training that it was used in, so each needs a model of its own. Look at where you
    call fit."""
    model = fit(lrs[0]) if lrs else None
    losses = [val(model) for _ in lrs]
    return select_lr(lrs, lrs.index, train, lambda place: losses[place])


@mistake("fitted-twice", asks="lr.31")
def fitted_twice(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """You train twice for each learning rate. Training is what costs time, and a second training
    may lead to other weights than the first. Call fit once, and keep its model. Look at each place
    that calls it."""
    return select_lr(lrs, lambda lr: [fit(lr), fit(lr)][-1], train, val)


@mistake("nan-first-wins")
def nan_first_wins(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """A nan wins where it comes first. Nothing is smaller than nan, since no comparison with it is
    true, so min and code like it keep what they began with. Look at what your search begins with
    and when it is replaced."""
    return min(lrs, key=lambda lr: val(fit(lr)))


@mistake("nan-wins")
def nan_wins(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """A nan wins wherever it stands. NumPy and torch take nan for the smallest number in argmin
    and min. A training that has diverged must never be chosen. Look at what is done with losses
    that are not finite."""
    losses = [val(fit(lr)) for lr in lrs]
    spoilt = [lr for lr, loss in zip(lrs, losses, strict=True) if math.isnan(loss)]
    return spoilt[0] if spoilt else select_lr(lrs, lrs.index, train, losses.__getitem__)


@mistake("minus-infinity-wins")
def minus_infinity_wins(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """A loss of -inf wins. It is below every other number, but no training reaches it: something
    has overflowed. Look for the function that tells finite numbers from nan and from both
    infinities."""
    losses = [val(fit(lr)) for lr in lrs]
    low = [lr for lr, loss in zip(lrs, losses, strict=True) if loss == -math.inf]
    return low[0] if low else select_lr(lrs, lrs.index, train, losses.__getitem__)


@mistake("first-by-default")
def first_by_default(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """Where no learning rate has a finite loss you return the first one, as if it had won. All of
    these trainings have failed, and the caller should learn of it by a ValueError. Look at what
    your search returns if nothing was found."""
    losses = [val(fit(lr)) for lr in lrs]
    if lrs and not any(map(math.isfinite, losses)):
        return lrs[0]
    return select_lr(lrs, lrs.index, train, losses.__getitem__)


@mistake("none-for-none")
def none_for_none(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> Any:
    """You return None where no learning rate has won. The caller would go on with None as its
    learning rate and fail somewhere else. The task wants a ValueError, raised. Look at the end of
    your function."""
    losses = [val(fit(lr)) for lr in lrs]
    if not any(map(math.isfinite, losses)):
        return None
    return select_lr(lrs, lrs.index, train, losses.__getitem__)


@mistake("last-of-equals")
def last_of_equals(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """Of several learning rates with the same loss you return the last one, and the task wants the
    first. Look at the comparison that replaces the best so far."""
    losses = [val(fit(lr)) for lr in lrs][::-1]
    backwards = lrs[::-1]
    return select_lr(backwards, backwards.index, train, losses.__getitem__)


@mistake("stops-at-a-rise")
def stops_at_a_rise(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """You stop as soon as a loss is no better than the one before. The learning rates come in any
    order, and a later one may be better still. Look at what ends your loop."""
    losses = list[float]()
    for lr in lrs:
        if losses[1:] and not losses[-1] < losses[-2]:
            return select_lr(lrs[: len(losses)], lrs.index, train, losses.__getitem__)
        losses.append(val(fit(lr)))
    return select_lr(lrs, lrs.index, train, losses.__getitem__)


@mistake("loss-returned")
def loss_returned(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """You return the lowest loss itself. The caller wants to know which learning rate leads to it.
    Look at what your search keeps beside the loss."""
    losses = [val(fit(lr)) for lr in lrs]
    return losses[lrs.index(select_lr(lrs, lrs.index, train, losses.__getitem__))]


@mistake("place-returned")
def place_returned(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> int:
    """You return the place of the best learning rate in the list. The caller wants the learning
    rate that stands there. Look at the last line."""
    return lrs.index(select_lr(lrs, fit, train, val))


@mistake("highest-loss")
def highest_loss(lrs: Sequence[float], fit: Fit, train: Loss, val: Loss) -> float:
    """You return the learning rate with the highest validation loss. A loss counts what the model
    gets wrong, so the lowest is the best one. Look at the direction of your comparison."""
    losses = [val(fit(lr)) for lr in lrs]
    turned = [-loss if math.isfinite(loss) else loss for loss in losses]
    return select_lr(lrs, lrs.index, train, turned.__getitem__)
