"""Mistakes of slice_minimum."""

from __future__ import annotations

from typing import Any

from m12_line import slice_minimum
from torch import Tensor

from autograder.course.marks import mistake


@mistake("global-optimum", asks="m2.4c")
def global_optimum(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """You returned the number of the best line overall. The other parameter is fixed to another
    value, and on that cut through the surface the lowest point is another one too: a wrong slope
    has a best bias of its own. Look at where you use the fixed number."""
    dx, dy = x - x.mean(), y - y.mean()
    best = (dx * dy).sum() / (dx * dx).sum()
    return (best if slope is None else y.mean() - best * x.mean()).item()


@mistake("covariance-over-variance")
def covariance_over_variance(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """Your bias for a fixed slope is right, but for a fixed bias you returned covariance over
    variance. That is the slope of the best line overall, whose bias is another one: the fixed bias
    never enters. Set the derivative for the slope alone to zero."""
    if slope is None:
        return global_optimum(x, y, bias=bias)
    return slice_minimum(x, y, slope=slope)


@mistake("mean-x-ignored")
def mean_x_ignored(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """For a fixed slope you returned the mean of y. That is the best height of a flat line only, or
    where x has mean 0: a slope lifts the predictions by itself, by slope times the mean of x. Look
    at what is left of y for the bias."""
    return slice_minimum(x, y, bias=bias) if slope is None else y.mean().item()


@mistake("sign")
def sign(x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None) -> float:
    """You added the fixed part to y where it has to be subtracted: the other parameter explains
    what the fixed one leaves over. Look at the sign before slope times x, and before the bias."""
    if slope is not None:
        return (y + slope * x).mean().item()
    return ((x * (y + bias)).sum() / x.square().sum()).item()


@mistake("errors-turned-round")
def errors_turned_round(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """Your number has the wrong sign. You took the fixed part minus y; what the other parameter has
    to add is y minus the fixed part. Look at the order of your subtraction."""
    return -slice_minimum(x, y, slope=slope, bias=bias)


@mistake("fixed-bias-ignored")
def fixed_bias_ignored(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """For a fixed bias you returned the best slope of a line through 0, whatever the bias is. A
    line that starts higher has to rise less. Look at where the bias enters your formula for the
    slope."""
    if slope is None:
        bias = 0.0
    return slice_minimum(x, y, slope=slope, bias=bias)


@mistake("mean-of-ratios")
def mean_of_ratios(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """For a fixed bias you averaged the slopes that would suit each point alone. Points near x = 0
    then decide nearly everything, though they say least about the slope. Set the derivative of the
    cost to zero instead."""
    if slope is not None:
        return slice_minimum(x, y, slope=slope)
    return ((y - bias) / x).mean().item()


@mistake("zero-taken-for-none")
def zero_taken_for_none(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """You asked whether the slope is true, as in `if slope`. A slope of 0 counts as false, like
    None, but a flat line is a fixed slope too, and your code goes on as if the bias were given.
    Compare with None itself. Look at your condition."""
    if slope:
        return (y - slope * x).mean().item()
    return ((x * (y - bias)).sum() / x.square().sum()).item()


@mistake("tensor-returned")
def tensor_returned(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> Tensor:
    """You returned a tensor; the task asks for a plain float. A tensor carries a dtype, a device
    and perhaps a graph, which the caller did not ask for. Take the number out at the end."""
    return x.new_tensor(slice_minimum(x, y, slope=slope, bias=bias))


@mistake("sums-divided")
def sums_divided(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> float:
    """For a fixed bias you divided the sum of y minus the bias by the sum of x. That makes the mean
    error 0, not the squared error smallest: each row has to be weighed by its x. Set the derivative
    for the slope to zero."""
    if slope is not None:
        return slice_minimum(x, y, slope=slope)
    return ((y - bias).sum() / x.sum()).item()


@mistake("both-returned")
def both_returned(
    x: Tensor, y: Tensor, *, slope: float | None = None, bias: float | None = None
) -> Any:
    """You return a pair. The task asks for one float, the number that was not given: the other one
    the caller knows. Look at your return statement."""
    best = slice_minimum(x, y, slope=slope, bias=bias)
    return (best, bias) if slope is None else (slope, best)
