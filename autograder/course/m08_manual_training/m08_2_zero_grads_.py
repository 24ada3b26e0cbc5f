"""Mistakes of zero_grads_."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from m08_manual_training import zero_grads_
from torch import Tensor

from autograder.course.marks import mistake


@mistake("weights-wiped")
def weights_wiped(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You set the parameters themselves to zero, and their gradients are still there: everything
    learned so far is lost at the first call. Look at which tensor you clear, p or the one that
    backward() has stored in it."""
    with torch.no_grad():
        for p in params:
            if to_none:
                p.grad = None
            else:
                p.zero_()


@mistake("number-assigned")
def number_assigned(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You assign the number 0 to .grad. It can only hold a tensor of the parameter's shape, or
    None, so PyTorch raises a TypeError. Look for a way to make the numbers inside the stored tensor
    zero."""
    for p in params:
        p.grad = None if to_none else 0  # type: ignore[assignment]


@mistake("new-zeros", asks="tb.12")
def new_zeros(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You put a new tensor of zeros in place of the gradient. Whoever holds the old one still sees
    the old numbers, and new memory is taken in every round. The task wants the stored gradient
    itself cleared, in its own memory."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad = torch.zeros_like(p)


@mistake("missing-gradient-crashes")
def missing_gradient_to_zero(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You call a method of .grad without looking whether there is a gradient. Before the first
    backward(), or for a parameter that took no part in the loss, it is None and has no such method.
    There is nothing to clear then."""
    for p in params:
        if to_none:
            p.grad = None
        else:
            p.grad.zero_()


@mistake("to-none-and-missing-overlooked")
def to_none_and_missing_overlooked(params: Iterable[Tensor], to_none: bool = False) -> None:
    """Two things are missing. You never look at to_none, so the gradients are zeros where the
    caller asked for None; and you clear .grad without looking whether a gradient is there. For a
    parameter that took no part in the loss it is None, which cannot be cleared."""
    for p in params:
        p.grad.zero_()


@mistake("always-none")
def always_none(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You drop the gradients whatever to_none says. By default they should stay and hold zeros,
    which is not the same: an optimizer with weight decay moves a parameter whose gradient is zero
    and skips one whose gradient is None."""
    zero_grads_(params, to_none=True)


@mistake("never-none")
def never_none(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You never look at to_none: the gradients are zeros where the caller asked for None. That is
    not the same: an optimizer with weight decay moves a parameter whose gradient is zero and skips
    one whose gradient is None."""
    zero_grads_(params)


@mistake("computed-zero")
def computed_zero(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You compute the zeros from the old gradients, as 0 times them or as their difference. Where a
    gradient holds inf or nan, the result is nan, and stays so in every later round. Write zeros
    whatever was there."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad *= 0


@mistake("flag-inverted")
def flag_inverted(params: Iterable[Tensor], to_none: bool = False) -> None:
    """Your two cases are swapped: gradients become None by default, and zeros where the caller asks
    for None. Look at your condition on to_none."""
    zero_grads_(params, not to_none)


@mistake("zeros-not-written")
def zeros_not_written(params: Iterable[Tensor], to_none: bool = False) -> None:
    """By default nothing is cleared: the gradients hold what they held before. Mostly the method is
    named but not called, since its brackets are missing; or the zeros are a new tensor that is
    stored nowhere."""
    if to_none:
        zero_grads_(params, to_none=True)


@mistake("nothing-cleared")
def nothing_cleared(params: Iterable[Tensor], to_none: bool = False) -> None:
    """Nothing is cleared: the gradients are what they were before, with to_none and without. Mostly
    .grad is given another name, and only that name then gets zeros or None. What has to change is
    p.grad itself."""


@mistake("ends-at-missing")
def clearing_ends_at_missing(params: Iterable[Tensor], to_none: bool = False) -> None:
    """Your loop ends at the first parameter without a gradient, and those after it are not cleared.
    Only that one is to be passed over: look at what break, return and continue do in a loop."""
    for p in params:
        if p.grad is None:
            return
        zero_grads_([p], to_none)


@mistake("zeroed-before-dropped")
def zeroed_before_dropped(params: Iterable[Tensor], to_none: bool = False) -> None:
    """With to_none you first write zeros into the gradients and then drop them. Whoever holds an
    old gradient sees zeros; the task wants the old ones to keep their numbers. One of the two is to
    be done, not both."""
    kept = list(params)
    zero_grads_(kept)
    if to_none:
        zero_grads_(kept, to_none=True)
