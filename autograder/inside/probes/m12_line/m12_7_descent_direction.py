"""Probes of descent_direction."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m12_line.shared import points


@probe("direction")
def descent_direction_direction(impl: Implementation, given: Given) -> Facts:
    """The direction at one slope and bias, which are floats or tensors of one element."""
    x, y = points(given)
    w, b = given.w, given.b
    if "shape" in given.spec:
        w, b = (given.tensor([value]).reshape(given.shape) for value in (w, b))
    facts: Facts = {}
    if given.spec.get("trained"):
        w.requires_grad_(), b.requires_grad_()
    facts["direction"] = impl.descent_direction(x, y, w, b)
    if given.spec.get("trained"):
        filled = w.grad is not None or b.grad is not None
        facts[".grad of w and b afterwards"] = "filled" if filled else "None"
    return facts
