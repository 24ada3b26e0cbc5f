"""Mistakes of split."""

from __future__ import annotations

import math
from typing import Any

import m09_data
import torch
from torch import Generator, Tensor
from torch.utils.data import random_split

from autograder.course.marks import mistake


@mistake("sizes-rounded-down", asks="lr.38")
def sizes_rounded_down(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You round every size down and stop there, so rows can be left over that are in no part at
    all. Hand them out, one to each part from the first on, before you cut."""
    return _cut(n, [math.floor(n * fraction) for fraction in fractions], seed)


@mistake("rest-to-the-last")
def rest_to_the_last(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You give all rows that are left over by rounding to the last part. The task, like
    random_split, hands them out one by one, beginning with the first part."""
    sizes = [math.floor(n * fraction) for fraction in fractions[:-1]]
    return _cut(n, [*sizes, n - sum(sizes)], seed)


@mistake("rounded-to-nearest")
def rounded_to_nearest(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You round sizes to the nearest number, and the last part takes what remains. The task, like
    random_split, rounds all of them down and then hands out what is left over, one row to each
    part, from the first on."""
    sizes = [round(n * fraction) for fraction in fractions[:-1]]
    return _cut(n, [*sizes, n - sum(sizes)], seed)


@mistake("not-shuffled")
def not_shuffled(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You cut the rows in their order, and the seed decides nothing. Tables are often sorted, and
    then the parts hold different kinds of rows: a model is validated on rows unlike any that it was
    trained on. Shuffle before you cut."""
    sizes = [len(part) for part in m09_data.split(n, fractions, seed)]
    return list(torch.arange(n).split(sizes))


@mistake("global-seed")
def global_seed(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You seed and use a global generator, as torch.manual_seed does. From then on a split has
    changed the random numbers of the whole program. Make a generator of your own for it."""
    torch.manual_seed(seed)
    sizes = [len(part) for part in m09_data.split(n, fractions, seed)]
    return list(torch.randperm(n).split(sizes))


@mistake("drawn-independently", asks="lr.18")
def drawn_independently(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You shuffle all rows anew for every part. A row can then be in two parts, in training and in
    validation, and another one in none. One shuffle is enough: cut its result into parts."""
    sizes = [len(part) for part in m09_data.split(n, fractions, seed)]
    generator = Generator().manual_seed(seed)
    return [torch.randperm(n, generator=generator)[:size] for size in sizes]


@mistake("seed-unused", asks="lr.38")
def seed_unused(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """The seed does not decide your parts: they come from a global generator, in the state that it
    happens to have. The same call gives other parts every time, so no result can be repeated. Draw
    from a generator that starts from this seed."""
    sizes = [len(part) for part in m09_data.split(n, fractions, seed)]
    return list(torch.randperm(n).split(sizes))


def _cut(n: int, sizes: list[int], seed: int) -> list[Tensor]:
    order = torch.randperm(n, generator=Generator().manual_seed(seed))
    return list(order[: sum(sizes)].split(sizes))


@mistake("subsets-returned")
def subsets_returned(n: int, fractions: list[float], seed: int) -> list[Any]:
    """Your parts are Subsets, as random_split gives them. The task asks for the row numbers
    themselves, as tensors of int64, with which any tensor can be indexed. A Subset knows its row
    numbers: look at its attributes."""
    rows: Any = range(n)
    return list(random_split(rows, fractions, Generator().manual_seed(seed)))


@mistake("lists-returned")
def lists_returned(n: int, fractions: list[float], seed: int) -> list[Any]:
    """Your parts are lists of Python ints. The task asks for tensors of int64, which say their
    length and dtype and can be handed on to torch as they are. Look at what you put into the list
    of parts."""
    return [part.tolist() for part in m09_data.split(n, fractions, seed)]


@mistake("each-rounded")
def each_rounded(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You round each size to the nearest number. The sizes then need not add up to n: a row can be
    in no part, or one part comes out too short. Round all down first, as the task says, and hand
    out what is left over."""
    return _sliced(n, [round(n * fraction) for fraction in fractions], seed)


@mistake("rounded-up")
def rounded_up(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You round each size up. The first parts then take too many rows, and the last one is too
    short. Round all down, and hand out what is left over, one row to each part."""
    return _sliced(n, [math.ceil(n * fraction) for fraction in fractions], seed)


@mistake("rest-to-the-first")
def rest_to_the_first(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """You give all rows that are left over by rounding to the first part. The task, like
    random_split, hands them out one by one: the second one left over goes to the second part."""
    sizes = [math.floor(n * fraction) for fraction in fractions[1:]]
    return _cut(n, [n - sum(sizes), *sizes], seed)


def _sliced(n: int, sizes: list[int], seed: int) -> list[Tensor]:
    order, parts = torch.randperm(n, generator=Generator().manual_seed(seed)), []
    for size in sizes:
        parts.append(order[:size])
        order = order[size:]
    return parts
