"""Mistakes of LinearFn."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from autograder.course.marks import mistake


class _Right(torch.autograd.Function):
    """A right one, whose parts the mistakes replace."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, b: Tensor | None) -> Tensor:
        """Keep both factors."""
        ctx.save_for_backward(x, w)
        return nn.functional.linear(x, w, b)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Compute what is needed."""
        return _entries(ctx, g)


def _entries(ctx: Any, g: Tensor) -> tuple[Tensor | None, ...]:
    x, w = ctx.saved_tensors
    for_x, for_w, for_b = ctx.needs_input_grad
    gx = torch.mm(g, w) if for_x else None
    gw = torch.mm(g.T, x) if for_w else None
    return gx, gw, g.sum(dim=0) if for_b else None


@mistake("bias-not-summed", asks="lr.40")
class BiasNotSummed(_Right):
    """Your backward returns g itself for b, with a row for each row of x. b was added to every row,
    so its gradient is a sum over them. autograd adds the rows up for you and nobody sees it; but
    who calls backward() gets the wrong shape."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Leave the rows."""
        gx, gw, gb = _entries(ctx, g)
        return gx, gw, gb if gb is None else g


@mistake("bias-averaged", asks="lr.40")
class BiasAveraged(_Right):
    """Your gradient of b is the mean of the rows of g. If the loss is a mean, g has that factor in
    it already, so you divide twice. b was added to each row: look at how the rows of g are
    joined."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Take the mean."""
        gx, gw, gb = _entries(ctx, g)
        return gx, gw, gb if gb is None else g.mean(dim=0)


@mistake("weights-averaged", asks="lr.40")
class WeightsAveraged(_Right):
    """Your gradient of w is divided by the number of rows. Dividing belongs to the loss: if it is a
    mean, g has the factor in it already. backward only multiplies g by what each weight met."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Divide by the rows."""
        gx, gw, gb = _entries(ctx, g)
        return gx, gw if gw is None else gw / len(g), gb


@mistake("weights-turned", asks="lr.40")
class WeightsTurned(_Right):
    """Your gradient of w is turned: it is [I, O], and w is [O, I]. torch refuses it, or takes the
    wrong numbers where both sizes are equal. A gradient has the shape of what it belongs to: look
    at the order of your factors."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Multiply in the other order."""
        gx, gw, gb = _entries(ctx, g)
        return gx, gw if gw is None else gw.T, gb


@mistake("g-ignored", asks="lr.40 tb.4")
class GIgnored(_Right):
    """Your backward takes ones for g, as if the loss were the plain sum of the outputs. Each
    operation multiplies its own derivative by what arrives from behind; only the last of all starts
    with 1. Look at where g comes in."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Put ones in its place."""
        return _entries(ctx, torch.ones_like(g))


@mistake("two-entries", asks="tb.4")
class TwoEntries(_Right):
    """Your backward has no entry for b. autograd goes back to all inputs of forward, in their
    order, and wants one entry for each, None where there is nothing to say. Look at how many you
    return."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Stop after w."""
        return _entries(ctx, g)[:2]


@mistake("weights-not-turned")
class WeightsNotTurned(_Right):
    """Your forward multiplies x by w as it is. w is [O, I], with a row for each output: the sizes
    do not fit, or, where they are equal, you take the wrong numbers. Look at the product that the
    task writes."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, b: Tensor | None) -> Tensor:
        """Leave w as it is."""
        ctx.save_for_backward(x, w)
        return x @ w if b is None else torch.addmm(b, x, w)


@mistake("separate", asks="lr.53")
class Separate(_Right):
    """Your numbers are right, but forward multiplies first and adds b afterwards: two operations,
    with the bare product in memory between them. Look for one operation of torch that does both."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, b: Tensor | None) -> Tensor:
        """Do one after the other."""
        out = _Right.forward(ctx, x, w, None)
        return out if b is None else out + b


@mistake("bias-required")
class BiasRequired(_Right):
    """Your forward cannot do without a bias: with None for b it hands None to an operation that
    needs a tensor. Look at what should happen where there is nothing to add."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, b: Tensor | None) -> Tensor:
        """Count on a tensor."""
        ctx.save_for_backward(x, w)
        return torch.addmm(b, x, w.T)  # type: ignore[arg-type]


@mistake("bias-left-out")
class BiasLeftOut(_Right):
    """Your forward never uses b: every output is off by it, while backward still finds a gradient
    for it. Look at what forward hands to the operation."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, b: Tensor | None) -> Tensor:
        """Multiply only."""
        return _Right.forward(ctx, x, w, None)


@mistake("always-computed")
class AlwaysComputed(_Right):
    """Your backward computes all gradients, whether anybody needs them or not. In the first layer
    nobody asks for that of the data, and its product is often the most expensive one. ctx knows
    which inputs require theirs; give None for the others."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Ask nobody."""
        x, w = ctx.saved_tensors
        return g @ w, g.T @ x, g.sum(dim=0)


@mistake("computed-and-dropped")
class ComputedAndDropped(_Right):
    """Your backward returns None where nothing is needed, but only after it has multiplied: the
    time is spent all the same. Ask ctx first, and multiply afterwards."""

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Drop what was made."""
        every = AlwaysComputed.backward(ctx, g)
        needed = ctx.needs_input_grad
        return tuple(each if need else None for each, need in zip(every, needed, strict=True))


@mistake("cut-off-copies")
class CutOffCopies(_Right):
    """Your gradients are right once, but not when they are differentiated again: what you keep of x
    and w is cut off from the graph. save_for_backward keeps the inputs themselves, with their
    history. Look at what you store."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, b: Tensor | None) -> Tensor:
        """Store copies without a graph."""
        result = _Right.forward(ctx, x, w, b)
        ctx.copies = x.detach().clone(), w.detach().clone()
        return result

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        """Use the copies."""
        x, w = ctx.copies
        for_x, for_w, for_b = ctx.needs_input_grad
        gx, gw = g @ w if for_x else None, g.T @ x if for_w else None
        return gx, gw, g.sum(0) if for_b else None
