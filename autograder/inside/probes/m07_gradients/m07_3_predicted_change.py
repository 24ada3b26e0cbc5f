"""Probes of predicted_change."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m07_gradients.shared import scaled
from autograder.inside.probes.tools import kind_of, number_of


@probe("change")
def predicted_change_change(impl: Implementation, given: Given) -> Facts:
    """The predicted change of the loss for a random step, and for the opposite one."""
    grad = scaled(given, given.randn(*given.shape), "slope")
    delta = scaled(given, given.randn(*given.shape))
    change, opposite = (impl.predicted_change(grad, step) for step in (delta, -delta))
    facts: Facts = {
        "predicted change": number_of(change),
        "predicted change for the opposite step": number_of(opposite),
        "kind of the predicted change": kind_of(change),
    }
    # A number in float32 is one of a few thousand, see randn.
    others = [given.randn(*given.shape) for _ in range(given.spec.get("more", 0))]
    if others:
        facts["predicted changes for more steps"] = [
            number_of(impl.predicted_change(grad, step)) for step in others
        ]
    return facts
