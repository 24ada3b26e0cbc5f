"""Probes of SlopeOnly."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients


@probe("lines")
def slope_only_lines(impl: Implementation, given: Given) -> Facts:
    """The parameters of both modules, their predictions for numbers set by the grader, and the
    gradients of these."""
    x = given.randn(given.n, 1)
    facts: Facts = {}
    for name in ("SlopeOnly", "Line"):
        module = getattr(impl, name)()
        parameters = dict(sorted(module.named_parameters()))
        facts[f"{name}'s parameters"] = _names(parameters)
        # Where nothing can be set, or only that of a module inside, nothing more is told.
        if not parameters or not {*parameters} <= {"slope", "bias"}:
            return facts
        facts |= _line_facts(name, module.to(given.device, given.dtype), x, given)
        shared = {*map(id, parameters.values())} & {*map(id, getattr(impl, name)().parameters())}
        facts[f"parameters that two {name} objects share"] = len(shared)
    return facts


def _names(parameters: dict[str, nn.Parameter]) -> str:
    if any("." in name for name in parameters):
        return "those of a module inside"
    if not {*parameters} <= {"slope", "bias"}:
        return "under other names"
    return " and ".join(parameters) or "none"


def _line_facts(name: str, module: nn.Module, x: Tensor, given: Given) -> Facts:
    parameters = dict(sorted(module.named_parameters()))
    with torch.no_grad():
        for p in parameters.values():
            p.fill_(-0.5 - abs(given.leaf(1).item()))
    pred = module(x)
    facts: Facts = {
        f"{name}'s number of parameter elements": sum(p.numel() for p in parameters.values()),
        f"{name}'s prediction for x = 0": module(torch.zeros_like(x[:1])),
        f"{name}'s predictions": pred,
    }
    found = gradients(pred.square(), list(parameters.values()))
    with torch.no_grad():
        for p in parameters.values():
            p.mul_(-2)
    facts[f"{name}'s predictions after an update"] = module(x)
    for own, gradient in zip(parameters, found, strict=True):
        flat = gradient.flatten() if isinstance(gradient, Tensor) else gradient
        facts[f"{name}'s gradient of {own}"] = flat
    return facts
