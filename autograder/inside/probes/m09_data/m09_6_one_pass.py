"""Probes of one_pass."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import logged


@probe("estimate")
def one_pass_estimate(impl: Implementation, given: Given) -> Facts:
    """Where the constant model ends; as a float it may have been computed in float32."""
    y = given.tensor(given.values) if "values" in given.spec else given.randn(given.n)
    c = impl.one_pass(y, given.lr)
    return {"c after the last row": logged(float(c) if type(c) is int else c)}
