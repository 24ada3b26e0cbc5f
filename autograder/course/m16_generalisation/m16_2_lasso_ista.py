"""Mistakes of lasso_ista."""

from __future__ import annotations

from collections.abc import Callable

import torch
from m16_generalisation import lasso_ista
from torch import Tensor

from autograder.course.marks import mistake


@mistake("along-a-subgradient", asks="lr.57")
def along_a_subgradient(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """You added lam times the sign of w to the gradient. Such steps jump from one side of 0 to the
    other and never end on it, so no weight becomes exactly 0. Look at how soft-thresholding treats
    a number smaller than t."""
    rate = _rate(x, y)
    w = x.new_zeros(y.shape[1], x.shape[1])
    for _ in range(steps):
        w = w - rate * (_slope(x, y, w) + lam * w.sign())
    return w


@mistake("threshold-lam", asks="lr.57")
def threshold_lam(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """You thresholded with lam itself. A step of the length 1/L takes only 1/L of the penalty's
    slope as well, so every number is shrunk by the wrong amount. Look at what t is."""
    return _ista(x, y, steps, lambda v: _soft(v, lam))


@mistake("hard-threshold", asks="lr.57")
def hard_threshold(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """You set the small numbers to 0 and left the others where they were. That is hard
    thresholding. The penalty pulls on large weights as well: each comes nearer to 0 by t. Look at
    the numbers beyond t."""
    limit = _rate(x, y) * lam
    return _ista(x, y, steps, lambda v: torch.where(v.abs() > limit, v, 0))


@mistake("signs-lost")
def signs_lost(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """Your thresholding loses the signs: what it returns is never negative, since you shrink the
    absolute values and go on with them. A weight of -3 shrinks to something near -3. Look for what
    gives the sign back."""
    return _ista(x, y, steps, lambda v: _soft(v, _rate(x, y) * lam).abs())


@mistake("negative-ones-dropped")
def negative_ones_dropped(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """Your thresholding makes 0 of every negative number: t is taken from the number itself, not
    from its size. Weights below 0 should come nearer to 0 from their own side. Look at what a large
    negative number becomes."""
    return _ista(x, y, steps, lambda v: _soft(v, _rate(x, y) * lam).clamp(min=0))


@mistake("no-penalty", asks="lr.16")
def no_penalty(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """These are the weights of gradient descent on the mean squared error alone: lam has no effect.
    Nothing then keeps the weights from fitting the noise of the training rows. Look at the second
    part of a step."""
    return lasso_ista(x, y, 0.0, steps)


@mistake("mean-over-rows")
def mean_over_rows(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """Your squared error is a mean over the N rows, a sum over the targets. With several targets it
    then outweighs the penalty O times as much. The mean runs over all N x O elements: look at what
    you divide by, in the gradient and in L."""
    return lasso_ista(x, y, lam / y.shape[1], steps)


@mistake("half-the-error", asks="lr.16")
def half_the_error(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """You halved the squared error, as many books do. Beside half an error the same lam counts
    twice: your t is twice as large. Look for the factor 2 of the derivative of a square, in the
    gradient and in L."""
    return lasso_ista(x, y, 2 * lam, steps)


@mistake("sum-for-mean")
def sum_for_mean(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """Your squared error is a sum, not a mean, in the gradient and in L. Beside a sum of N x O
    squares the same lam hardly counts, and the less the more rows there are. Look at what the mean
    divides by."""
    return lasso_ista(x, y, lam / y.numel(), steps)


@mistake("steps-twice-as-long")
def steps_twice_as_long(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """Your L is half of what it should be, so your steps, and t, are twice as long. The Hessian of
    a mean of squares has a factor 2, as its gradient has. Look at how you compute L."""
    return _ista(x, y, steps, lambda v: _soft(v, 2 * _rate(x, y) * lam), 2.0)


@mistake("all-eigenvalues-added")
def all_eigenvalues_added(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """Your L is the sum of all eigenvalues of the Hessian, which also a Frobenius norm of x leads
    to. The steps are then safe, but too short. Look for the norm that is the largest singular
    value."""
    short = (torch.linalg.matrix_norm(x, 2) / torch.linalg.matrix_norm(x)).square().item()
    return _ista(x, y, steps, lambda v: _soft(v, short * _rate(x, y) * lam), short)


@mistake("thresholded-once")
def thresholded_once(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """You made all gradient steps first and thresholded once, at the end. The other weights cannot
    answer to that any more, though what one of them lost, they have to take over. Both parts belong
    into every step."""
    w = lasso_ista(x, y, 0.0, steps)
    return _soft(w, _rate(x, y) * lam)


@mistake("axes-exchanged")
def axes_exchanged(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """Your w has one row per feature, [I, O]. The task asks for one row per target, [O, I], as
    nn.Linear stores it. Look at the shape that you begin with, or turn the result."""
    return lasso_ista(x, y, lam, steps).T


@mistake("one-step-more")
def one_step_more(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """You make one step more than was asked for; with steps=0 the weights should still be 0. Look
    at the bounds of your loop, and at what you do before and after it."""
    return lasso_ista(x, y, lam, steps + 1)


def _ista(
    x: Tensor, y: Tensor, steps: int, shrink: Callable[[Tensor], Tensor], factor: float = 1.0
) -> Tensor:
    w = x.new_zeros(y.shape[1], x.shape[1])
    for _ in range(steps):
        w = shrink(w - factor * _rate(x, y) * _slope(x, y, w))
    return w


def _rate(x: Tensor, y: Tensor) -> Tensor:
    largest: Tensor = torch.linalg.matrix_norm(x, 2)
    return y.numel() / (2 * largest.square())


def _slope(x: Tensor, y: Tensor, w: Tensor) -> Tensor:
    return 2 / y.numel() * (x @ w.T - y).T @ x


def _soft(v: Tensor, limit: Tensor | float) -> Tensor:
    return v.sign() * (v.abs() - limit).clamp(min=0)
