"""Mistakes of huber and smooth_l1."""

from __future__ import annotations

from typing import Any

import torch
from m15_losses import huber, smooth_l1
from torch import Tensor
from torch.nn import functional as F

from autograder.course.marks import mistake


@mistake("square-not-halved", replaces="huber")
def square_not_halved(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Your huber takes the whole square of small errors, where the task has half of it. The slope
    is then twice delta where the parabola ends, and the line cannot go on from there. Look at the
    factor before the square."""
    size = _size(pred, target)
    return torch.where(size <= delta, size**2, delta * (size - delta / 2)).mean()


@mistake("line-through-0", replaces="huber", asks="lr.23")
def line_through_0(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Beyond delta your huber is delta * |e|, a line that points at 0. Its slope is that of the
    parabola at delta, but it runs above it there, and the loss jumps. Look for what has to be
    subtracted so that both have one height."""
    size = _size(pred, target)
    return torch.where(size <= delta, size**2 / 2, delta * size).mean()


@mistake("absolute-beyond-delta", replaces="huber", asks="lr.23")
def absolute_beyond_delta(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Beyond delta your huber is |e| itself. The parabola ends at another height and with another
    slope, unless delta happens to fit, so the loss has a jump and a corner there. The line has to
    go on from where the parabola ends."""
    size = _size(pred, target)
    return torch.where(size <= delta, size**2 / 2, size).mean()


@mistake("line-of-slope-1", replaces="huber")
def line_of_slope_1(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Beyond delta your huber grows by 1 for each unit of the error, whatever delta is. The
    parabola has slope delta where it ends, and the line has to go on with it. Look at the factor
    of the line."""
    size = _size(pred, target)
    line = size - delta + delta**2 / 2
    return torch.where(size <= delta, size**2 / 2, line).mean()


@mistake("flat-beyond-delta", replaces="huber", asks="lr.23")
def flat_beyond_delta(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Your huber cuts the errors off at delta before it squares them. The loss is then flat beyond
    delta, its gradient 0 there, and such a row no longer pulls at all. Huber's pull stays as strong
    as it is at delta."""
    return (_size(pred, target).clamp(max=delta) ** 2 / 2).mean()


@mistake("sign-forgotten", replaces="huber")
def sign_forgotten(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Your huber compares the error itself with delta, not its size. Every negative error counts
    as small then, however large it is, and is squared. Look at what stands before the comparison
    sign."""
    huber(pred, target, delta)
    error = pred - target
    return torch.where(error <= delta, error**2 / 2, delta * (error - delta / 2)).mean()


@mistake("one-branch-for-all", replaces="huber")
def one_branch_for_all(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Your huber decides once, by the mean size of the errors, whether all of them are squared or
    none is. Each error has to be looked at by itself: one row may be far off while the others are
    near. Look at the if."""
    size = _size(pred, target)
    small = bool(size.mean() <= delta)
    return (size**2 / 2).mean() if small else (delta * (size - delta / 2)).mean()


@mistake("pieces-exchanged", replaces="huber")
def pieces_exchanged(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Your huber squares the large errors and takes the line for the small ones. That makes
    outliers count most, which is what this loss is to prevent. Look at which of the two pieces
    comes first."""
    size = _size(pred, target)
    return torch.where(size > delta, size**2 / 2, delta * (size - delta / 2)).mean()


@mistake("huber-is-smooth-l1", replaces="huber", asks="lr.23")
def huber_is_smooth_l1(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Your huber is smooth L1: its line has slope 1. Huber's has slope delta and its parabola is
    plainly half of the square. The two are equal only at a threshold of 1; elsewhere they differ
    by that factor."""
    return smooth_l1(pred, target, delta)


@mistake("huber-summed", replaces="huber")
def huber_summed(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Your huber adds the costs up. The task has their mean, so that the loss, and with it the
    learning rate, does not depend on the number of rows. Look at the last operation."""
    return huber(pred, target, delta) * pred.numel()


@mistake("huber-unreduced", replaces="huber")
def huber_unreduced(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Your huber has a number for each error. A loss is a single number, or backward() could not
    begin: take the mean of the costs."""
    size = _size(pred, target)
    return torch.where(size <= delta, size**2 / 2, delta * (size - delta / 2))


@mistake("huber-broadcasts", replaces="huber")
def huber_broadcasts(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """No ValueError leaves your huber where the shapes differ: every prediction then meets every
    target, without a warning. It has to be raised before anything is subtracted."""
    size = (pred - target).abs()
    return torch.where(size <= delta, size**2 / 2, delta * (size - delta / 2)).mean()


@mistake("torchs-huber", replaces="huber")
def torchs_huber(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Your huber lets torch's own loss do the work. The task is to write it yourself: the size of
    each error, two pieces, and a choice between them. Look at the function that you call."""
    _size(pred, target)
    return F.huber_loss(pred, target, delta=delta)


@mistake("cut-off", replaces="huber")
def cut_off(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Your huber is cut off from the predictions, so backward() reaches nothing. Look for
    detach, .data, no_grad, or a new tensor that is made of the result."""
    return huber(pred, target, delta).detach()


@mistake("smooth-l1-is-huber", replaces="smooth_l1", asks="lr.23")
def smooth_l1_is_huber(pred: Tensor, target: Tensor, beta: float) -> Tensor:
    """Your smooth_l1 is the Huber loss: its line has slope beta. The lines of smooth L1 have slope
    1 and -1 whatever beta is; what changes with beta is how wide, and so how steep, the parabola
    is."""
    return huber(pred, target, beta)


@mistake("parabola-without-beta", replaces="smooth_l1")
def parabola_without_beta(pred: Tensor, target: Tensor, beta: float) -> Tensor:
    """Within beta your smooth_l1 is half of the square. At beta that has slope beta, and the line
    has slope 1, so the pieces do not meet unless beta is 1. Look at what the parabola has to be
    divided by."""
    size = _size(pred, target)
    return torch.where(size <= beta, size**2 / 2, size - beta / 2).mean()


@mistake("smooth-l1-line-through-0", replaces="smooth_l1")
def smooth_l1_line_through_0(pred: Tensor, target: Tensor, beta: float) -> Tensor:
    """Beyond beta your smooth_l1 is |e| itself. The parabola ends lower than that, at half of beta,
    and the loss jumps. The line has to be moved down until it meets the parabola."""
    size = _size(pred, target)
    return torch.where(size <= beta, size**2 / (2 * beta), size).mean()


@mistake("smooth-l1-broadcasts", replaces="smooth_l1")
def smooth_l1_broadcasts(pred: Tensor, target: Tensor, beta: float) -> Tensor:
    """No ValueError leaves your smooth_l1 where the shapes differ: every prediction then meets
    every target, without a warning. It has to be raised before anything is subtracted."""
    size = (pred - target).abs()
    return torch.where(size <= beta, size**2 / (2 * beta), size - beta / 2).mean()


@mistake("torchs-smooth-l1", replaces="smooth_l1")
def torchs_smooth_l1(pred: Tensor, target: Tensor, beta: float) -> Any:
    """Your smooth_l1 lets torch's own loss do the work. The task is to write it yourself: the size
    of each error, two pieces, and a choice between them. Look at the function that you call."""
    _size(pred, target)
    return F.smooth_l1_loss(pred, target, beta=beta)


def _size(pred: Tensor, target: Tensor) -> Tensor:
    huber(pred, target, 1.0)  # refuses unequal shapes
    return (pred - target).abs()
