"""Probes of partial_effect."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import number_of


@probe("effect")
def partial_effect_effect(impl: Implementation, given: Given) -> Facts:
    """The effect of one feature that shares much with the others, and the type of the result."""
    own = given.randn(given.n, given.n_in)
    x = given.plain(own + 2 * own[:, :1] + given.spec.get("shift", 0.0))
    y = given.plain(x @ given.randn(given.n_in) + given.randn(given.n) + 3)
    effect = impl.partial_effect(x, y, given.j)
    return {"effect": number_of(effect), "type of the effect": _type(effect)}


def _type(effect: object) -> str:
    return "a float" if isinstance(effect, float) else type(effect).__name__
