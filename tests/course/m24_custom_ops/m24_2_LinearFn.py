"""Other ways to do LinearFn."""

from __future__ import annotations

import torch
from torch import nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from autograder.course.marks import restated, right, wrong


class Base(Function):
    """A right one, whose parts are replaced."""

    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w, b)
        return torch.mm(x, w.t()) if b is None else torch.addmm(b, x, w.t())

    @staticmethod
    def backward(ctx, g):
        x, w, _ = ctx.saved_tensors
        gx = gw = gb = None
        if ctx.needs_input_grad[0]:
            gx = g.mm(w)
        if ctx.needs_input_grad[1]:
            gw = g.t().mm(x)
        if ctx.needs_input_grad[2]:
            gb = g.sum(0)
        return gx, gw, gb


def entries(ctx, g):
    """Return the three right entries."""
    return Base.backward(ctx, g)


@right()
class OneAfterTheOther(Base):
    """Three ifs, and addmm in forward."""


@right()
class ContextApart(Base):
    """Keeps what is needed in setup_context."""

    @staticmethod
    def forward(x, w, b):
        return nn.functional.linear(x, w, b)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)


@right()
class Einsum(Base):
    """Names the axes of each product."""

    @staticmethod
    def backward(ctx, g):
        x, w, _ = ctx.saved_tensors
        need = ctx.needs_input_grad
        return (
            torch.einsum("no,oi->ni", g, w) if need[0] else None,
            torch.einsum("no,ni->oi", g, x) if need[1] else None,
            torch.einsum("no->o", g) if need[2] else None,
        )


@right()
class TurnedTwice(Base):
    """Turns the product of the turned factors, and sums by a product with ones."""

    @staticmethod
    def backward(ctx, g):
        x, w, _ = ctx.saved_tensors
        need = ctx.needs_input_grad
        gx = (w.t() @ g.t()).t() if need[0] else None
        gw = (x.t() @ g).t() if need[1] else None
        gb = g.t() @ g.new_ones(len(g)) if need[2] else None
        return gx, gw, gb


@right()
class FactorsByNeed(Base):
    """Keeps the factors as attributes of ctx, each only where its product is needed."""

    @staticmethod
    def forward(ctx, x, w, b):
        for_x, for_w, _ = ctx.needs_input_grad
        ctx.save_for_backward(x if for_w else None, w if for_x else None)
        return nn.functional.linear(x, w, b)

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        gb = g.sum(0) if ctx.needs_input_grad[2] else None
        return (None if w is None else g @ w), (None if x is None else g.mT @ x), gb


@right()
class OuterProducts(Base):
    """Adds up the products of each row."""

    @staticmethod
    def backward(ctx, g):
        x, w, _ = ctx.saved_tensors
        need = ctx.needs_input_grad
        gx = (g[:, :, None] * w).sum(1) if need[0] else None
        gw = (g[:, :, None] * x[:, None, :]).sum(0) if need[1] else None
        return gx, gw, g.sum(dim=0) if need[2] else None


@wrong()
class Doubled(Base):
    """Doubles the gradient of w."""

    @staticmethod
    def backward(ctx, g):
        gx, gw, gb = entries(ctx, g)
        return gx, None if gw is None else 2 * gw, gb


@wrong()
class BiasKeepsItsDimension(Base):
    """Leaves a row of one in the gradient of b."""

    @staticmethod
    def backward(ctx, g):
        gx, gw, gb = entries(ctx, g)
        return gx, gw, None if gb is None else g.sum(0, keepdim=True)


@wrong()
class FlatBias(Base):
    """Adds up all of g for b."""

    @staticmethod
    def backward(ctx, g):
        gx, gw, gb = entries(ctx, g)
        return gx, gw, None if gb is None else g.sum().expand_as(gb)


@wrong()
class ZerosForNone(Base):
    """Gives zeros where nothing is needed."""

    @staticmethod
    def backward(ctx, g):
        x, w, b = ctx.saved_tensors
        every = entries(ctx, g)
        return tuple(
            torch.zeros_like(each) if got is None and each is not None else got
            for each, got in zip((x, w, b), every, strict=True)
        )


@wrong()
class AsAList(Base):
    """Returns a list."""

    @staticmethod
    def backward(ctx, g):
        return list(entries(ctx, g))


@wrong()
class FourEntries(Base):
    """Returns one entry more."""

    @staticmethod
    def backward(ctx, g):
        return *entries(ctx, g), None


@wrong()
class FirstAndSecondExchanged(Base):
    """Gives the gradients in another order."""

    @staticmethod
    def backward(ctx, g):
        gx, gw, gb = entries(ctx, g)
        return gw, gx, gb


@wrong()
class OnlyOnce(Base):
    """Refuses to be differentiated again."""

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        return entries(ctx, g)


