"""Probes of to_linear."""

from __future__ import annotations

import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m10_linear_module.shared import changes, layer_facts


@probe("layer")
def to_linear_layer(impl: Implementation, given: Given) -> Facts:
    """The layer made from w and b, and what becomes of it when w and b change later."""
    w, b = given.leaf(given.n_out, given.n_in), given.leaf(given.n_out)
    if given.spec.get("fixed"):
        w, b = given.leaf(given.n_in, given.n_out).detach().t(), torch.zeros_like(b).detach()
    before = w.detach().clone(), b.detach().clone()
    facts = layer_facts(lambda: impl.to_linear(w, b), given.randn(given.n, given.n_in), [w, b])
    facts["w and b afterwards"] = changes([w, b], [before[0] + 1, before[1] + 1])
    return facts
