"""Layouts that are drawn for several exercises of m02."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from autograder.inside.given import Given


class Dice:
    """Whole numbers drawn by a given, many at once, for one draw of it takes long."""

    def __init__(self, given: Given, count: int) -> None:
        self._numbers: Iterator[int] = iter(given.integers(0, 2**31, count).tolist())

    def roll(self, sides: int) -> int:
        """Return a number from 0 to sides - 1."""
        return next(self._numbers) % sides

    def pick(self, text: str) -> int:
        """Return one of the digits in a text."""
        return int(text[self.roll(len(text))])

    def order(self, n: int) -> list[int]:
        """Return the numbers 0 to n - 1 in a drawn order."""
        left = [*range(n)]
        return [left.pop(self.roll(len(left))) for _ in range(n)]


def drawn_view(dice: Dice, storage: Tensor, sizes: str, dims: int) -> Tensor:
    """Return a view of a storage of numbers: permuted, cut out, with steps, or expanded.

    Its sizes before that are digits of `sizes`; it has up to `dims` dimensions, and the storage
    as many elements as they can have.
    """
    shape = [dice.pick(sizes) for _ in range(dice.roll(dims) + 1)]
    count = 1
    for size in shape:
        count *= size
    start = dice.roll(storage.numel() - count + 1)
    view = storage[start : start + count].view(shape)
    if dice.roll(2):
        view = view.permute(dice.order(len(shape)))
    dim, kind = dice.roll(len(shape)), dice.roll(6)
    if kind == 0:
        return view.unsqueeze(dim).expand(*view.shape[:dim], dice.pick("23"), *view.shape[dim:])
    if kind < 4 and view.shape[dim] > 1:
        part = slice(kind % 2, None, 1 + kind // 2)  # the rest, every second, or both
        return view[(slice(None),) * dim + (part,)]
    return view
