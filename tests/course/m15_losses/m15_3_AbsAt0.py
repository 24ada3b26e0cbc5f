"""Other ways to do AbsAt0."""

from __future__ import annotations

import torch
from torch.autograd import Function

from autograder.course.marks import restated, right, wrong


class Base(Function):
    """A right one that keeps the slopes, whose parts are replaced."""

    @staticmethod
    def forward(ctx, x, s):
        if s > 1 or s < -1:
            raise ValueError("no subgradient")
        ctx.slopes = x.sign().masked_fill(x == 0, s)
        return x * x.sign()

    @staticmethod
    def backward(ctx, g):
        return ctx.slopes * g, None


@right()
class SlopesKept(Base):
    """Computes the slopes in forward."""


@right()
class TwoWheres(Function):
    """Tells three cases apart, one after the other."""

    @staticmethod
    def forward(ctx, x, s):
        if not abs(s) <= 1:
            raise ValueError
        ctx.x, ctx.s = x.detach().clone(), s
        return torch.where(x < 0, -x, x) + 0.0

    @staticmethod
    def backward(ctx, g):
        down = torch.where(ctx.x < 0, -g, ctx.s * g)
        return torch.where(ctx.x > 0, g, down), None


@right()
class ContextApart(Function):
    """Keeps what is needed in setup_context."""

    @staticmethod
    def forward(x, s):
        if s not in (-1, 1) and not -1 < s < 1:
            raise ValueError("s")
        return x.abs()

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, ctx.s = inputs
        ctx.save_for_backward(x)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        slopes = (x > 0).to(g) - (x < 0).to(g) + ctx.s * (x == 0).to(g)
        return slopes.mul_(g), None


@wrong()
class NearZeroIsZero(Base):
    """Takes small numbers for 0."""

    @staticmethod
    def forward(ctx, x, s):
        result = Base.forward(ctx, x, s)
        ctx.slopes = torch.where(x.abs() < 0.5, torch.full_like(x, s), x.sign())
        return result


@wrong()
class CloseToZeroIsZero(Base):
    """Asks by isclose whether a number is 0."""

    @staticmethod
    def forward(ctx, x, s):
        result = Base.forward(ctx, x, s)
        zero = torch.isclose(x, torch.zeros_like(x))
        ctx.slopes = torch.where(zero, torch.full_like(x, s), x.sign())
        return result


@wrong()
class SquareRoot(Base):
    """Rounds tiny numbers away by a small term under the root."""

    @staticmethod
    def forward(ctx, x, s):
        Base.forward(ctx, x, s)
        return (x * x + 1e-6).sqrt()


@wrong()
class Asserts(Base):
    """Refuses by an assertion."""

    @staticmethod
    def forward(ctx, x, s):
        assert -1 <= s <= 1
        return Base.forward(ctx, x, s)


@wrong(named="g-ignored")
class SignOfG(Base):
    """Uses the sign of g alone."""

    @staticmethod
    def backward(ctx, g):
        return ctx.slopes * g.sign(), None


@wrong()
class GAddedUp(Base):
    """Adds up all that arrives."""

    @staticmethod
    def backward(ctx, g):
        return ctx.slopes * g.sum(), None


@wrong()
class OnlyPositiveEnd(Base):
    """Looks at one end only."""

    @staticmethod
    def forward(ctx, x, s):
        if s > 1:
            raise ValueError("too steep")
        return Base.forward(ctx, x, max(s, -1))


@wrong()
class SAddedToSign(Base):
    """Rounds s to a sign."""

    @staticmethod
    def forward(ctx, x, s):
        return Base.forward(ctx, x, int(s) if abs(s) <= 1 else s)


@wrong()
class MinusZero(Base):
    """Looks at the sign of -0.0."""

    @staticmethod
    def forward(ctx, x, s):
        result = Base.forward(ctx, x, s)
        ctx.slopes = torch.where(x.signbit() & (x == 0), torch.full_like(x, -s), ctx.slopes)
        return result


@wrong()
class Halved(Base):
    """Halves the slopes."""

    @staticmethod
    def backward(ctx, g):
        return ctx.slopes * g / 2, None


@restated("x-over-its-size")
class Quotient(Base):
    """A quotient by way of forward's result."""

    @staticmethod
    def forward(ctx, x, s):
        result = Base.forward(ctx, x, s)
        ctx.slopes = result / x
        return result


@restated("g-ignored")
class SlopesReturned(Base):
    """Returns what was kept."""

    @staticmethod
    def backward(ctx, g):
        return ctx.slopes, None


@restated("entries-of-backward")
class GradientForS(Base):
    """Gives a gradient for s, too."""

    @staticmethod
    def backward(ctx, g):
        return ctx.slopes * g, g.sum()


@restated("s-among-the-tensors")
class BothSaved(Base):
    """Saves x and s, after the check."""

    @staticmethod
    def forward(ctx, x, s):
        result = Base.forward(ctx, x, s)
        ctx.save_for_backward(x, s)
        return result


@restated("s-ignored")
class SignKept(Base):
    """Keeps the sign alone."""

    @staticmethod
    def forward(ctx, x, s):
        result = Base.forward(ctx, x, s)
        ctx.slopes = torch.sign(x)
        return result


@restated("s-without-g")
class Indexed(Base):
    """Writes s into the product."""

    @staticmethod
    def forward(ctx, x, s):
        ctx.zero, ctx.s = x == 0, s
        return Base.forward(ctx, x, s)

    @staticmethod
    def backward(ctx, g):
        grad = ctx.slopes * g
        grad[ctx.zero] = ctx.s
        return grad, None


@restated("s-below-0")
class NotAbove(Base):
    """Two cases by a mask."""

    @staticmethod
    def forward(ctx, x, s):
        result = Base.forward(ctx, x, s)
        ctx.slopes = torch.ones_like(x).masked_fill(~(x > 0), s)
        return result


@restated("zero-counts-as-above")
class NotBelow(Base):
    """Two cases by another mask."""

    @staticmethod
    def forward(ctx, x, s):
        result = Base.forward(ctx, x, s)
        ctx.slopes = torch.ones_like(x).masked_fill(x < 0, -1)
        return result


@restated("sign-lost")
class ResultKept(Base):
    """Looks at the result in place of x."""

    @staticmethod
    def forward(ctx, x, s):
        result = Base.forward(ctx, x, s)
        ctx.slopes = result.sign().masked_fill(result == 0, s)
        return result


@restated("any-s")
class Unchecked(Base):
    """Clamps in place of refusing."""

    @staticmethod
    def forward(ctx, x, s):
        return Base.forward(ctx, x, min(max(s, -1.0), 1.0))


@restated("ends-refused")
class EndsLeftOut(Base):
    """Compares with >= where > is asked for."""

    @staticmethod
    def forward(ctx, x, s):
        if abs(s) >= 1:
            raise ValueError("not between")
        return Base.forward(ctx, x, s)


@restated("below-0-refused")
class NotNegative(Base):
    """Takes s for a share."""

    @staticmethod
    def forward(ctx, x, s):
        if s < 0:
            raise ValueError("negative")
        return Base.forward(ctx, x, s)


@restated("x-written-to")
class Overwritten(Base):
    """Multiplies x in place."""

    @staticmethod
    def forward(ctx, x, s):
        x.mul_(x.sign())
        return Base.forward(ctx, x, s)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "staticmethod -> nothing": "apply() calls both on the class, where they are functions",
}
