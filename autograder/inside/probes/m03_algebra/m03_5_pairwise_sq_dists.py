"""Probes of pairwise_sq_dists."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import Lines, Operations, gradients

FURTHER = ((70, 4), (4, 70))  # rows that larger tables have; not both: a loop over pairs is slow


@probe("distances")
def pairwise_sq_dists_distances(impl: Implementation, given: Given) -> Facts:
    """The squared distances and their gradients, where the first rows are equal."""
    a, b = given.randn(given.n, given.d), given.randn(given.m, given.d)
    b = given.plain(torch.cat([a[:1], b[1:]])).requires_grad_()
    dists = impl.pairwise_sq_dists(a.requires_grad_(), b)
    weights = given.randn(given.n, given.m)
    slopes = gradients(dists * weights if dists.shape == weights.shape else dists, [a, b])
    return {
        "squared distances": dists,
        "squared distances of other rows": impl.pairwise_sq_dists(given.plain(a), given.plain(-b)),
        "gradient for a of the weighted squared distances": slopes[0],
        "gradient for b of the weighted squared distances": slopes[1],
    }


@probe("far from 0")
def pairwise_sq_dists_far(impl: Implementation, given: Given) -> Facts:
    """The squared distances of rows around 1000, in eighths, which float32 can hold exactly.

    What is left of lost digits is noise, which says nothing about its cause.
    """
    a, b = given.randn(given.n, given.d), given.randn(given.m, given.d)
    moved = [given.plain(rows + 1000) for rows in (a, b)]
    near, far = impl.pairwise_sq_dists(a, b), impl.pairwise_sq_dists(*moved)
    kept = near.shape == far.shape and torch.allclose(near, far, rtol=1e-3, atol=1e-3)
    return {
        "digits of squared distances around 1000": "kept" if kept else "lost",
        "squared distances around 1000": far if kept else None,
    }


@probe("work")
def pairwise_sq_dists_work(impl: Implementation, given: Given) -> Facts:
    """Whether more rows take more operations of torch, or more lines of Python."""
    counts = []
    for n, m in ((0, 0), *FURTHER):
        a, b = given.randn(given.n + n, given.d), given.randn(given.m + m, given.d)
        with Operations() as operations, Lines(impl.files) as lines:
            impl.pairwise_sq_dists(a, b)
        counts.append((len(operations.names), lines.count))
    return {
        "number of operations": _growth([operations for operations, _ in counts]),
        "number of Python lines that run": _growth([lines for _, lines in counts]),
    }


def _growth(counts: Sequence[int]) -> str:
    """Say whether a count goes up with the rows; a second path for many rows may add a few."""
    grows = max(counts) - counts[0] >= max(map(max, FURTHER)) // 2
    return "grows with the rows" if grows else "the same for all numbers of rows"
