"""Probes of RunningNorm."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.modules.batchnorm import _BatchNorm

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import default_dtype, gradients, outcome_of

BUFFERS = ("running_mean", "running_var")


@probe("batches")
def norm_batches(impl: Implementation, given: Given) -> Facts:
    """What becomes of batches in training mode, then of rows in eval mode, and what is kept."""
    layer = _made(impl, given)
    if any(isinstance(part, _BatchNorm) for part in layer.modules()):
        return {"layer": "built with torch's own"}
    facts = _held(layer, "at the start")
    for place, n in enumerate(given.sizes, start=1):
        x = _rows(given, n).requires_grad_()
        out = layer(x)
        facts[f"output for batch {place}"] = out
        cubed = out**3 if isinstance(out, Tensor) else out
        facts[f"gradient for batch {place} of its cubed output"] = gradients(cubed, [x])[0]
        facts |= _held(layer, f"after batch {place}")
    kept = [getattr(layer, name, None) for name in BUFFERS]
    tracked = any(isinstance(b, Tensor) and b.grad_fn is not None for b in kept)
    facts["running statistics have a graph"] = tracked
    layer.eval()
    facts["output in eval mode"] = layer(_rows(given, given.n_test))
    facts |= _held(layer, "after eval mode")
    layer.train()
    return facts | {"output in training mode again": layer(_rows(given, 3))}


@probe("state")
def norm_state(impl: Implementation, given: Given) -> Facts:
    """What is saved, loaded, converted and trained."""
    layer, fresh = _made(impl, given), _made(impl, given)
    layer(_rows(given, given.n_train))
    state = layer.state_dict()
    facts: Facts = {
        "entries of its state_dict": ", ".join(sorted(state)) or "none",
        "parameters": ", ".join(sorted(name for name, _ in layer.named_parameters())) or "none",
        "loading it into another layer": outcome_of(
            lambda: fresh.load_state_dict(state), RuntimeError
        ),
        "output of that layer in eval mode": fresh.eval()(_rows(given, given.n_test)),
    }
    with default_dtype(torch.float64):
        facts |= _held(impl.RunningNorm(given.n), "where torch's default dtype is float64")
    return facts | _held(layer.float(), "after .float()")


def _made(impl: Implementation, given: Given) -> Any:
    settings = {"momentum": given.momentum} if "momentum" in given.spec else {}
    return impl.RunningNorm(given.n, **settings).to(given.device, given.dtype)


def _rows(given: Given, n: int) -> Tensor:
    """Draw rows whose features differ in scale and place; the last may hardly vary."""
    drawn = given.leaf(n, given.n).detach().cpu().tolist()
    rows = [[2.0**i * number + 1 - i for i, number in enumerate(row)] for row in drawn]
    if given.spec.get("small"):
        rows = [[*row[:-1], row[-1] / 1000] for row in rows]
    return given.tensor(rows)


def _held(layer: Any, when: str) -> Facts:
    """Return copies of the running statistics."""
    facts: Facts = {}
    for name in BUFFERS:
        found = getattr(layer, name, "missing")
        copy = found.detach().clone() if isinstance(found, Tensor) else found
        facts[f"{name} {when}"] = copy
    return facts
