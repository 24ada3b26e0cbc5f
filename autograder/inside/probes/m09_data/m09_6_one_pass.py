"""Probes of one_pass."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import logged, number_of


@probe("estimate")
def one_pass_estimate(impl: Implementation, given: Given) -> Facts:
    """Where the constant model ends; as a float it may have been computed in float32."""
    y = given.tensor(given.values) if "values" in given.spec else given.randn(given.n)
    facts = _facts(impl.one_pass(y, given.lr))
    # With its tolerance, a number in float32 is one of a hundred thousand.
    others = [given.randn(given.n) for _ in range(given.spec.get("more", 0))]
    if others:
        facts["c after the last row, of more rows"] = [
            logged(number_of(impl.one_pass(other, given.lr))) for other in others
        ]
    return facts


@probe("no rows")
def one_pass_no_rows(impl: Implementation, given: Given) -> Facts:
    """Where the model stays if there are no rows."""
    return _facts(impl.one_pass(given.randn(0), given.lr))


def _facts(c: Any) -> Facts:
    """Return c, and what it is: a number that is a tensor of one element can be wrong besides."""
    c = float(c) if type(c) is int else c
    one = isinstance(c, Tensor) and c.numel() == 1 and c.is_floating_point()
    kind = "a tensor of one number" if one else describe(c)
    return {
        "kind of c": "float" if isinstance(c, float | np.floating) else kind,
        "c after the last row": logged(c.item() if one else c),
    }
