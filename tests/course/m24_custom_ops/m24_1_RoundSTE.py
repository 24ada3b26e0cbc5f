"""Other ways to do RoundSTE."""

from __future__ import annotations

import torch
from torch.autograd import Function

from autograder.course.marks import restated, right, wrong


class Base(Function):
    """A right one, whose parts are replaced."""

    @staticmethod
    def forward(ctx, x):
        ctx.x = x.detach().clone()
        return torch.round(x)

    @staticmethod
    def backward(ctx, g):
        return g


@right()
class Multiplied(Base):
    """Multiplies g by the slope 1."""

    @staticmethod
    def backward(ctx, g):
        return torch.ones_like(g) * g


@right()
class ContextApart(Function):
    """Has setup_context of its own, which keeps nothing."""

    @staticmethod
    def forward(x):
        return torch.round(x, decimals=0)

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, g):
        return (g.clone(),)


@right()
class WithoutBackward:
    """Detaches what rounding changes, and leaves the rest to autograd."""

    @staticmethod
    def apply(x):
        return x + (x.round() - x).detach()


@right()
class InPlaceOnACopy(Base):
    """Rounds a copy in place."""

    @staticmethod
    def forward(ctx, x):
        return x.clone().round_()


@right()
class EvenByHand(Base):
    """Adds a half, and goes back to the even number where that was just a half."""

    @staticmethod
    def forward(ctx, x):
        up = (x + 0.5).floor()
        odd = up.remainder(2) == 1
        return up - ((up - x == 0.5) & odd).to(x)


@wrong()
class Sign(Base):
    """Returns signs, as other networks of few bits do."""

    @staticmethod
    def forward(ctx, x):
        return x.sign()


@wrong()
class AlwaysUp(Base):
    """Takes the whole number above."""

    @staticmethod
    def forward(ctx, x):
        return x.ceil()


@wrong()
class TimesX(Base):
    """Multiplies g by x."""

    @staticmethod
    def backward(ctx, g):
        return g * ctx.x


@wrong()
class Clipped(Base):
    """Clips what arrives."""

    @staticmethod
    def backward(ctx, g):
        return g.clamp(-1, 1)


@wrong()
class HalvesAwayFromZero(Base):
    """Turns halves away from 0, as is taught at school."""

    @staticmethod
    def forward(ctx, x):
        return x.sign() * (x.abs() + 0.5).floor()


@wrong()
class AverageOfAll(Base):
    """Spreads the mean of what arrives."""

    @staticmethod
    def backward(ctx, g):
        return g.mean().expand_as(g)


@wrong()
class Doubled(Base):
    """Doubles the gradient."""

    @staticmethod
    def backward(ctx, g):
        return 2 * g


@wrong()
class SameTensor(Base):
    """Overwrites x in place and marks that."""

    @staticmethod
    def forward(ctx, x):
        x.data = x.data.round()
        return x.clone()


@wrong()
class HalfPrecision(Base):
    """Computes in float16 on the way back."""

    @staticmethod
    def backward(ctx, g):
        return g.half().to(g)


@wrong(named="gradient-cut-off")
class OnlyOnce(Base):
    """Refuses to be differentiated again."""

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, g):
        return g


@restated("slope-of-the-stairs")
class NotDetached:
    """Adds and subtracts x with its graph."""

    @staticmethod
    def apply(x):
        return x + (torch.round(x) - x)


@restated("one-for-g")
class OnesLikeX(Base):
    """Makes the ones from x."""

    @staticmethod
    def backward(ctx, g):
        return g.new_ones(ctx.x.shape)


@restated("only-near-zero")
class Window(Base):
    """Fills the outside with 0."""

    @staticmethod
    def backward(ctx, g):
        return g.masked_fill((ctx.x < -1) | (ctx.x > 1), 0.0)


@restated("gradient-rounded")
class RoundsTwice(Base):
    """Calls torch.round in backward, too."""

    @staticmethod
    def backward(ctx, g):
        return torch.round(g)


@restated("not-rounded")
class TimesOne(Base):
    """Multiplies by 1."""

    @staticmethod
    def forward(ctx, x):
        return x * 1.0


@restated("always-down")
class FloorDivision(Base):
    """Divides by 1 and floors."""

    @staticmethod
    def forward(ctx, x):
        return torch.div(x, 1, rounding_mode="floor")


@restated("towards-zero")
class ByInt(Base):
    """Goes to int and back."""

    @staticmethod
    def forward(ctx, x):
        return x.int().to(x.dtype)


@restated("halves-up")
class FloorOfMore(Base):
    """Floors a sum."""

    @staticmethod
    def forward(ctx, x):
        return torch.floor(0.5 + x)


@restated("whole-number-type")
class ToInt64(Base):
    """Names the dtype."""

    @staticmethod
    def forward(ctx, x):
        return torch.round(x).to(torch.int64)


@restated("x-written-to")
class Copied(Base):
    """Copies the rounded numbers into x."""

    @staticmethod
    def forward(ctx, x):
        return x.copy_(x.round()).clone()


@restated("gradient-cut-off")
class WithoutGrad(Base):
    """Copies without a graph."""

    @staticmethod
    def backward(ctx, g):
        with torch.no_grad():
            return g.clone()


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "staticmethod -> nothing": "apply() calls both on the class, where they are functions",
}
