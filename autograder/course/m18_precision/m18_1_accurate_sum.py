"""Mistakes of accurate_sum."""

from __future__ import annotations

from typing import Any

import torch
from m18_precision import accurate_sum
from torch import Tensor

from autograder.course.marks import mistake


@mistake("torchs-sum", asks="tb.40")
def torchs_sum(x: Tensor) -> Tensor:
    """You add in float32. Beside a large number there are no bits for the digits of a small one,
    each addition drops them, and when the large numbers have cancelled, the rest is wrong. The
    additions themselves need more digits."""
    return x.sum()


@mistake("sorted-first", asks="tb.40")
def sorted_first(x: Tensor) -> Tensor:
    """You sort the numbers by size and then add in float32. That helps where all have one sign;
    here the large ones come last, and the first of them rounds away what the small ones have
    added up to."""
    total = torch.zeros((), device=x.device)
    for value in x[x.abs().argsort(stable=True)]:
        total = total + value
    return total


@mistake("halves-added", asks="tb.40")
def halves_added(x: Tensor) -> Tensor:
    """You add the sums of halves, all in float32. In long sums fewer errors pile up that way, but a
    small number that meets a large one still loses its digits. The additions themselves need more
    digits."""
    if len(x) < 2:
        return x.new_zeros(()) + x.sum()
    middle = len(x) // 2
    return halves_added(x[:middle]) + halves_added(x[middle:])


@mistake("loss-of-the-total-forgotten", asks="tb.40")
def loss_of_the_total_forgotten(x: Tensor) -> Tensor:
    """You carry along what each addition has lost of the new number, as Kahan's method does. When
    the new number is the larger one, it is the total that loses its digits, and they are not
    carried. Look at which of the two is smaller."""
    total = carried = torch.zeros((), device=x.device)
    for value in x:
        corrected = value - carried
        new = total + corrected
        carried = (new - total) - corrected
        total = new
    return total


@mistake("carried-in-float32", asks="tb.40")
def carried_in_float32(x: Tensor) -> Tensor:
    """You carry along what each addition has lost, but add these losses up in float32. Where there
    are thousands of them, they lose digits in turn, and where large numbers cancel, that is seen.
    They need more digits as well."""
    total = carried = torch.zeros((), device=x.device)
    for value in x:
        new = total + value
        larger, smaller = (total, value) if total.abs() >= value.abs() else (value, total)
        carried = carried + ((larger - new) + smaller)
        total = new
    return total + carried


@mistake("stays-float64")
def stays_float64(x: Tensor) -> Tensor:
    """You return a float64 tensor. Only the additions need the additional digits; the sum itself
    fits into float32, which the task asks for, and a float64 here would turn later results into
    float64 as well."""
    return x.double().sum()


@mistake("number-of-python")
def number_of_python(x: Tensor) -> Any:
    """You return a number of Python. The task asks for a tensor without dimensions that lies on x's
    device, so that it can go on into other computations. Make one of the number."""
    return accurate_sum(x).item()


@mistake("one-dimension-kept")
def one_dimension_kept(x: Tensor) -> Tensor:
    """You return a tensor with a dimension of size 1. A sum is a single number, without dimensions:
    its shape is []. Look at keepdim, and at brackets around the number of which you make a
    tensor."""
    return accurate_sum(x)[None]
