"""Probes of propagated_std."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import number


@probe("stack")
def propagated_std_stack(impl: Implementation, given: Given) -> Facts:
    """The standard deviation after all layers, and what becomes of the list."""
    fan_ins = list(given.fan_ins)
    kind, value = number(impl.propagated_std(fan_ins, float(given.weight_std)))
    return {
        "standard deviation after the layers": value,
        "kind of the result": kind,
        "fan_ins afterwards": "as before" if fan_ins == given.fan_ins else "changed",
    }
