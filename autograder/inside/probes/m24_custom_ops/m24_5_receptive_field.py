"""Probes of receptive_field."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import number
from autograder.inside.probes.tools import more_sizes


@probe("stack")
def receptive_field_stack(impl: Implementation, given: Given) -> Facts:
    """The field of a stack, what becomes of the list, and the fields of more stacks."""
    layers = [tuple(layer) for layer in given.layers]
    handed = list(layers)
    kind, field = number(impl.receptive_field(handed))
    facts: Facts = {
        "receptive field": field,
        "kind of the result": kind,
        "layers afterwards": "as before" if handed == layers else "changed",
    }
    if sizes := more_sizes(given, 2, 9):
        fields = [number(impl.receptive_field([*layers, (size, 1, 1)]))[1] for size in sizes]
        facts["fields with one more layer"] = str(fields)
    return facts
