"""Probes of m07: what the gradient says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.forward_ad import dual_level
from torch.autograd.graph import saved_tensors_hooks
from torch.nn.functional import linear, mse_loss

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.probes import Facts, probe
from autograder.probes.tools import equal, outcome_of


@probe("dmse_dpred", "value")
def dmse_dpred_value(it: Implementation, given: Given) -> Facts:
    """The derivative for each prediction, which requires its gradient like a model's.

    On the crop table all predictions are the mean. It is also noted whether autograd was at work. A
    second call must leave the result of the first alone.
    """
    pred, target = _predictions(given)
    use, derivative = _noting_autograd(lambda: it.dmse_dpred(pred, target))
    if not pred.is_meta:  # where operations are slow
        it.dmse_dpred((pred.detach() + 1).requires_grad_(), target)
    return {"derivative": derivative, "use of autograd": use}


@probe("dmse_dpred", "inference")
def dmse_dpred_inference(it: Implementation, given: Given) -> Facts:
    """The derivative where autograd is switched off, and whether pred keeps it in .grad."""
    pred, target = _predictions(given)
    told, derivative = _without_autograd(lambda: it.dmse_dpred(pred, target))
    return {
        "attempt in inference mode": told,
        "derivative in inference mode": derivative,
        "pred.grad afterwards": "None" if pred.grad is None else "filled",
    }


@probe("linreg_grads", "gradients")
def linreg_grads_gradients(it: Implementation, given: Given) -> Facts:
    """Both gradients for leaves, what .grad holds afterwards, and whether autograd was at work.

    A second call, with plain parameters, must leave the results of the first alone.
    """
    x, y, w, b = _regression_with_params(given)
    leaves = {"w": w, "b": b}
    _store(given, leaves)
    stored = {name: _copy(p.grad) for name, p in leaves.items()}
    use, (gw, gb) = _noting_autograd(lambda: it.linreg_grads(x, y, w, b))
    if not x.is_meta:  # where operations are slow
        plain = w.detach() + 1, b.detach() + 1
        outcome_of(lambda: it.linreg_grads(x, y, *plain), RuntimeError)
    changed = [f"{name}.grad" for name, p in leaves.items() if not equal(p.grad, stored[name])]
    return {
        "gradient of w": gw,
        "gradient of b": gb,
        "changed .grad attributes": ", ".join(changed) or "none",
        "use of autograd": use,
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
    grad = _scaled(given, given.randn(*given.shape), "slope")
    delta = _scaled(given, given.randn(*given.shape))
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
    y = _scaled(given, y)
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
    _store(given, leaves)
    every = list(leaves.values())
    stored = [_copy(p.grad) for p in every]
    before = [(p.detach().clone(), p._version) for p in every]
    pred = linear(x, leaves["w"], leaves["b"]) + leaves.get("shift", 0)
    result = it.grads_only(mse_loss(pred, y), handed)
    tracked = sum(isinstance(g, Tensor) and g.requires_grad for g in result)
    graphs = sum(isinstance(g, Tensor) and g.grad_fn is not None for g in result)
    moved = any(not equal(p, value) for p, (value, _) in zip(every, before, strict=True))
    written = any(
        not p.is_meta and p._version != version
        for p, (_, version) in zip(every, before, strict=True)
    )
    kept = [id(p) for p in handed] == [id(p) for p in params]
    undisturbed = all(equal(p.grad, old) for p, old in zip(every, stored, strict=True))
    return {
        "gradients": result,
        "number of gradients that require a gradient": tracked,
        "number of gradients with a graph behind them": graphs,
        "stored gradients (.grad) afterwards": "as before" if undisturbed else "changed",
        "parameters afterwards": "moved" if moved else "written to" if written else "as before",
        "list of parameters afterwards": "as before" if kept else "changed",
        "parameters that require a gradient afterwards": sum(p.requires_grad for p in every),
        "parameters with hooks left on them": sum(map(_hooked, every)),
    }


def _predictions(given: Given) -> tuple[Tensor, Tensor]:
    _, target = given.regression()
    if "rows" in given.spec:
        pred = given.tensor((target.mean(0) + 0 * target).cpu())
    else:
        pred = _scaled(given, given.randn(*target.shape))
    return pred.requires_grad_(), target


def _scaled(given: Given, drawn: Tensor, by: str = "scale") -> Tensor:
    """Return an input as drawn or, where the given has a scale, one whose numbers are beyond it."""
    scale = given.spec.get(by)
    return drawn if scale is None else given.tensor((scale * (drawn + drawn.sign())).cpu())


def _store(given: Given, leaves: Mapping[str, Tensor]) -> None:
    """Put numbers so large that adding to them loses digits into .grad of the given's `stored`."""
    for name in given.spec.get("stored", []):
        leaves[name].grad = torch.full_like(leaves[name], 2.0**42)


def _regression_with_params(given: Given) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return x, y and parameters that are leaves, all of them watched for changes."""
    x, y = given.regression()
    y = _scaled(given, y)
    w, b = given.randn(y.shape[1], x.shape[1]), given.randn(y.shape[1])
    return x, y, w.requires_grad_(), b.requires_grad_()


def _noting_autograd(call: Callable[[], Any]) -> tuple[str, Any]:
    """Say whether a call has autograd at work, and what it returns.

    Reverse mode asks for the tensors that it saved. Forward mode raises RuntimeError because there
    is only one level at a time, torch.func because of the hooks: that call is made again without.
    """
    asked = []

    def note(tensor: Tensor) -> Tensor:
        asked.append(tensor)
        return tensor

    try:
        with saved_tensors_hooks(lambda tensor: tensor, note), dual_level():
            result = call()
    except RuntimeError:
        return "at work", call()
    return "at work" if asked else "none", result


def _without_autograd(call: Callable[[], Any]) -> tuple[str, Any]:
    """Say how a call fares with autograd switched off, and what it returns.

    Code that switches autograd on again raises RuntimeError at the first tensor it saves, or where
    it enters a level of forward mode: there is one at a time.
    """
    results = []

    def refuse(tensor: Tensor) -> Tensor:
        raise RuntimeError("autograd is at work")

    with torch.inference_mode(), saved_tensors_hooks(refuse, refuse), dual_level():
        told = outcome_of(lambda: results.append(call()), RuntimeError)
    return told, results[0] if results else "none"


def _hooked(p: Tensor) -> bool:
    return bool(p._backward_hooks or getattr(p, "_post_accumulate_grad_hooks", None))


def _copy(tensor: Tensor | None) -> Tensor | None:
    return None if tensor is None else tensor.detach().clone()
