"""Mistakes of RoundSTE."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.course.marks import mistake


class _Right(torch.autograd.Function):
    """A right one, whose parts the mistakes replace."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Round, and keep x for those that look at it."""
        ctx.save_for_backward(x)
        return torch.round(x)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Hand on a copy."""
        return g.clone()


@mistake("slope-of-the-stairs", asks="tb.43")
class SlopeOfTheStairs(_Right):
    """Your backward gives 0 everywhere. That is the true slope of rounding, between its jumps, and
    with it no weight would ever learn. The estimator pretends that nothing was rounded: look at
    what a gradient passes on then."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Take the true derivative."""
        return g * 0


@mistake("one-for-g", asks="tb.43")
class OneForG(_Right):
    """Your backward returns ones. The slope to pretend is 1, but backward answers with that slope
    times what arrives: else all that the loss made of the result is forgotten. Look at what becomes
    of g."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Return the slope alone."""
        return torch.ones_like(g)


@mistake("only-near-zero", asks="tb.43")
class OnlyNearZero(_Right):
    """Your backward lets gradients through only where x lies between -1 and 1. Such a window
    belongs to an estimator for signs, which has no more steps farther out. Rounding goes on for
    ever: look at what x has to do with the answer."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Close a window."""
        (x,) = ctx.saved_tensors
        return g * (x.abs() <= 1)


@mistake("gradient-rounded")
class GradientRounded(_Right):
    """Your backward rounds the gradient, too. Most gradients are smaller than a half and become 0,
    so training stops. Only what goes forward is rounded; look at what you do with g."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Round in both directions."""
        return g.round()


@mistake("not-rounded", asks="tb.43")
class NotRounded(_Right):
    """Your forward returns the numbers of x as they are. The straight line is for backward alone;
    what goes forward has to be rounded, or the loss never sees what rounding costs. Look at
    forward."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Copy."""
        return x.clone()


@mistake("always-down")
class AlwaysDown(_Right):
    """Your forward takes the whole number below x, also where the one above is nearer. So all
    errors have the same sign and add up. Look for the nearest one."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Take the floor."""
        return x.floor()


@mistake("towards-zero")
class TowardsZero(_Right):
    """Your forward drops what stands behind the point, as int() does. So 1.9 becomes 1 and -1.9
    becomes -1, though the nearest whole number is another one. Look at what the task calls
    rounding."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Truncate."""
        return x.trunc()


@mistake("halves-up")
class HalvesUp(_Right):
    """Your forward turns every half upwards. If halves always go the same way, sums drift; so torch
    takes the even neighbour: 0.5 becomes 0 and 1.5 becomes 2. Look at what you do at a half."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Add a half and take the floor."""
        return (x + 0.5).floor()


@mistake("whole-number-type")
class WholeNumberType(_Right):
    """Your forward returns integers by their dtype. Whole numbers can be stored as floats, and only
    floats can have a gradient: from a tensor of int64 nothing flows back. Keep the dtype of x."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Convert."""
        return x.round().long()


@mistake("x-written-to")
class XWrittenTo(_Right):
    """Your forward rounds the caller's x itself, in place. A weight that is rounded after each step
    loses the small moves by which it learns. Return a new tensor."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        """Work in place."""
        return x.round_().clone()


@mistake("gradient-cut-off")
class GradientCutOff(_Right):
    """Your backward hands on the right numbers, but they are cut off from the graph, so gradients
    of gradients miss a part. A copy by detach, .data or under no_grad() forgets where it came from.
    Look at what you do to g."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Detach."""
        return g.detach()
