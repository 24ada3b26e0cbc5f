"""Mistakes of nudge."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.course.marks import mistake


@mistake("uphill", asks="gd.17 gd.18")
def nudged_uphill(g: Tensor) -> Tensor:
    """You return the sign of the gradient, and that is the way uphill: a positive derivative says
    that the loss rises when the weight grows. Small steps of this kind make the loss larger. Which
    way should such a weight go?"""
    return torch.sign(g)


@mistake("not-a-sign")
def not_a_sign(g: Tensor) -> Tensor:
    """You return the negative gradient itself. The direction is right, but the task asks only which
    way: every element has to be -1, 0 or 1, however steep the loss is there. Look at what to keep
    of each number."""
    return -g


@mistake("normalised")
def normalised(g: Tensor) -> Tensor:
    """You scaled the negative gradient to length 1. That is one direction for all weights together;
    the task asks for the way of each element alone, so every one has to be -1, 0 or 1. Look at what
    you divide by."""
    return g.neg().div(torch.linalg.vector_norm(g))


@mistake("zero-moves-up")
def zero_moves_up(g: Tensor) -> Tensor:
    """Where the derivative is 0 you still move, by +1. There the loss does not change to first
    order, so the gradient prefers neither way and the weight should stay. You treat two cases;
    count how many there are."""
    return torch.where(g > 0, -torch.ones_like(g), torch.ones_like(g))


@mistake("zero-moves-down")
def zero_moves_down(g: Tensor) -> Tensor:
    """Where the derivative is 0 you still move, by -1. There the loss does not change to first
    order, so the gradient prefers neither way and the weight should stay. You treat two cases;
    count how many there are."""
    return torch.where(g < 0, torch.ones_like(g), -torch.ones_like(g))


@mistake("nan-at-zero")
def nan_at_zero(g: Tensor) -> Tensor:
    """You divide every element by its own size, which is 0 divided by 0 where the derivative is 0:
    NaN. Every number that is later computed from a NaN is NaN too. Look for a way to the sign that
    does not divide."""
    return -g / g.abs()


@mistake("whole-numbers")
def whole_numbers(g: Tensor) -> Tensor:
    """Your directions are integers. The result should have the dtype of g, so
    that it can be scaled and added to the weights like any gradient. Look at what comparing and
    counting makes of the dtype."""
    return (g < 0).long() - (g > 0).long()


@mistake("overwritten")
def overwritten(g: Tensor) -> Tensor:
    """All that is not 0 ends up as 1. Mostly the positive elements are set to -1 first, and the
    next line, which looks for negative ones, finds these too. Read the signs from g, and write the
    directions into another tensor."""
    return g.sign().abs()


@mistake("default-dtype")
def default_dtype(g: Tensor) -> Tensor:
    """Your directions are float32, whatever g has: that is what torch makes of plain numbers. The
    result should have the dtype of g, so that both can be computed with together."""
    return torch.sign(-g).float()


@mistake("small-ones-left-out")
def small_ones_left_out(g: Tensor) -> Tensor:
    """You take small derivatives for 0. Only an element that is exactly 0 leaves its weight where
    it is; any other one counts, however small. Look for a bound, or for rounding."""
    return -torch.sign(torch.where(g.abs() < 1e-3, torch.zeros_like(g), g))
