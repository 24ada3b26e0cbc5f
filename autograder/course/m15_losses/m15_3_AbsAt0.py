"""Mistakes of AbsAt0."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.course.marks import mistake


class _Right(torch.autograd.Function):
    """A right one, whose parts the mistakes replace."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, s: float) -> Tensor:
        """Keep x and s."""
        if abs(s) > 1:
            raise ValueError(s)
        ctx.save_for_backward(x)
        ctx.s = s
        return x.abs()

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Multiply g by the slope."""
        (x,) = ctx.saved_tensors
        return g * slope(x, ctx.s), None


def slope(x: Tensor, s: float) -> Tensor:
    """Return the slope at each number."""
    return torch.sign(x) + s * (x == 0)


@mistake("x-over-its-size")
class XOverItsSize(_Right):
    """Your backward divides x by its absolute value. At 0 that is 0 / 0, nan, and s has no effect
    there. The slope at the corner has to be put in apart."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Divide."""
        (x,) = ctx.saved_tensors
        return g * (x / x.abs()), None


@mistake("g-ignored")
class GIgnored(_Right):
    """Your backward returns the slopes alone and does not use g. By the chain rule they have to be
    multiplied by what arrives, or all that was computed after AbsAt0 is forgotten."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Leave g out."""
        (x,) = ctx.saved_tensors
        return slope(x, ctx.s), None


@mistake("entries-of-backward")
class EntriesOfBackward(_Right):
    """torch refuses what your backward returns. It wants one entry for each input of forward, in
    their order, and None for s, since that is a plain number. Look at how many entries you return,
    and which."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Return one entry for two inputs."""
        (x,) = ctx.saved_tensors
        return g * slope(x, ctx.s)


@mistake("s-among-the-tensors")
class SAmongTheTensors(_Right):
    """You hand s to save_for_backward, which keeps tensors only. What is no tensor is kept as an
    attribute of ctx. Look at where forward keeps what backward needs."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, s: float) -> Tensor:
        """Keep both in one place."""
        result = _Right.forward(ctx, x, s)
        ctx.save_for_backward(x, s)
        return result


@mistake("s-ignored", asks="lr.57")
class SIgnored(_Right):
    """Your backward gives 0 at 0 whatever s is, as torch's own abs does. A subgradient may be
    another number, and here the caller chooses it. Look at where s comes in."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Leave s out."""
        (x,) = ctx.saved_tensors
        return g * x.sign(), None


@mistake("s-without-g")
class SWithoutG(_Right):
    """At 0 your backward returns s itself. The chain rule holds at the corner, too: whatever slope
    is chosen there has to be multiplied by g. Look at which part of your expression g reaches."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Put s in last."""
        (x,) = ctx.saved_tensors
        return torch.where(x == 0, ctx.s, g * x.sign()), None


@mistake("s-below-0", asks="lr.57")
class SBelow0(_Right):
    """Your backward uses s for all numbers that are not above 0. Below 0 the graph is a straight
    line, whose slope nobody can choose. s is for the corner alone."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Tell two cases apart."""
        (x,) = ctx.saved_tensors
        return torch.where(x > 0, g, g * ctx.s), None


@mistake("zero-counts-as-above")
class ZeroCountsAsAbove(_Right):
    """Your backward takes slope 1 at 0, as if 0 were above 0. There the caller's s is the slope.
    Look at the comparison: it has to tell three cases apart."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Compare with >=."""
        (x,) = ctx.saved_tensors
        return torch.where(x >= 0, g, -g), None


@mistake("sign-lost")
class SignLost(_Right):
    """Your backward takes slope 1 also where x is below 0. There the absolute value falls as x
    grows, so the gradient turns its sign. Look at the numbers below 0."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Take the size of the slope."""
        (x,) = ctx.saved_tensors
        return torch.where(x == 0, g * ctx.s, g), None


@mistake("any-s", asks="lr.57")
class AnyS(_Right):
    """Your AbsAt0 takes any s. A line through the corner that is steeper than both sides cuts
    through the graph, so its slope is no subgradient. Such an s has to be refused with a
    ValueError."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, s: float) -> Tensor:
        """Look at nothing."""
        ctx.save_for_backward(x)
        ctx.s = s
        return x.abs()


@mistake("ends-refused", asks="lr.57")
class EndsRefused(_Right):
    """Your AbsAt0 refuses 1 or -1. These are the slopes of both sides, and lines with them lie
    along the graph, nowhere above it: they are subgradients, too. Look at the comparison."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, s: float) -> Tensor:
        """Refuse both ends."""
        if not -1 < s < 1:
            raise ValueError(s)
        ctx.save_for_backward(x)
        ctx.s = s
        return x.abs()


@mistake("below-0-refused", asks="lr.57")
class Below0Refused(_Right):
    """Your AbsAt0 refuses an s below 0. Lines that fall through the corner lie below the graph as
    well, as long as they are not steeper than its left side. Look at the lower end."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, s: float) -> Tensor:
        """Begin at 0."""
        if not 0 <= s <= 1:
            raise ValueError(s)
        ctx.save_for_backward(x)
        ctx.s = s
        return x.abs()


@mistake("x-written-to")
class XWrittenTo(_Right):
    """Your forward writes the absolute values over x, so the caller's numbers are lost, and no sign
    is left that backward could look at. Make a new tensor."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, s: float) -> Tensor:
        """Work in place."""
        x.abs_()
        return _Right.forward(ctx, x, s).clone()
