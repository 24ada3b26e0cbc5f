"""Probes of slice_minimum."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m12_line.shared import number, points


@probe("minimum")
def slice_minimum_minimum(impl: Implementation, given: Given) -> Facts:
    """The best slope or bias where the other one is fixed."""
    x, y = points(given)
    sought = "bias" if given.fixed == "slope" else "slope"
    kind, best = number(impl.slice_minimum(x, y, **{given.fixed: given.at}))
    return {"kind of the result": kind, f"best {sought}": best}
