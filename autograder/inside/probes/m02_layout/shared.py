"""Layouts that are drawn for several exercises of m02, by arithmetic: many cost little; and what is
said of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import describe
from autograder.inside.probes import Facts

Layout: TypeAlias = tuple[tuple[int, ...], tuple[int, ...], int]  # sizes, strides and start

REACH = 1400  # elements of a storage that holds all drawn layouts: 4 * 4 * 4 * 4 * 5, and starts


class Dice:
    """Whole numbers drawn by a given, many at once, for one draw of it takes long."""

    def __init__(self, given: Given, count: int) -> None:
        numbers = given.integers(0, 2**31, count).tolist()
        self._numbers: Iterator[int] = itertools.cycle(numbers)  # so that they never end

    def roll(self, sides: int) -> int:
        """Return a number from 0 to sides - 1."""
        return next(self._numbers) % sides

    def order(self, n: int) -> list[int]:
        """Return the numbers 0 to n - 1 in a drawn order."""
        left = [*range(n)]
        return [left.pop(self.roll(len(left))) for _ in range(n)]


def drawn_layout(dice: Dice, sizes: str) -> Layout:
    """Draw a layout of one to four dimensions: dense, permuted, cut out, with steps, or expanded.

    Its sizes before that are digits of `sizes`, up to 4. Dimensions of size 1
    have odd strides.
    """
    shape = [int(sizes[dice.roll(len(sizes))]) for _ in range(1 + dice.roll(4))]
    strides = list(torch.empty(shape, device="meta").stride())
    start = dice.roll(9)
    if dice.roll(2):
        order = dice.order(len(shape))
        shape, strides = [shape[dim] for dim in order], [strides[dim] for dim in order]
    dim, kind = dice.roll(len(shape)), dice.roll(6)
    if kind == 0:  # expanded by one new dimension or two
        new = [2 + dice.roll(2) for _ in range(1 + dice.roll(2))]
        shape[dim:dim], strides[dim:dim] = new, [0] * len(new)
    elif kind < 4 and shape[dim] > 1:  # without the first, every second, or both
        start += kind % 2 * strides[dim]
        shape[dim] = math.ceil((shape[dim] - kind % 2) / (1 + kind // 2))
        strides[dim] *= 1 + kind // 2
    if not dice.roll(3):  # a new dimension of size 1
        place = dice.roll(len(shape) + 1)
        shape.insert(place, 1)
        strides.insert(place, 1)
    # the stride of a size of 1 may be anything, and is, after slices and transposes
    free = [step if size != 1 else dice.roll(9) for size, step in zip(shape, strides, strict=True)]
    return tuple(shape), tuple(free), start


def laid_out(storage: Tensor, layout: Layout) -> Tensor:
    """Return the view of a storage that has a layout."""
    return storage.as_strided(*layout)


def written(answer: Any) -> str:
    """Write True or False; of what is neither, say what it is."""
    return str(bool(answer)) if isinstance(answer, bool | np.bool_) else describe(answer)


def told(
    first: str, every: str, answers: Sequence[str], right: Sequence[str], about: Sequence[str]
) -> Facts:
    """Return, under two names, the first answer that torch does not give, and all answers."""
    three = zip(answers, right, about, strict=True)
    wrong = [f"{answer} for {layout}" for answer, truth, layout in three if answer != truth]
    return {
        f"first wrong {first}": wrong[0] if wrong else "none",
        every: torch.tensor([answer == "True" for answer in answers]),
    }
