"""Probes of make_loader."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch.utils.data import DataLoader

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m09_data.shared import (
    Epoch,
    alike,
    epoch_of,
    listed,
    pairing,
    seen,
    table,
    two_seeds,
)
from autograder.inside.probes.tools import more_sizes


@probe("batches")
def make_loader_batches(impl: Implementation, given: Given) -> Facts:
    """The batches of an epoch, their rows in whatever order."""
    x, y = given.regression()
    loader = impl.make_loader(x, y, given.batch_size, given.seed)
    kind = _kind_of(loader)
    if "workers" in kind:  # processes of their own, which a cell does not have
        return {"loader": kind}
    epoch = epoch_of(loader, len(x))
    facts: Facts = {
        "loader": kind,
        "sizes of batches": listed(len(xb) for xb, _ in epoch),
        # without their numbers, which are random
        "batches": [tuple(map(torch.zeros_like, batch)) for batch in epoch],
        "pairs of the epoch": pairing(epoch, x, y),
    }
    if others := more_sizes(given, 5, 60):
        facts["sizes of batches of more rows"] = "; ".join(_sizes(impl, given, n) for n in others)
    return facts


def _sizes(impl: Implementation, given: Given, n: int) -> str:
    x, y = given.randn(n, 1), given.randn(n, 1)
    loader = impl.make_loader(x, y, given.batch_size, given.seed)
    return listed(len(xb) for xb, _ in epoch_of(loader, n))


def _kind_of(loader: object) -> str:
    if not isinstance(loader, DataLoader):
        return type(loader).__name__
    return "a DataLoader with workers" if loader.num_workers else "a DataLoader"


def _without_workers(loader: object) -> object:
    """Let a loader bring its batches itself: workers change no order, and the other probe tells
    them. Starting them for each epoch takes longer than a cell has, where it may."""
    if isinstance(loader, DataLoader) and loader.num_workers:
        loader.num_workers, loader.timeout = 0, 0
    return loader


@probe("epochs")
def make_loader_epochs(impl: Implementation, given: Given) -> Facts:
    """The orders of two epochs, and how they depend on the seed."""
    x, y = table(given)
    seed, another = two_seeds(given)

    def made(seed: int) -> Any:
        return _without_workers(impl.make_loader(x, y, given.batch_size, seed))

    before = torch.get_rng_state()
    loader, twin = (made(seed) for _ in range(2))
    built = "untouched" if torch.equal(torch.get_rng_state(), before) else "moved"
    first, of_twin, second, second_of_twin = (
        epoch_of(each, len(x)) for each in (loader, twin, loader, twin)
    )
    again, other, neighbour = (epoch_of(made(each), len(x)) for each in (seed, another, seed ^ 1))
    facts = seen(second, x, y)
    if len(x) >= 64:  # with fewer rows, chance may bring the same batches again
        facts["batches of a second epoch"] = "as before" if _sets(second) == _sets(first) else "new"
        facts["rows that follow one another in both epochs"] = _followers(first, second)
    else:  # more epochs where they are short
        later = [epoch_of(loader, len(x)) for _ in range(2)]
        zero, zero_again = (epoch_of(made(0), len(x)) for _ in range(2))
        facts["orders of the third and fourth epoch"] = [alike(each, first) for each in later]
        facts["order of a later loader with the seed 0"] = alike(zero_again, zero)
    return {
        **facts,
        "order of a second epoch": alike(second, first),
        "torch's global generator, after building": built,
        "order of a later loader with the same seed": alike(again, first),
        "order of a loader with the same seed, used in turn": alike(of_twin, first),
        "second order of a loader with the same seed": (
            "the same" if alike(second_of_twin, second) == "equal to the first" else "another"
        ),
        "order of a loader with another seed": alike(other, first),
        "order of a loader with the next seed": alike(neighbour, first),
        "global random state": given.global_random_state(),
    }


def _sets(epoch: Epoch) -> set[frozenset[tuple[float, ...]]]:
    return {frozenset(map(tuple, xb.tolist())) for xb, _ in epoch}


def _followers(epoch: Epoch, other: Epoch) -> str:
    """Say whether most rows keep the row behind them, as where an order is only turned round.

    Of n >= 64 rows half do by chance with a probability of at most 1e-25, as in `_order`.
    """
    pairs, others = (
        set(pairwise(tuple(row) for xb, _ in each for row in xb.tolist()))
        for each in (epoch, other)
    )
    return "most" if 2 * len(pairs & others) >= len(pairs) else "few"
