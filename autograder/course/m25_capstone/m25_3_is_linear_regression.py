"""Mistakes of is_linear_regression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from m25_capstone import is_linear_regression
from torch import Tensor

from autograder.course.marks import mistake

Function: TypeAlias = Callable[[Tensor], Tensor]


@mistake("bias-rejected", asks="lr.22")
def bias_rejected(f: Function, dim: int, device: Any) -> bool:
    """You ask that f of a sum is the sum of the values, which holds only where f is 0 at 0. A bias
    shifts a linear regression away from there, and it stays one. Take f(0) off first, or use
    points for which the bias cancels."""
    p, q = _normal(dim, device)
    return bool(((f(p + q) - f(p) - f(q)).abs() < 1e-6).all())


@mistake("one-feature-at-a-time", asks="gd.1")
def one_feature_at_a_time(f: Function, dim: int, device: Any) -> bool:
    """You move one feature while the others stay 0, and there a product of two features does not
    show. In a linear regression each feature has a weight of its own, whatever the others are.
    Let all features vary at once."""
    fits = True
    for i in range(dim):
        p, q = _normal(dim, device)
        axis = torch.arange(dim, device=device) == i
        fits = fits and _straight(f, p * axis, q * axis)
    return fits


@mistake("whole-numbers")
def whole_numbers(f: Function, dim: int, device: Any) -> bool:
    """You ask f at whole numbers only, perhaps with points halfway between them. A wave with a
    whole period goes through the same height at all of them and looks like a constant. Draw points
    that lie on no grid."""
    p, q = _normal(dim, device)
    return _straight(f, (3 * p).round(), (3 * q).round())


@mistake("positive-only", asks="lr.1")
def positive_only(f: Function, dim: int, device: Any) -> bool:
    """You ask f at positive numbers only. An absolute value, like a ReLU, is linear on each side of
    its bend and bends where a feature changes its sign. Only an activation that changes nothing
    leaves a line: look at both sides."""
    p, q = _normal(dim, device)
    return _straight(f, p.abs(), q.abs())


@mistake("parabola-accepted", asks="lr.20")
def parabola_accepted(f: Function, dim: int, device: Any) -> bool:
    """You accept what fits weights for the features and their squares. With squares as new features
    a linear regression can fit a parabola, but f gets the plain features here, in which it is a
    curve. Allow weights for these alone."""
    p, q = _normal(dim, device)
    even = _squares(f, dim, device)
    return _straight(lambda x: f(x) - x.square() @ even, p, q)


@mistake("exact-equality")
def exact_equality(f: Function, dim: int, device: Any) -> bool:
    """You compare values exactly, but f has rounding errors, so even a linear regression misses the
    point halfway by the last digits. Allow a small difference, far below what a real bend shows."""
    p, q = _normal(dim, device)
    return bool((f((p + q) / 2) == (f(p) + f(q)) / 2).all())


@mistake("everything-accepted")
def everything_accepted(f: Function, dim: int, device: Any) -> bool:
    """You say True for every black box. Either your points lie so close together that every smooth
    function looks straight, or your tolerance is larger than any bend. Spread the points as the
    task says, and compare to its numbers."""
    return True


@mistake("opposite-points")
def opposite_points(f: Function, dim: int, device: Any) -> bool:
    """You compare each point with its opposite only, with zero halfway between. A cube, or a wave,
    bends the same way on both sides, and the two bends cancel. Draw the two points independently
    of each other."""
    p, _ = _normal(dim, device)
    return _straight(f, p, -p)


@mistake("not-a-bool")
def not_a_bool(f: Function, dim: int, device: Any) -> Any:
    """Your answers are right, but they are tensors that hold a bool, and a bool of Python was
    asked. A comparison of tensors returns a tensor, even of one element. Turn it into a bool before
    you return it."""
    return torch.tensor(is_linear_regression(f, dim, device))


def _normal(dim: int, device: Any) -> tuple[Tensor, Tensor]:
    p, q = torch.randn(2, 200, dim, dtype=torch.float64, device=device)
    return p, q


def _straight(f: Function, p: Tensor, q: Tensor) -> bool:
    return bool(((f(p) + f(q)) / 2 - f(p / 2 + q / 2)).abs().max() < 1e-5)


def _squares(f: Function, dim: int, device: Any) -> Tensor:
    """Return the weight that the square of each feature would have."""
    units = torch.eye(dim, dtype=torch.float64, device=device)
    return (f(units) + f(-units)) / 2 - f(0 * units)
