"""Other ways to do split."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
import torch
from torch.utils.data import random_split

from autograder.course.marks import restated, right, wrong


@right()
def by_random_split(n, fractions, seed):
    """Leaves it all to random_split."""
    g = torch.Generator().manual_seed(seed)
    parts = random_split(range(n), fractions, generator=g)
    return [torch.tensor(p.indices, dtype=torch.int64) for p in parts]


@right()
def by_numpy(n, fractions, seed):
    """Permutes with a generator of NumPy."""
    sizes = [int(n * f) for f in fractions]
    for i in range(n - sum(sizes)):
        sizes[i % len(sizes)] += 1
    perm = torch.from_numpy(np.random.default_rng(seed).permutation(n)).long()
    return list(torch.split(perm, sizes))


@right()
def sorted_parts(n, fractions, seed):
    """Shuffles with a generator of Python and sorts each part."""
    idx = list(range(n))
    random.Random(seed).shuffle(idx)
    sizes = [math.floor(n * f) for f in fractions]
    for i in range(n - sum(sizes)):
        sizes[i] += 1
    rest = iter(idx)
    return [torch.tensor(sorted(itertools.islice(rest, s))) for s in sizes]


@right()
def labels_shuffled(n, fractions, seed):
    """Shuffles which part each row belongs to."""
    sizes = [len(s) for s in random_split(range(n), fractions, generator=torch.Generator())]
    labels = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    labels = labels[torch.randperm(n, generator=torch.Generator().manual_seed(seed))]
    return [(labels == k).nonzero().flatten() for k in range(len(sizes))]


@right()
def from_a_pool(n, fractions, seed):
    """Draws one part after the other from the rows that are left."""
    draw = np.random.RandomState(seed)
    sizes = [len(s) for s in random_split(range(n), fractions, generator=torch.Generator())]
    pool, parts = np.arange(n), []
    for size in sizes:
        part = draw.choice(pool, size, replace=False)
        pool = np.setdiff1d(pool, part)
        parts.append(torch.as_tensor(part, dtype=torch.int64))
    return parts


def _sizes(n, fractions):
    """Return the right sizes of the parts."""
    sizes = [math.floor(n * fraction) for fraction in fractions]
    for k in range(n - sum(sizes)):
        sizes[k % len(sizes)] += 1
    return sizes


def _seeded(seed):
    """Return a generator with a seed."""
    return torch.Generator().manual_seed(seed)


@restated("rest-to-the-first")
def rest_to_the_first(n, fractions, seed):
    """Gives all rows left over to the first part."""
    sizes = [math.floor(n * fraction) for fraction in fractions]
    sizes[0] += n - sum(sizes)
    return list(torch.randperm(n, generator=_seeded(seed)).split(sizes))


@wrong()
def rolled(n, fractions, seed):
    """Begins at a random row and goes round."""
    start = torch.randint(n, (), generator=_seeded(seed)).item()
    return list(torch.arange(n).roll(start).split(_sizes(n, fractions)))


@wrong()
def row_0_always_first(n, fractions, seed):
    """Leaves row 0 in the first part whatever the seed."""
    order = torch.arange(n)
    order[1:] = 1 + torch.randperm(n - 1, generator=_seeded(seed))
    return list(order.split(_sizes(n, fractions)))


@wrong()
def last_row_always_last(n, fractions, seed):
    """Shuffles all rows but the last, off by one."""
    order = list(range(n - 1))
    random.Random(seed).shuffle(order)
    return list(torch.tensor([*order, n - 1]).split(_sizes(n, fractions)))


@wrong()
def seeds_in_twos(n, fractions, seed):
    """Halves the seed, so that two neighbours give the same parts."""
    return list(torch.randperm(n, generator=_seeded(seed // 2)).split(_sizes(n, fractions)))


@wrong()
def seeds_by_the_thousand(n, fractions, seed):
    """Uses the last three digits of the seed only."""
    return list(torch.randperm(n, generator=_seeded(seed % 1000)).split(_sizes(n, fractions)))


@wrong()
def bounds_from_running_sums(n, fractions, seed):
    """Rounds the bounds of the parts, not their sizes."""
    bounds = [0, *(math.floor(n * total + 1e-9) for total in np.cumsum(fractions))]
    order = torch.randperm(n, generator=_seeded(seed))
    return [order[a:b] for a, b in itertools.pairwise(bounds)]


@wrong()
def rest_in_order(n, fractions, seed):
    """Draws the first part and cuts the other rows in their order."""
    sizes = _sizes(n, fractions)
    first = torch.randperm(n, generator=_seeded(seed))[: sizes[0]]
    chosen = set(first.tolist())
    rest = torch.tensor([row for row in range(n) if row not in chosen], dtype=torch.int64)
    return [first, *rest.split(sizes[1:])]


@wrong()
def largest_remainder_first(n, fractions, seed):
    """Hands rows left over to the parts with the largest remainders."""
    sizes = [math.floor(n * fraction) for fraction in fractions]
    by_remainder = sorted(range(len(sizes)), key=lambda k: sizes[k] - n * fractions[k])
    for k in by_remainder[: n - sum(sizes)]:
        sizes[k] += 1
    return list(torch.randperm(n, generator=_seeded(seed)).split(sizes))


@wrong()
def int32_row_numbers(n, fractions, seed):
    """Gives row numbers as int32."""
    order = np.random.default_rng(seed).permutation(n).astype("int32")
    return list(torch.from_numpy(order).split(_sizes(n, fractions)))


@wrong(named="global-seed")
def seeds_torch_as_well(n, fractions, seed):
    """Has a generator of its own and seeds torch all the same."""
    torch.manual_seed(seed)
    return list(torch.randperm(n, generator=_seeded(seed)).split(_sizes(n, fractions)))


@wrong()
def seed_0_is_none(n, fractions, seed):
    """Takes the seed 0 for none."""
    generator = torch.Generator()
    if seed:
        generator.manual_seed(seed)
    else:
        generator.seed()
    sizes = [int(n * fraction) for fraction in fractions]
    for k in range(n - sum(sizes)):
        sizes[k % len(sizes)] += 1
    return list(torch.randperm(n, generator=generator).split(sizes))


ORDERS = {}


@wrong()
def views_of_a_kept_order(n, fractions, seed):
    """Whoever writes into a part writes into what the next call returns."""
    sizes = [int(n * fraction) for fraction in fractions]
    for k in range(n - sum(sizes)):
        sizes[k % len(sizes)] += 1
    if (n, seed) not in ORDERS:
        generator = torch.Generator().manual_seed(seed)
        ORDERS[n, seed] = torch.randperm(n, generator=generator)
    return list(ORDERS[n, seed].split(sizes))


@wrong(named="global-seed")
def first_seed_back(n, fractions, seed):
    """Seeds the global generator, and gives it its first seed back instead of its state."""
    sizes = [math.floor(n * fraction) for fraction in fractions]
    for k in range(n - sum(sizes)):
        sizes[k % len(sizes)] += 1
    before = torch.initial_seed()
    torch.manual_seed(seed)
    parts = list(torch.randperm(n).split(sizes))
    torch.manual_seed(before)
    return parts


def _seeded_order(n, seed):
    """Return a random order decided by the seed."""
    return torch.randperm(n, generator=torch.Generator().manual_seed(seed))


def _sizes_restated(n, fractions):
    """Return the right sizes of the parts."""
    return [len(part) for part in random_split(range(n), fractions, torch.Generator())]


@restated("sizes-rounded-down")
def ends_from_ints(n, fractions, seed):
    """Cuts off int(n * fraction) rows each time; what is left is lost."""
    order, parts = _seeded_order(n, seed), []
    for fraction in fractions:
        k = int(n * fraction)
        parts.append(order[:k])
        order = order[k:]
    return parts


@restated("rest-to-the-last")
def last_takes_what_is_left(n, fractions, seed):
    """Cuts off all parts but the last, which is what is left."""
    order, parts = _seeded_order(n, seed), []
    for fraction in fractions[:-1]:
        k = int(n * fraction)
        parts.append(order[:k])
        order = order[k:]
    return [*parts, order]


@restated("rounded-to-nearest")
def sizes_by_round(n, fractions, seed):
    """Rounds to the nearest size with NumPy; the last part takes what is left."""
    sizes = np.rint(n * np.array(fractions)).astype(int).tolist()
    sizes[-1] = n - sum(sizes[:-1])
    return list(_seeded_order(n, seed).split(sizes))


@restated("not-shuffled")
def slices_of_a_range(n, fractions, seed):
    """Cuts the row numbers as they are."""
    rows, parts = list(range(n)), []
    for size in _sizes_restated(n, fractions):
        parts.append(torch.tensor(rows[:size]))
        rows = rows[size:]
    return parts


@restated("global-seed")
def numpy_seeded_globally(n, fractions, seed):
    """Seeds NumPy's global generator for the order."""
    np.random.seed(seed)
    order = torch.from_numpy(np.random.permutation(n))
    return list(order.split(_sizes_restated(n, fractions)))


