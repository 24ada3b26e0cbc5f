"""Probes of batches."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m09_data.shared import (
    Epoch,
    alike,
    epoch_of,
    joined,
    listed,
    seeded,
    seen,
    table,
)
from autograder.inside.probes.tools import copies, equal


@probe("in order")
def batches_in_order(impl: Implementation, given: Given) -> Facts:
    """The batches of an epoch without shuffling, also where there is a generator."""
    x, y = given.regression()
    epoch, other = (
        epoch_of(impl.batches(x, y, given.size, False, *generators), len(x))
        for generators in ((), (seeded(given.seed),))
    )
    orders = [_order(each, x) for each in (epoch, other)]
    facts: Facts = {
        "sizes of batches": listed(len(xb) for xb, _ in epoch),
        "order without shuffling": orders[0],
        "order without shuffling, although a generator is passed": orders[1],
    }
    if "shuffled" not in orders:  # the numbers of a random order say nothing
        facts |= {"batches": epoch, "batches although a generator is passed": other}
    return facts


def _order(epoch: Epoch, x: Tensor) -> str:
    """Say whether all rows of x are there, and in another order than in x."""
    rows = joined([xb for xb, _ in epoch])
    if rows.shape != x.shape or torch.equal(rows, x):
        return "as in the data"
    same = torch.equal(rows.sort(dim=0).values, x.sort(dim=0).values)
    return "shuffled" if same else "as in the data"


@probe("shuffled")
def batches_shuffled(impl: Implementation, given: Given) -> Facts:
    """The rows of shuffled epochs, in whatever order, and what the generator decides.

    Whether x and y were shuffled themselves comes first: they would still look ordered.
    """
    x, y = table(given)
    before, drawn = copies([x, y]), torch.get_rng_state()
    generators = [seeded(seed) for seed in (given.seed, given.seed, given.seed ^ 1)]
    first, again, other, second = (
        epoch_of(impl.batches(x, y, given.size, True, g), len(x))
        for g in (*generators, generators[0])
    )
    kept = all(map(equal, (x, y), before))
    return {
        "x and y after the epochs": "unchanged" if kept else "changed in place",
        **seen(first, *before),
        "order of a second epoch with the same generator": alike(second, first),
        "order for the same seed": alike(again, first),
        "order for another seed": alike(other, first),
        "torch's global generator": (
            "untouched" if torch.equal(torch.get_rng_state(), drawn) else "moved"
        ),
        "global random state": given.global_random_state(),
    }


@probe("global generator")
def batches_global_generator(impl: Implementation, given: Given) -> Facts:
    """Shuffled epochs without a generator."""
    x, y = table(given)
    given.seed_global_generators()
    first, second = (epoch_of(impl.batches(x, y, given.size, True), len(x)) for _ in range(2))
    torch.manual_seed(given.seed)  # and not NumPy's or Python's generator
    again = epoch_of(impl.batches(x, y, given.size, True), len(x))
    facts = seen(first, x, y)
    if not first:
        return facts  # no rows have no order, which is no fault of its own
    return facts | {
        "order of a second epoch": alike(second, first),
        "order for the same torch.manual_seed": alike(again, first),
    }


@probe("all orders")
def batches_all_orders(impl: Implementation, given: Given) -> Facts:
    """Whether one long epoch is mixed evenly, and whether either of two rows can come first.

    One of two rows is always first in all of 36 epochs with a probability of 2^-35 = 3e-11.
    """
    n, generator = given.n, seeded(given.seed)
    x = given.tensor(torch.arange(n)[:, None])
    y = given.tensor(torch.arange(n)[:, None] + 0.5)
    long = epoch_of(impl.batches(x, y, given.size, True, generator), 3)
    pairs = (list(impl.batches(x[:2], y[:2], 2, True, generator)) for _ in range(36))
    first = {float(xb.flatten()[0]) for (xb, _), *_ in pairs}
    return {
        "mixing of a long epoch": _mixing(joined([xb for xb, _ in long]), n),
        "first of two rows, in 36 epochs": "now one, now the other" if len(first) > 1 else "fixed",
    }


def _mixing(rows: Tensor, n: int) -> str:
    """Say how the row numbers 0 to n - 1 of a long shuffled epoch are mixed.

    In a random order of n = 10000 rows, the first half has 2500 +- 25 rows of the first half, and
    5000 +- 29 rows come earlier than in the data; both are beyond the bounds with a probability of
    less than 1e-10. Swapping each row with any other one, a known trap, misses by 10 deviations.
    """
    rows = rows.flatten().cpu()
    half, deviation = n // 2, n**0.5 / 4
    if abs((rows[:half] < half).sum().item() - half / 2) > 7 * deviation:
        return "rows stay near their place, or near their neighbours"
    earlier = (rows > torch.arange(len(rows))).sum().item()
    if abs(earlier - n / 2) > 7.7 * deviation:
        return "some places are likelier than others"
    return "even"
