"""Probes of split."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import Subset

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m09_data.shared import counted, listed, mixed, two_seeds
from autograder.inside.probes.tools import more_sizes


@probe("parts")
def split_parts(impl: Implementation, given: Given) -> Facts:
    """The sizes of the parts, and whether every row number is in one of them."""
    parts = list(impl.split(given.n, list(given.fractions), given.seed))
    rows = [row for part in parts for row in _rows(part)]
    facts: Facts = {
        "kinds of the parts": ", ".join(sorted({type(part).__name__ for part in parts})),
        "sizes of the parts": listed(map(len, parts)),
        "row numbers in the parts": counted(rows, list(range(given.n))),
    }
    if others := more_sizes(given, 16, 400):
        facts["sizes of the parts of more rows"] = "; ".join(
            f"{n}: {listed(map(len, impl.split(n, list(given.fractions), given.seed)))}"
            for n in others
        )
    if all(isinstance(part, Tensor) for part in parts):
        # without their numbers, which are random
        facts["parts"] = [torch.zeros_like(part) for part in parts]
    return facts


def _rows(part: Any) -> list[int]:
    """Return the row numbers of a part, also of a list, or of a Subset, in place of a tensor."""
    if isinstance(part, Subset):
        return list(part.indices)
    return part.tolist() if isinstance(part, Tensor) else list(part)


@probe("chance")
def split_chance(impl: Implementation, given: Given) -> Facts:
    """How the parts depend on the seed, and whether rows from everywhere come into the first."""
    seed, another = two_seeds(given)

    def parts(of: int) -> list[list[int]]:
        made = impl.split(given.n, list(given.fractions), of)
        rows = [sorted(_rows(part)) for part in made]
        for part in filter(torch.is_tensor, made):
            part.numpy().fill(0)  # what a caller does with the parts must not show in later ones
        return rows

    first, again, other, zero, zero_again = map(parts, (seed, seed, another, 0, 0))
    firsts = [impl.split(given.n, list(given.fractions), seed + k)[0] for k in range(40)]
    many = [_rows(part) for part in firsts]
    # That any of 69 rows stays on one side for 40 seeds has a probability of 69 * 2^-39 = 1.3e-10.
    fixed = given.n - len(set().union(*many)) + len(set(many[0]).intersection(*many))
    # Two right parts of half of at least 64 rows are equal by chance once in C(64, 32) = 2e18.
    return {
        "rows of the first part": _origin(first[0], given.n),
        "rows of the later parts": _later_parts(first[1:]),
        "second parts for the same seed": "equal" if again == first else "different",
        "second parts for the seed 0": "equal" if zero_again == zero else "different",
        "parts for another seed": "equal" if other == first else "different",
        "first parts for 40 seeds in a row": (
            "all different" if len({frozenset(part) for part in many}) == 40 else "some are equal"
        ),
        "rows on the same side for all 40 seeds": fixed,
        "global random state": given.global_random_state(),
    }


def _later_parts(parts: Sequence[Sequence[int]]) -> str:
    """Say whether parts of sorted row numbers, of at least 17 rows each, follow one another.

    Two such right parts do with a probability of 1 / C(34, 17) = 4e-10.
    """
    follow = any(a and b and a[-1] < b[0] for a, b in pairwise(parts))
    return "in order, one part after the other" if follow else "from everywhere"


def _origin(rows: Sequence[int], n: int) -> str:
    """Say whether sorted row numbers, about half of n >= 64, come from all over the data.

    Of all choices of 32 rows from 64, 3e6 of 2e18 lie in at most 3 pieces without a gap.
    """
    pieces = 1 + sum(b - a > 1 for a, b in pairwise(rows))
    return "from everywhere" if pieces > 3 and mixed(rows, n) else "close together in the data"
