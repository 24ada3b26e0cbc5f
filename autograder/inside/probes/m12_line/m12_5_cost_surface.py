"""Probes of cost_surface."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m12_line.shared import points
from autograder.inside.probes.tools import Lines, Operations

FURTHER = (70, 4)  # slopes and biases that a larger grid has: no piece of 64 slopes holds them all


@probe("surface")
def cost_surface_surface(impl: Implementation, given: Given) -> Facts:
    """The costs on a grid."""
    x, y = points(given)
    return {"surface": impl.cost_surface(x, y, given.randn(given.k), given.randn(given.m))}


@probe("work")
def cost_surface_work(impl: Implementation, given: Given) -> Facts:
    """Whether a larger grid takes more operations or more lines, and one of its costs."""
    x, y = points(given)
    counts = []
    for slopes, biases in ((1, 1), FURTHER):  # no axis of length 1: torch may treat it differently
        grid = given.randn(given.k + slopes), given.randn(given.m + biases)
        with Operations() as operations, Lines(impl.files) as lines:
            surface = impl.cost_surface(x, y, *grid)
        counts.append((len(operations.names), lines.count))
    return {
        "number of operations": _growth([operations for operations, _ in counts]),
        "number of Python lines that run": _growth([lines for _, lines in counts]),
        "lowest cost": surface.min().item(),
    }


def _growth(counts: Sequence[int]) -> str:
    """Say whether a count goes up with the grid: a loop adds one for each further number."""
    return (
        "grows with the grid"
        if counts[1] - counts[0] >= min(FURTHER) - 1
        else "the same for every grid"
    )
