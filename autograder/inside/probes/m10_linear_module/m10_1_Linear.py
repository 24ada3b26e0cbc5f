"""Probes of Linear."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m10_linear_module.shared import (
    PARAMETERS,
    gradients_of_sum,
    make_layer,
    rows_of,
    trainable,
)
from autograder.inside.probes.tools import default_dtype, gradients, outcome_of

OTHERS = "under other names"


@probe("exchange")
def linear_exchange(impl: Implementation, given: Given) -> Facts:
    """Parameters, the exchange of state_dicts with nn.Linear, outputs and gradients of a layer."""
    n_in, n_out, x = given.n_in, given.n_out, rows_of(given).requires_grad_()
    twin, back = (make_layer(given, n_in, n_out, given.bias) for _ in range(2))
    with default_dtype(getattr(torch, given.spec.get("default", "float32"))):
        layer = impl.Linear(n_in, n_out) if given.bias else impl.Linear(n_in, n_out, bias=False)
    if any(isinstance(part, nn.Linear) for part in layer.modules()):
        return {"layer": "built with nn.Linear"}
    facts: Facts = {"layer": "written on nn.Module"} | _parameters(layer)
    # Without parameters of these names nothing more can be told; nor where its numbers cannot be
    # set, or it must stop for want of a bias.
    if facts["parameters"] in ("none", OTHERS):
        return facts
    if facts.get("attribute bias") == "missing" or not _exchanged(
        layer.to(given.device, given.dtype), twin, back, facts
    ):
        return facts
    called: list[nn.Module] = []
    with register_module_forward_hook(lambda module, *_: called.append(module)):
        facts["output"] = output = layer(x)
    if any(isinstance(module, nn.Linear) for module in called):
        return {"layer": "built with nn.Linear"}
    trained = {n: p for n, p in layer.named_parameters() if p.requires_grad}
    if isinstance(output, Tensor):
        facts |= gradients_of_sum(output, {"x": x} | trained)
    layer.eval()(x)
    with torch.no_grad():
        for p in layer.parameters():
            p.mul_(-0.5)
    facts["output in eval mode after an update"] = output = layer(given.plain(x))
    facts["gradients in eval mode"] = gradients(output, list(trained.values()))
    return facts


def _parameters(layer: nn.Module) -> Facts:
    """Return what a new layer holds; its start values are free, so zeros stand for them."""
    params = dict(layer.named_parameters())
    others = params.keys() - {*PARAMETERS}
    facts: Facts = {"parameters": OTHERS if others else ", ".join(sorted(params)) or "none"}
    if others or not params:
        return facts
    for name in PARAMETERS:
        if name in params:
            facts[f"new {name}"] = torch.zeros_like(params[name])
    facts["trainable parameters"] = ", ".join(trainable(layer)) or "none"
    if "bias" not in params:
        has_bias = hasattr(layer, "bias")
        something = "None" if has_bias and layer.bias is None else "something else"
        facts["attribute bias"] = something if has_bias else "missing"
    return facts


def _exchanged(layer: nn.Module, twin: nn.Linear, back: nn.Linear, facts: Facts) -> bool:
    """Load an nn.Linear's numbers into a layer, and the layer's into another; True if both work."""
    outcomes = [
        outcome_of(lambda: layer.load_state_dict(twin.state_dict()), RuntimeError),
        outcome_of(lambda: back.load_state_dict(layer.state_dict()), RuntimeError),
    ]
    facts["outcome of loading nn.Linear's state_dict"] = outcomes[0]
    facts["outcome of loading it into nn.Linear"] = outcomes[1]
    if set(outcomes) != {"no exception"}:
        return False
    facts["weight that came back in nn.Linear"] = back.weight
    return True
