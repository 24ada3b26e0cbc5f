"""Probes of slice_minimum."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m12_line.shared import number, points


@probe("minimum")
def slice_minimum_minimum(impl: Implementation, given: Given) -> Facts:
    """The best slope or bias where the other one is fixed."""
    # In float32 a number is one of a few hundred, see randn.
    first, *others = [points(given) for _ in range(1 + given.spec.get("more", 0))]
    sought = "bias" if given.fixed == "slope" else "slope"
    kind, best = number(impl.slice_minimum(*first, **{given.fixed: given.at}))
    facts: Facts = {"kind of the result": kind, f"best {sought}": best}
    if others:
        facts[f"best {sought} of more points"] = [
            number(impl.slice_minimum(*each, **{given.fixed: given.at}))[1] for each in others
        ]
    return facts
