"""Mistakes of regime, best_lr and steps_to."""

from __future__ import annotations

import math
from typing import Any

from m13_optimisation import best_lr, regime, steps_to
from torch import Tensor

from autograder.course.marks import mistake


@mistake("one-over-largest", asks="gd.22")
def one_over_largest(lams: Tensor) -> tuple[float, float]:
    """Your learning rate is one over the greatest curvature. The steepest distance is then gone in
    one step, but the flattest one shrinks slower than it could. A little overshooting of the
    steepest helps the flattest: look for the rate at which both are equally slow."""
    return 1 / lams.max().item(), 1 - (lams.min() / lams.max()).item()


@mistake("limit-returned")
def limit_returned(lams: Tensor) -> tuple[float, float]:
    """You return the limit of stable learning rates. There the steepest distance keeps its size for
    ever and only changes its side: its factor is -1. The fastest rate lies below."""
    return 2 / lams.max().item(), 1.0


@mistake("root-of-condition")
def root_of_condition(lams: Tensor) -> tuple[float, float]:
    """Your rate has the root of the condition number in it, as if lams were singular values of the
    table. They are curvatures, eigenvalues of the Hessian: their quotient is the condition number
    that counts, and plain gradient descent gets no root of it."""
    root = (lams.max() / lams.min()).sqrt().item()
    return best_lr(lams)[0], (root - 1) / (root + 1)


@mistake("rate-squared")
def rate_squared(lams: Tensor) -> tuple[float, float]:
    """Your rate is the square of the right one. That is by what the loss shrinks; rate is asked for
    the distance. Look at the last operation."""
    lr, rate = best_lr(lams)
    return lr, rate**2


@mistake("swapped")
def swapped(lams: Tensor) -> tuple[float, float]:
    """You return the two numbers in the other order. The task has the learning rate first, then by
    what the slowest distance shrinks with it."""
    lr, rate = best_lr(lams)
    return rate, lr


@mistake("tensors-returned")
def tensors_returned(lams: Tensor) -> Any:
    """You return tensors. The numbers are right, but the task asks for two floats, which can be
    printed and handed to an optimizer like any others."""
    least, greatest = lams.min(), lams.max()
    return 2 / (least + greatest), (greatest - least) / (greatest + least)


@mistake("ends-taken")
def ends_taken(lams: Tensor) -> tuple[float, float]:
    """You take the first and the last curvature for the smallest and the greatest. They may come in
    any order here; only some functions return them sorted. Look for the extremes."""
    least, greatest = lams[0].item(), lams[-1].item()
    return 2 / (least + greatest), (greatest - least) / (greatest + least)


@mistake("mean-curvature")
def mean_curvature(lams: Tensor) -> tuple[float, float]:
    """Your learning rate is one over the mean of all curvatures. How many there are in between does
    not matter: only the flattest and the steepest can be the slowest. Look at which curvatures you
    ask."""
    lr = 1 / lams.mean().item()
    return lr, max(abs(1 - lr * lam) for lam in lams.tolist())


@mistake("oscillating-as-diverging", replaces="regime", asks="lr.6")
def oscillating_as_diverging(lr: float, lams: Tensor) -> str:
    """You say diverging as soon as a factor is below 0. Such a distance changes its side with every
    step, yet it shrinks while the factor is above -1. Look at how large a factor is, not only at
    its sign."""
    return "monotone" if regime(lr, lams) == "monotone" else "diverging"


@mistake("smallest-asked", replaces="regime", asks="lr.19")
def smallest_asked(lr: float, lams: Tensor) -> str:
    """You ask the smallest curvature. The steepest direction is the first to swing and to explode,
    and one that explodes takes the whole loss with it. Look at which factor decides."""
    return regime(lr, lams.min()[None])


@mistake("rate-alone", replaces="regime", asks="gd.21")
def rate_alone(lr: float, lams: Tensor) -> str:
    """You compare the learning rate itself with 1 and 2. Whether a step is too long depends on how
    steep the loss is: what counts is the learning rate times a curvature. Look at the left side of
    your comparison."""
    return "monotone" if lr <= 1 else "oscillating" if lr < 2 else "diverging"