@wrong()
class WithoutGraph(Base):
    """Works out the gradients without a graph."""

    @staticmethod
    def backward(ctx, g):
        with torch.no_grad():
            return entries(ctx, g)


@wrong()
class GDetached(Base):
    """Forgets where g came from."""

    @staticmethod
    def backward(ctx, g):
        return entries(ctx, g.detach())


@wrong()
class BiasTwice(Base):
    """Adds the bias twice."""

    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w, b)
        return nn.functional.linear(x, w, None if b is None else 2 * b)


@wrong()
class SingleForX(Base):
    """Computes the gradient of x in another precision."""

    @staticmethod
    def backward(ctx, g):
        gx, gw, gb = entries(ctx, g)
        return None if gx is None else gx.half().to(gx), gw, gb


@wrong()
class WeightsAlways(Base):
    """Multiplies for w whether that is needed or not."""

    @staticmethod
    def backward(ctx, g):
        x, _, _ = ctx.saved_tensors
        gx, _, gb = entries(ctx, g)
        gw = g.t() @ x
        return gx, gw if ctx.needs_input_grad[1] else None, gb


@restated("bias-not-summed")
class Expanded(Base):
    """Gives b a copy of g."""

    @staticmethod
    def backward(ctx, g):
        gx, gw, _ = entries(ctx, g)
        return gx, gw, g.clone() if ctx.needs_input_grad[2] else None


@restated("bias-averaged")
class SumOverRows(Base):
    """Divides the sum by the rows."""

    @staticmethod
    def backward(ctx, g):
        gx, gw, gb = entries(ctx, g)
        return gx, gw, gb if gb is None else gb / g.shape[0]


@restated("weights-averaged")
class DividedBefore(Base):
    """Divides x by the rows."""

    @staticmethod
    def backward(ctx, g):
        x, _, _ = ctx.saved_tensors
        gx, gw, gb = entries(ctx, g)
        return gx, gw if gw is None else g.t() @ (x / x.shape[0]), gb


@restated("weights-turned")
class OtherOrder(Base):
    """Multiplies x by g."""

    @staticmethod
    def backward(ctx, g):
        x, _, _ = ctx.saved_tensors
        gx, gw, gb = entries(ctx, g)
        return gx, gw if gw is None else x.t() @ g, gb


@restated("g-ignored")
class FactorsSummed(Base):
    """Adds up rows of the factors."""

    @staticmethod
    def backward(ctx, g):
        x, w, _ = ctx.saved_tensors
        need = ctx.needs_input_grad
        gx = w.sum(0).expand_as(x) if need[0] else None
        gw = x.sum(0).expand_as(w) if need[1] else None
        return gx, gw, torch.full_like(g[0], len(g)) if need[2] else None


@restated("two-entries")
class Pair(Base):
    """Names two only."""

    @staticmethod
    def backward(ctx, g):
        gx, gw, _ = entries(ctx, g)
        return gx, gw


@restated("weights-not-turned")
class PlainProduct(Base):
    """Multiplies by matmul, and fuses the sum by addmm."""

    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w, b)
        return torch.matmul(x, w) if b is None else torch.addmm(b, x, w)


@restated("separate")
class ProductAndSum(Base):
    """Writes the formula down."""

    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w, b)
        out = x @ w.t()
        if b is not None:
            out += b
        return out


@restated("bias-required")
class AddmmOnly(Base):
    """Calls addmm for everything."""

    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w, b)
        return torch.addmm(b, x, w.t())


@restated("bias-left-out")
class NeverAdded(Base):
    """Multiplies, and adds nothing."""

    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w, b)
        return torch.mm(x, w.t())


@restated("always-computed")
class NeverAsks(Base):
    """Looks at nothing."""

    @staticmethod
    def backward(ctx, g):
        x, w, _ = ctx.saved_tensors
        return torch.mm(g, w), torch.mm(g.t(), x), g.sum(0)


@restated("computed-and-dropped")
class Dropped(Base):
    """Drops at the end."""

    @staticmethod
    def backward(ctx, g):
        x, w, _ = ctx.saved_tensors
        gx, gw, gb = g.mm(w), g.t().mm(x), g.sum(0)
        a, b, c = ctx.needs_input_grad
        return gx if a else None, gw if b else None, gb if c else None


@restated("cut-off-copies")
class Data(Base):
    """Uses .data of what was saved."""

    @staticmethod
    def backward(ctx, g):
        x, w, _ = ctx.saved_tensors
        a, b, c = ctx.needs_input_grad
        gx, gw = g @ w.data if a else None, g.t() @ x.data if b else None
        return gx, gw, g.sum(0) if c else None


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "staticmethod -> nothing": "apply() calls both on the class, where they are functions",
}