@restated("drawn-independently")
def one_shuffle_per_part(n, fractions, seed):
    """Draws the rows of each part from all rows."""
    generator = torch.Generator().manual_seed(seed)
    return [
        torch.rand(n, generator=generator).argsort()[:size]
        for size in _sizes_restated(n, fractions)
    ]


@restated("seed-unused")
def random_split_without_generator(n, fractions, seed):
    """Calls random_split without a generator."""
    return [torch.tensor(part.indices) for part in random_split(range(n), fractions)]


@restated("lists-returned")
def indices_of_subsets(n, fractions, seed):
    """Takes the lists out of the Subsets."""
    g = torch.Generator().manual_seed(seed)
    return [s.indices for s in random_split(range(n), fractions, generator=g)]


@wrong(named="sizes-rounded-down, global-seed")
def global_seed_and_rounded_down(n, fractions, seed):
    """Seeds the global generator, and loses rows by rounding."""
    torch.manual_seed(seed)
    perm = torch.randperm(n)
    parts, start = [], 0
    for f in fractions:
        size = int(f * n)
        parts.append(perm[start : start + size])
        start += size
    return parts


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "sizes[left_over % len(sizes)] += 1 -> sizes[left_over % len(sizes)] = sizes[left_over % len(sizes)] + 1": "the same for a number",  # noqa: E501
}
