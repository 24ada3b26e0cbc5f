"""Mistakes of batches."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import m09_data
import torch
from torch import Generator, Tensor

from autograder.course.marks import mistake

Batches = Iterator[tuple[Tensor, Tensor]]


@mistake("last-batch-lost", asks="gd.32")
def last_batch_lost(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """Your epoch ends before the last, shorter batch, so some rows are never seen in it. Where the
    size does not divide the number of rows, the rows left over make a batch too. Look at where your
    loop stops."""
    epoch = m09_data.batches(x, y, size, shuffle, generator)
    return ((xb, yb) for xb, yb in epoch if len(xb) == size)


@mistake("empty-last-batch")
def empty_last_batch(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You always make one more batch than there are full ones. Where the size divides the number of
    rows, nothing is left for it: it is empty, and the mean loss of an empty batch is NaN. Look at
    how many rounds your loop makes."""
    yield from m09_data.batches(x, y, size, shuffle, generator)
    if len(x) % size == 0:
        yield x[:0], y[:0]


@mistake("shuffled-separately")
def shuffled_separately(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """Your x and y come in two different orders. A feature row then meets the target of some other
    row, so the model learns from wrong pairs. Draw one random order and use it for both tensors."""
    if shuffle:
        x = x[torch.randperm(len(x), generator=generator)]
        y = y[torch.randperm(len(y), generator=generator)]
    return m09_data.batches(x, y, size, False)


@mistake("seeded-in-every-call", asks="lr.12")
def seeded_in_every_call(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You make a generator inside the function. It starts from the same state in every call, so
    every epoch has the very same order. Shuffling anew means: go on with the generator that the
    caller passes, and leave its seed to the caller."""
    return m09_data.batches(x, y, size, shuffle, Generator().manual_seed(0))


@mistake("generator-reseeded")
def generator_reseeded(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You set the caller's generator back to one fixed seed in every call, so all epochs have the
    same order. Draw from the generator in the state in which you find it: the caller decides when
    to begin again."""
    if generator is not None:
        generator.manual_seed(0)
    return m09_data.batches(x, y, size, shuffle, generator)


@mistake("global-seed-in-every-call")
def global_seed_in_every_call(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You call torch.manual_seed inside the function: every epoch has the same order, and all other
    code that draws random numbers is set back as well. Leave seeds to the caller, and draw from
    the generator that is passed."""
    if shuffle:
        torch.manual_seed(0)
    yield from m09_data.batches(x, y, size, shuffle)


@mistake("batches-shuffled", asks="gd.34")
def batches_shuffled(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You cut the rows into batches first and shuffle the batches. The same rows are then together
    in every epoch; only the order of the batches changes. Shuffle the rows and cut afterwards, so
    that any rows can share a batch."""
    cut = list(m09_data.batches(x, y, size, False))
    if shuffle:
        cut = [cut[i] for i in torch.randperm(len(cut), generator=generator).tolist()]
    return iter(cut)


@mistake("drawn-with-replacement")
def drawn_with_replacement(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """In your shuffled epoch some rows come twice or more often and others never, as when row
    numbers are drawn with replacement. An epoch shows every row exactly once. You need a random
    order of the row numbers, not random row numbers."""
    if shuffle:
        rows = torch.randint(len(x), (len(x),), generator=generator)
        x, y = x[rows], y[rows]
    return m09_data.batches(x, y, size, False)


@mistake("generator-ignored")
def generator_ignored(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You shuffle, but the generator that was passed is never used: the order comes from torch's
    global one. The same seed does not give the same order again, and other code sees its random
    numbers changed. Where does your order come from?"""
    return m09_data.batches(x, y, size, shuffle)


@mistake("never-shuffled")
def never_shuffled(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """The rows come in their order even where shuffling is asked for, epoch after epoch. Look at
    what your code does with the argument shuffle."""
    return m09_data.batches(x, y, size, False)


@mistake("generator-of-another-library")
def generator_of_another_library(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """Your order comes from the random numbers of Python or NumPy. Neither the generator that was
    passed nor torch.manual_seed decides it, so no run can be repeated by them. Draw the order with
    torch, from that generator."""
    if shuffle:
        order = list(range(len(x)))
        random.shuffle(order)
        x, y = x[order], y[order]
    yield from m09_data.batches(x, y, size, False)


@mistake("shuffled-in-place")
def shuffled_in_place(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You write the shuffled rows back into x and y. They belong to the caller, whose data is in
    another order after every epoch. Leave both as they are, and take the rows of a batch from them
    by their numbers."""
    if shuffle:
        order = torch.randperm(len(x), generator=generator)
        x[:], y[:] = x[order], y[order]
    yield from zip(x.split(size), y.split(size), strict=True)


@mistake("global-seed-besides")
def global_seed_besides(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You call torch.manual_seed inside the function. It sets back all other code that draws random
    numbers, and where no generator is passed, every epoch has the same order. Leave seeds to the
    caller."""
    torch.manual_seed(0)
    yield from m09_data.batches(x, y, size, shuffle, generator)


@mistake("default-seed")
def default_seed(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """Where no generator is passed, you make one with a fixed seed: every epoch then has the same
    order. The task says where the order comes from in this case. Look at what torch does with a
    generator that is None."""
    own = Generator().manual_seed(0) if generator is None else generator
    return m09_data.batches(x, y, size, shuffle, own)


@mistake("always-shuffled")
def always_shuffled(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You shuffle also where no shuffling is asked for. To measure a model, or to compare two runs,
    the rows have to come in their order. Look at where your code asks for the argument shuffle."""
    return m09_data.batches(x, y, size, True, generator)


@mistake("shuffled-inside-batches")
def shuffled_inside_batches(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Batches:
    """You cut the rows first and shuffle inside each batch. The same rows are then together in
    every epoch, and the mean over a batch does not even notice. Shuffle all row numbers, and cut
    afterwards."""
    for xb, yb in m09_data.batches(x, y, size, False):
        rows = torch.arange(len(xb))
        if shuffle:
            rows = torch.randperm(len(xb), generator=generator)
        yield xb[rows], yb[rows]


@mistake("first-batch-returned")
def first_batch_returned(
    x: Tensor, y: Tensor, size: int, shuffle: bool, generator: Generator | None = None
) -> Any:
    """Your function returns a single batch and ends there. `return` ends a function, in the
    first round of a loop as well. Which word hands out one value and goes on afterwards?"""
    return next(iter(m09_data.batches(x, y, size, shuffle, generator)))
