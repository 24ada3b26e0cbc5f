"""Probes of accurate_sum."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from autograder.inside.given import Given, Numbers
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import with_dtype
from autograder.inside.probes.tools import logged


@probe("sum")
def accurate_sum_sum(impl: Implementation, given: Given) -> Facts:
    """The sum of small numbers, and of large ones among them that cancel, in some unit."""
    unit = 2.0**given.power
    total = impl.accurate_sum(given.tensor(unit * _numbers(given)))
    name = f"sum in units of {unit:.0e}" if given.power else "sum"
    return {"kind of the result": with_dtype(total), name: _number(total, unit)}


@probe("many")
def accurate_sum_many(impl: Implementation, given: Given) -> Facts:
    """The sum of thousands of numbers a little above 1, of two large ones that cancel, and of one
    that takes the sum back to about 1: losses that are added up in float32 lose digits again."""
    draws = np.random.RandomState(given.seed)
    small = 1 + draws.randint(20, 32, given.n) / 2**20
    # of 1, nothing is left beside 2**25; the numbers add up to less than 1e8 times their sum
    large, rest = (
        draws.randint(2**19, 6 * 2**19 // 5) * 2.0**6,
        draws.uniform(0.9, 1.2) - small.sum(),
    )
    third = given.n // 3
    total = impl.accurate_sum(
        given.tensor([*small[:third], large, *small[third:], -large, np.float32(rest)])
    )
    return {"sum of thousands of numbers": _number(total)}


@probe("nothing")
def accurate_sum_nothing(impl: Implementation, given: Given) -> Facts:
    """The sum of no numbers, of zeros, and of one number."""
    empty, zeros = (given.tensor(np.zeros(n)) for n in (0, given.n))
    every = {"sum": empty, "sum of zeros": zeros, "sum of one number": given.randn(1)}
    return {name: _number(impl.accurate_sum(x)) for name, x in every.items()}


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


def _number(total: Any, unit: float = 1.0) -> Any:
    """Return a sum with the tolerance of what is read, 1e-5: up to 1e-6 is promised to be right,
    and what adds in float32 is farther off."""
    one = isinstance(total, Tensor) and total.numel() == 1
    return (
        logged(float(total) / unit) if one or isinstance(total, int | float | np.number) else total
    )
