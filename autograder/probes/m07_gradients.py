"""Probes of m07: what the gradient says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.nn.functional import linear, mse_loss

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.probes import Facts, probe
from autograder.probes.tools import equal, outcome_of


@probe("dmse_dpred", "value")
def dmse_dpred_value(it: Implementation, given: Given) -> Facts:
    """The derivative for each prediction, which requires its gradient like a model's.

    On the crop table all predictions are the mean.
    """
    return {"derivative": it.dmse_dpred(*_predictions(given))}


@probe("dmse_dpred", "inference")
def dmse_dpred_inference(it: Implementation, given: Given) -> Facts:
    """The derivative where autograd is switched off."""
    pred, target = _predictions(given)
    told, derivative = _without_autograd(lambda: it.dmse_dpred(pred, target))
    return {"attempt in inference mode": told, "derivative in inference mode": derivative}


@probe("linreg_grads", "gradients")
def linreg_grads_gradients(it: Implementation, given: Given) -> Facts:
    """Both gradients for parameters that are leaves, and what .grad holds afterwards."""
    x, y, w, b = _regression_with_params(given)
    gw, gb = it.linreg_grads(x, y, w, b)
    filled = [name for name, p in (("w.grad", w), ("b.grad", b)) if p.grad is not None]
    return {
        "gradient of w": gw,
        "gradient of b": gb,
        "filled .grad attributes": ", ".join(filled) or "none",
    }


@probe("linreg_grads", "inference")
def linreg_grads_inference(it: Implementation, given: Given) -> Facts:
    """Both gradients where autograd is switched off."""
    x, y, w, b = _regression_with_params(given)
    told, grads = _without_autograd(lambda: tuple(it.linreg_grads(x, y, w, b)))
    return {"attempt in inference mode": told, "gradients in inference mode": grads}


@probe("predicted_change", "change")
def predicted_change_change(it: Implementation, given: Given) -> Facts:
    """The predicted change of the loss for a random step, and for the opposite one."""
    grad, delta = given.randn(*given.shape), given.randn(*given.shape)
    return {
        "predicted change": it.predicted_change(grad, delta),
        "predicted change for the opposite step": it.predicted_change(grad, -delta),
    }


@probe("nudge", "direction")
def nudge_direction(it: Implementation, given: Given) -> Facts:
    """The directions for a gradient with positive, negative and zero elements of a given size."""
    draw = np.random.RandomState(given.seed)
    signs = draw.permutation(np.arange(np.prod(given.shape, dtype=int)) % 3 - 1)
    sizes = given.scale * (0.5 + draw.random_sample(given.shape))
    return {"direction": it.nudge(given.tensor(signs.reshape(given.shape) * sizes))}


@probe("grads_only", "gradients")
def grads_only_gradients(it: Implementation, given: Given) -> Facts:
    """The gradients of a linear model's loss, and what has become of all its parameters."""
    x, y = given.regression()
    leaves = {
        "w": given.leaf(y.shape[1], x.shape[1]),
        "b": given.leaf(y.shape[1]),
        "unused": given.leaf(2, 5),
    }
    params = [leaves[name] for name in given.params]
    for name in given.spec.get("stored", []):
        leaves[name].grad = torch.ones_like(leaves[name])
    every = list(leaves.values())
    stored = [_copy(p.grad) for p in every]
    before = [(p.detach().clone(), p._version) for p in every]
    result = it.grads_only(mse_loss(linear(x, leaves["w"], leaves["b"]), y), list(params))
    tracked = sum(isinstance(g, Tensor) and g.requires_grad for g in result)
    moved = not all(
        p.is_meta or (p._version == version and equal(p.detach(), value))
        for p, (value, version) in zip(every, before, strict=True)
    )
    undisturbed = all(equal(p.grad, old) for p, old in zip(every, stored, strict=True))
    return {
        "gradients": result,
        "number of gradients that require a gradient": tracked,
        "stored gradients (.grad) afterwards": "as before" if undisturbed else "changed",
        "parameters afterwards": "moved" if moved else "as before",
        "parameters that require a gradient afterwards": sum(p.requires_grad for p in every),
    }


def _predictions(given: Given) -> tuple[Tensor, Tensor]:
    _, target = given.regression()
    pred = target.mean(0) + 0 * target if "rows" in given.spec else given.randn(*target.shape)
    return (pred * given.spec.get("scale", 1)).requires_grad_(), target


def _regression_with_params(given: Given) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return x, y and parameters that are leaves, all of them watched for changes."""
    x, y = given.regression()
    w, b = given.randn(y.shape[1], x.shape[1]), given.randn(y.shape[1])
    return x, y, w.requires_grad_(), b.requires_grad_()


def _without_autograd(call: Callable[[], Any]) -> tuple[str, Any]:
    """Say how a call fares with autograd switched off, and what it returns.

    Code that switches autograd on again raises RuntimeError at the first tensor it saves.
    """
    results = []

    def refuse(tensor: Tensor) -> Tensor:
        raise RuntimeError("autograd is at work")

    with torch.inference_mode(), saved_tensors_hooks(refuse, refuse):
        told = outcome_of(lambda: results.append(call()), RuntimeError)
    return told, results[0] if results else "none"


def _copy(tensor: Tensor | None) -> Tensor | None:
    return None if tensor is None else tensor.detach().clone()
