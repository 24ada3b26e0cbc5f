"""Probes of fold_scaler."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m10_linear_module.shared import changes, layer_facts, make_layer


@probe("layer")
def fold_scaler_layer(impl: Implementation, given: Given) -> Facts:
    """The layer for raw features, and what becomes of it when its sources change later."""
    layer = make_layer(given, given.n_in, given.n_out, given.bias)
    mean, exponents = given.leaf(given.n_in).detach(), given.integers(-2, 4, given.n_in)
    std = (2.0**exponents).to(mean)  # powers of 2, so that float32 divides exactly
    if given.spec.get("frozen"):
        layer.requires_grad_(False)
    parts = list(layer.parameters())
    sources = [*parts, mean, std]
    held, later = [id(p) for p in parts], [p.detach() + 1 for p in sources]
    facts = layer_facts(
        lambda: impl.fold_scaler(layer, mean, std), given.randn(3, given.n_in), sources
    )
    facts["mean and std afterwards"] = changes(sources[-2:], later[-2:])
    same = held == [id(p) for p in layer.parameters()]
    facts["layer afterwards"] = changes(parts, later[:-2]) if same else "changed"
    return facts
