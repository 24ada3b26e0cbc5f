"""Mistakes of newton_sqrt."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.course.marks import mistake


def _iterated(a: Any, x: Any, tol: float, scale: Any) -> Any:
    """Iterate from x until the error of the square is small beside a scale."""
    while True:
        x = (x + a / x) / 2
        if abs(x * x - a) <= tol * scale:
            return x


@mistake("numbers-taken-out", asks="tb.24")
def numbers_taken_out(a: Tensor, tol: float) -> Any:
    """You iterate with plain numbers, or with recording off, and wrap the last one. The root is
    right, but nothing leads from it back to a, so it has no derivative. Let the update work on the
    tensors; only the test may look at numbers."""
    return _iterated(a.detach(), a.detach(), tol, a.detach())


@mistake("number-returned")
def number_returned(a: Tensor, tol: float) -> Any:
    """You return a Python number. It has neither a dtype nor a graph behind it, so nothing can be
    differentiated. Keep x a tensor from the start to the end."""
    return float(_iterated(a.detach(), a.detach(), tol, a.detach()))


@mistake("ten-iterations")
def ten_iterations(a: Tensor, tol: float) -> Any:
    """You iterate ten times, whatever a and tol are. For some numbers that is more than was asked
    for, for others too few. Let the test of the task decide when to stop."""
    x = a
    for _ in range(10):
        x = (x + a / x) / 2
    return x


@mistake("updated-in-place")
def updated_in_place(a: Tensor, tol: float) -> Any:
    """You write each new x over the old one. The division had saved the old number for the backward
    pass, which now refuses to go on. Let the name x stand for a new tensor in every round."""
    x = a.clone()
    while True:
        x.add_(a / x).div_(2)
        if abs(x * x - a) <= tol * a:
            return x


@mistake("absolute-tolerance")
def absolute_tolerance(a: Tensor, tol: float) -> Any:
    """You compare the error with tol itself. For large a that asks for more than was wanted, for
    small a for less. The task makes tol relative: look at the right side of the test."""
    return _iterated(a, a, tol, 1)


@mistake("tested-first", asks="tb.24")
def tested_first(a: Tensor, tol: float) -> Any:
    """You test before the first update. At a = 1 the start is near enough, no iteration is made,
    and you return a itself, whose derivative is 1 and not near a half. Update first, then test."""
    return a if abs(a * a - a) <= tol * a else _iterated(a, a, tol, a)


@mistake("one-too-many")
def one_too_many(a: Tensor, tol: float) -> Any:
    """You make one iteration more than the task asks for: your test looks at the x before the
    update. Test the new x, and stop as soon as it is good enough."""
    x = _iterated(a, a, tol, a)
    if abs(a * a - a) <= tol * a:
        return x
    return (x + a / x) / 2


@mistake("started-at-half")
def started_at_half(a: Tensor, tol: float) -> Any:
    """You start at a / 2. Newton's iteration finds the root from there as well, but stops elsewhere
    within the tolerance. The task starts at a. Look at the line before the loop."""
    return _iterated(a, a / 2, tol, a)


@mistake("step-tested")
def step_tested(a: Tensor, tol: float) -> Any:
    """You stop when x hardly moves any more. The task stops when the square of x is near enough to
    a, which is another number of iterations. Look at what you compare with tol * a."""
    x = a
    while True:
        old, x = x, (x + a / x) / 2
        if abs(x - old) <= tol * a:
            return x


@mistake("ready-made-root")
def ready_made_root(a: Tensor, tol: float) -> Any:
    """You return the exact root, from torch.sqrt or a power. The task asks for Newton's iteration,
    which stops as soon as tol allows, and for the derivative of what it did."""
    return a.sqrt()


@mistake("history-cut")
def history_cut(a: Tensor, tol: float) -> Any:
    """Your derivative follows only the last update, or a alone: x is cut off from its history in
    between. The task wants that of all iterations. Look for detach() or .data within the loop."""
    x = a
    while True:
        x = x.detach()
        x = (x + a / x) / 2
        if abs(x * x - a) <= tol * a:
            return x
