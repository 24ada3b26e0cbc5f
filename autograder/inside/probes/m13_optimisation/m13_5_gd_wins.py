"""Probes of gd_flops and gd_wins."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("operations")
def gd_wins_operations(impl: Implementation, given: Given) -> Facts:
    """The operations of gradient descent for some sizes, all different."""
    return {"operations": impl.gd_flops(given.n, given.d, given.o, given.steps)}


@probe("winner")
def gd_wins_winner(impl: Implementation, given: Given) -> Facts:
    """Who takes fewer operations at the given numbers of steps."""
    steps = given.spec.get("counts") or given.integers(1, given.most, given.many).tolist()
    return {"answers": [impl.gd_wins(given.n, given.d, given.o, count) for count in steps]}
