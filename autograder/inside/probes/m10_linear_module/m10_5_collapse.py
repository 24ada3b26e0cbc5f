"""Probes of collapse."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m10_linear_module.shared import changes, layer_facts, make_layer
from autograder.inside.probes.tools import refusal_of


@probe("layer")
def collapse_layer(impl: Implementation, given: Given) -> Facts:
    """The layer that a stack collapses to, and what becomes of it when the stack changes later."""
    sizes = given.sizes
    layers: list[nn.Module] = [
        make_layer(given, i, o, bias)
        for i, o, bias in zip(sizes[:-1], sizes[1:], given.biases, strict=True)
    ]
    params = [p for layer in layers for p in layer.parameters()]
    if given.spec.get("frozen"):
        for p in params:
            p.requires_grad_(False)
    later = [p.detach() + 1 for p in params]
    if given.spec.get("identities"):
        layers = _each_after(nn.Identity, layers)
    held = [_held(layer) for layer in layers]
    stack = list(layers)
    facts = layer_facts(lambda: impl.collapse(stack), given.randn(2, sizes[0]), params)
    facts["list afterwards"] = "as it was" if stack == layers else "changed"
    same = held == [_held(layer) for layer in layers]
    facts["layers afterwards"] = changes(params, later) if same else "changed"
    return facts


@probe("activation between")
def collapse_activation(impl: Implementation, given: Given) -> Facts:
    """What becomes of a stack with an activation between its layers that is not linear."""
    i, h, o = given.sizes
    layers = [make_layer(given, i, h, True), make_layer(given, h, o, True)]
    stack = _each_after(nn.ReLU, layers)[1:]
    return {"answer to a ReLU between": refusal_of(lambda: impl.collapse(stack), ValueError)}


def _each_after(activation: type[nn.Module], layers: Sequence[nn.Module]) -> list[nn.Module]:
    """Return layers with an activation before each."""
    return [module for layer in layers for module in (activation(), layer)]


def _held(layer: nn.Module) -> list[int]:
    """Return what a layer is made of."""
    return [id(p) for p in layer.parameters()]
