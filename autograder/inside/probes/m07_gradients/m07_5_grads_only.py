"""Probes of grads_only."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import linear, mse_loss

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m07_gradients.shared import copied, scaled, store
from autograder.inside.probes.tools import equal


@probe("gradients")
def grads_only_gradients(impl: Implementation, given: Given) -> Facts:
    """The gradients of a linear model's loss, and what has become of all its parameters."""
    x, y = given.regression()
    y = scaled(given, y)
    leaves = {
        "w": given.leaf(y.shape[1], x.shape[1]),
        "b": given.leaf(y.shape[1]),
        "unused": given.leaf(2, 5),
    }
    if "shift" in given.params:  # a number without dimensions
        leaves["shift"] = given.leaf()
    leaves["unused"].detach()[1] = torch.inf
    params = [leaves[name] for name in given.params]
    handed = tuple(params) if given.spec.get("handed") == "tuple" else list(params)
    store(given, leaves)
    every = list(leaves.values())
    stored = [copied(p.grad) for p in every]
    before = [(p.detach().clone(), p._version) for p in every]
    pred = linear(x, leaves["w"], leaves["b"]) + leaves.get("shift", 0)
    result = impl.grads_only(mse_loss(pred, y), handed)
    tracked = sum(isinstance(g, Tensor) and g.requires_grad for g in result)
    graphs = sum(isinstance(g, Tensor) and g.grad_fn is not None for g in result)
    moved = any(not equal(p, value) for p, (value, _) in zip(every, before, strict=True))
    written = any(p._version != version for p, (_, version) in zip(every, before, strict=True))
    kept = [id(p) for p in handed] == [id(p) for p in params]
    undisturbed = all(equal(p.grad, old) for p, old in zip(every, stored, strict=True))
    return {
        "gradients": list(result) if isinstance(result, tuple) else result,
        "kind of the result": type(result).__name__,
        "gradients that require a gradient": "some" if tracked else "none",
        "gradients with a graph behind them": "some" if graphs else "none",
        "stored gradients (.grad) afterwards": "as before" if undisturbed else "changed",
        "parameters afterwards": "moved" if moved else "written to" if written else "as before",
        "list of parameters afterwards": "as before" if kept else "changed",
        "parameters that require a gradient afterwards": sum(p.requires_grad for p in every),
        "parameters with hooks left on them": sum(map(_hooked, every)),
    }


def _hooked(p: Tensor) -> bool:
    return bool(p._backward_hooks or getattr(p, "_post_accumulate_grad_hooks", None))
