"""Probes of poisoned and drop_bad_rows."""

from __future__ import annotations

import random

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("poisoned")
def drop_bad_rows_poisoned(impl: Implementation, given: Given) -> Facts:
    """Which gradients one bad number, or none, spoils."""
    x, y = _data(given)
    weights, bias = impl.poisoned(x, y)
    return {"poisoned weights": weights, "poisoned biases": bias}


@probe("rows")
def drop_bad_rows_rows(impl: Implementation, given: Given) -> Facts:
    """The rows that are left, and how many numbers of them are bad."""
    x, y = _data(given)
    left_x, left_y = impl.drop_bad_rows(x, y)
    return {
        "number of rows left": [len(left_x), len(left_y)],
        "bad numbers left": _bad(left_x) + _bad(left_y),
        "x without bad rows": left_x,
        "y without bad rows": left_y,
    }


def _bad(values: Tensor) -> int:
    return int((~torch.isfinite(values)).sum())


def _data(given: Given) -> tuple[Tensor, Tensor]:
    """Draw x and y, and put a bad number into drawn rows: `in_x` rows of x, `in_y` others of y, and
    `both` of both. Where it is infinite, its sign changes from row to row."""
    x, y = (given.leaf(given.n, size).detach() for size in (given.n_in, given.n_out))
    draw = random.Random(given.seed)
    spoilt = [(x,)] * given.in_x + [(y,)] * given.in_y + [(x, y)] * given.spec.get("both", 0)
    rows = draw.sample(range(given.n), len(spoilt))
    for place, (row, parts) in enumerate(zip(rows, spoilt, strict=True)):
        for part in parts:
            part[row, draw.randrange(part.shape[1])] = (-1) ** place * float(given.bad)
    return given.plain(x), given.plain(y)