@mistake("limit-oscillates", replaces="regime")
def limit_oscillates(lr: float, lams: Tensor) -> str:
    """You say oscillating where a factor is exactly -1. That distance keeps its size for ever and
    never comes nearer; the task counts it as diverging. Look at your comparison where both sides
    are equal."""
    return "oscillating" if lr * lams.max().item() == 2 else regime(lr, lams)


@mistake("zero-oscillates", replaces="regime")
def zero_oscillates(lr: float, lams: Tensor) -> str:
    """You say oscillating where a factor is exactly 0. That distance is gone after one step and
    never changes its side. Look at your comparison where both sides are equal."""
    return "oscillating" if lr * lams.max().item() == 1 else regime(lr, lams)


@mistake("fastest-counted", replaces="steps_to", asks="gd.27")
def fastest_counted(lr: float, lams: Tensor, tol: float) -> int:
    """You count the steps of the fastest distance. After so few steps the slowest one is still
    large: training has to go on until that has shrunk. Look at which factor you choose."""
    rate = _rate(lr, lams)
    least = min(abs(1 - lr * lam) for lam in lams.tolist())
    return _counted(least, tol) if rate < 1 else steps_to(lr, lams, tol)


@mistake("flattest-alone", replaces="steps_to")
def flattest_alone(lr: float, lams: Tensor, tol: float) -> int:
    """You follow the flattest direction alone. At a large learning rate the steepest one swings and
    may be the slowest of all: its factor is below 0, and its size counts. Look at the sign of the
    factors that you compare."""
    steps_to(lr, lams, tol)  # refuses
    return _counted(1 - lr * lams.min().item(), tol)


@mistake("one-too-few", replaces="steps_to")
def one_too_few(lr: float, lams: Tensor, tol: float) -> int:
    """You stop one step before the distance has come down to tol times the start's, as where a
    quotient is rounded down. Steps are whole: after the one that you leave out it is reached."""
    steps, rate = steps_to(lr, lams, tol), _rate(lr, lams)
    return steps if rate**steps == tol or rate == 0 else steps - 1


@mistake("loss-counted", replaces="steps_to")
def loss_counted(lr: float, lams: Tensor, tol: float) -> int:
    """You count about half of the steps, those after which the loss has come down to tol times the
    start's. The loss is a square of the distance and falls twice as fast; tol is meant for the
    distance."""
    steps_to(lr, lams, tol)  # refuses
    return _counted(_rate(lr, lams) ** 2, tol)


@mistake("never-refused", replaces="steps_to")
def never_refused(lr: float, lams: Tensor, tol: float) -> int:
    """You compute a number also where the learning rate diverges. It means nothing, since the
    minimum is never reached; and where the rate is 1, its logarithm is 0. Raise the ValueError
    before you compute."""
    return _counted(_rate(lr, lams), tol)


@mistake("no-end", replaces="steps_to")
def no_end(lr: float, lams: Tensor, tol: float) -> int:
    """Your loop has no end where the learning rate diverges: the distance never comes down to tol
    times the start's. Nothing stops you but you. Raise the ValueError before the loop."""
    steps, distance = 0, 1.0
    while distance > tol:
        steps, distance = steps + 1, distance * _rate(lr, lams)
    return steps


@mistake("limit-not-refused", replaces="steps_to")
def limit_not_refused(lr: float, lams: Tensor, tol: float) -> int:
    """You refuse a rate beyond the limit, but not the limit itself, where a factor is -1. There the
    distance keeps its size for ever, and the logarithm of that is 0. Look at your comparison."""
    return _counted(1.0, tol) if _rate(lr, lams) == 1 else steps_to(lr, lams, tol)


@mistake("not-rounded", replaces="steps_to")
def not_rounded(lr: float, lams: Tensor, tol: float) -> float:
    """You return the quotient of two logarithms as it is. Steps are whole: the task wants an int,
    the first number of steps that is enough."""
    steps_to(lr, lams, tol)  # refuses
    rate = _rate(lr, lams)
    return math.log(tol) / math.log(rate) if rate else 1.0


def _rate(lr: float, lams: Tensor) -> float:
    return max(abs(1 - lr * float(lam)) for lam in lams)


def _counted(rate: float, tol: float) -> int:
    return math.ceil(math.log(tol) / math.log(rate)) if rate > 0 else 1
