"""Probes of accurate_sum."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from autograder.inside.given import Given, Numbers
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe


@probe("sum")
def accurate_sum_sum(impl: Implementation, given: Given) -> Facts:
    """The sum of small numbers, and of large ones among them that cancel."""
    total = impl.accurate_sum(given.tensor(_numbers(given)))
    return {"kind of the result": _kind(total), "sum": _number(total)}


@probe("device")
def accurate_sum_device(impl: Implementation, given: Given) -> Facts:
    """Where the sum lies, in units of itself: its value is looked at elsewhere."""
    total = impl.accurate_sum(given.tensor(np.abs(given.leaf(given.n).tolist())))
    return {"sum over itself": total / total}


def _numbers(given: Given) -> Numbers:
    """Draw numbers from 1/4 to 2, the later ones mixed with pairs of large numbers and their
    opposites: beside one of these, each addition in float32 rounds to a multiple of 4 or more."""
    draws = np.random.RandomState(given.seed)
    small = draws.randint(128, 1024, given.n) / 512
    large = draws.randint(2**20, 2**22, given.pairs) * 2.0**6
    mixed = np.concatenate([small[given.n // 3 :], large, -large])
    return np.concatenate([small[: given.n // 3], draws.permutation(mixed)])


def _kind(total: Any) -> str:
    dtype = f" of {total.dtype}" if isinstance(total, Tensor) else ""
    return describe(total) + dtype


def _number(total: Any) -> Any:
    one = isinstance(total, Tensor) and total.numel() == 1
    return float(total) if one or isinstance(total, int | float | np.number) else total
