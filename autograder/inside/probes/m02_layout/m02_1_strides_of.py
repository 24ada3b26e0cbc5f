"""Probes of strides_of, offset and is_contiguous."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m02_layout.shared import Dice, drawn_layout, told, written


@probe("strides")
def strides_of_strides(impl: Implementation, given: Given) -> Facts:
    """The strides of a shape, also of one that no memory could hold."""
    strides = impl.strides_of(tuple(given.shape))
    return {"strides": _tuple(strides)}


@probe("offset")
def strides_of_offset(impl: Implementation, given: Given) -> Facts:
    """The places of all elements of a layout, whose strides and start are drawn."""
    stride = tuple(given.integers(0, 50, len(given.shape)).tolist())
    start = given.integers(1, 50, 1).item()
    every = [*itertools.product(*map(range, given.shape))]
    offset = impl.offset
    zero = [offset(index, stride) for index in every]
    later = [offset(index, stride, start) for index in every]
    return {
        "kind of a place": describe(_number(zero[-1])),
        "places in the storage": _places(zero, given.shape),
        "places with a start": _places(later, given.shape),
    }


@probe("contiguous")
def strides_of_contiguous(impl: Implementation, given: Given) -> Facts:
    """Whether drawn layouts are contiguous: those of views in which no size is 1, those with sizes
    of 1, those without elements, and a layout without dimensions."""
    dice = Dice(given, 2000)
    facts: Facts = {"answer for no dimensions": written(impl.is_contiguous((), ()))}
    for name, sizes in (
        ("sizes of 2 and more", "234"),
        ("sizes of 1", "1123"),
        ("a size of 0", "023"),
    ):
        facts |= _answers(impl, name, [_of_kind(dice, sizes) for _ in range(given.layouts)])
    return facts


def _of_kind(dice: Dice, sizes: str) -> tuple[Any, Any]:
    """Draw a layout with the size 0 or 1 that stands first in `sizes`; or else without 1."""
    rare = int(sizes[0])
    while True:
        shape, strides, _ = drawn_layout(dice, sizes)
        if rare in shape if rare < 2 else 1 not in shape:
            return shape, strides


def _answers(impl: Implementation, name: str, layouts: list[tuple[Any, Any]]) -> Facts:
    """Return the first answer that torch does not give, and all answers, each 0 or 1."""
    is_contiguous = impl.is_contiguous
    answers = [written(is_contiguous(*layout)) for layout in layouts]
    right = [str(torch.empty_strided(*layout).is_contiguous()) for layout in layouts]
    about = [f"shape {shape} and strides {stride}" for shape, stride in layouts]
    return told(f"answer on {name}", f"answers on {name}", answers, right, about)


def _places(places: list[Any], shape: list[int]) -> Any:
    """Return places as a tensor of a shape, unless some are no numbers."""
    numbers = [_number(place) for place in places]
    if all(isinstance(number, int) for number in numbers):
        return torch.tensor(numbers).reshape(shape)
    return numbers


def _number(value: Any) -> Any:
    """Return an integer of NumPy as Python's; anything else stays what it is."""
    return int(value) if isinstance(value, np.integer) else value


def _tuple(value: Any) -> str:
    """Write strides as Python does, NumPy's numbers like Python's own."""
    if isinstance(value, tuple | list):
        inner = ", ".join(str(_number(item)) for item in value)
        if isinstance(value, tuple):
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        return f"[{inner}]"
    return describe(value)
