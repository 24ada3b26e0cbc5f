"""Probes of MomentumSGD."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import copies, equal, handed_over, noting_optimizers, unmoved


@probe("path")
def momentum_path(impl: Implementation, given: Given) -> Facts:
    """The path of two parameters, whose learning rate changes, beside another optimizer.

    The first gradient is zeroed in place after the first step, as training does.
    """
    w, b = given.leaf(*given.w_shape), given.leaf(*given.b_shape)
    apart, alias = given.leaf(*given.w_shape), w.detach()
    apart.grad = given.leaf(*given.w_shape).detach()
    with noting_optimizers() as made:
        opt = impl.MomentumSGD(handed_over(given.params, [w, b]), given.lr, **_settings(given))
        other = impl.MomentumSGD([apart], 0.5, momentum=0.5)
        facts: Facts = {}
        for step in range(1, given.steps + 1):
            if step == given.from_step:
                opt.lr = given.later_lr
            _give(w, given.leaf(*given.w_shape).detach())
            _give(b, given.leaf(*given.b_shape).detach())
            facts |= _stepped(opt, {"w": w, "b": b}, step)
            if step < 3:
                other.step()
    return {
        "torch.optim": "used" if made else "not used",
        **facts,
        "parameter of another optimizer after two steps": apart.detach().clone(),
        "memory of w": "its own, as before" if equal(alias, w) else "another one",
        "w and b": "leaves that require their gradient"
        if all(p.is_leaf and p.requires_grad for p in (w, b))
        else "something else now",
    }


@probe("two")
def momentum_two(impl: Implementation, given: Given) -> Facts:
    """Where a parameter goes that two optimizers move in turn, each with its own velocity."""
    p = given.leaf(given.size)
    opts = [impl.MomentumSGD([p], lr, momentum=0.5) for lr in (0.5, 0.25)]
    facts: Facts = {}
    for step, opt in enumerate((*opts, *opts), 1):
        p.grad = given.leaf(given.size).detach()
        opt.step()
        facts[f"p after step {step}"] = p.detach().clone()
    return facts


@probe("gaps")
def momentum_gaps(impl: Implementation, given: Given) -> Facts:
    """The path of two parameters that have no gradient in some steps, and zeros in another."""
    params = {"w": given.leaf(*given.w_shape), "b": given.leaf(*given.b_shape)}
    opt = impl.MomentumSGD(list(params.values()), given.lr, **_settings(given))
    without = {"w": given.steps_without_w, "b": given.steps_without_b}
    facts: Facts = {}
    for step in range(1, given.steps + 1):
        for name, p in params.items():
            drawn = given.leaf(*p.shape).detach()
            if step in without[name]:
                p.grad = None
            else:
                _give(p, torch.zeros_like(drawn) if step == given.zeros_in_step else drawn)
        facts |= _stepped(opt, params, step)
    return facts


def _settings(given: Given) -> dict[str, float]:
    """Return the settings that the given names; the others are left to their defaults."""
    settings = {}
    if "momentum" in given.spec:
        settings["momentum"] = given.momentum
    if "weight_decay" in given.spec:
        settings["weight_decay"] = given.weight_decay
    return settings


def _give(p: Tensor, gradient: Tensor) -> None:
    """Store a gradient, in place where there is one."""
    if p.grad is None:
        p.grad = gradient
    else:
        p.grad.copy_(gradient)


def _stepped(opt: Any, params: dict[str, Tensor], step: int) -> Facts:
    """Take a step, and tell what has become of parameters and gradients."""
    before = copies(params.values())
    gradients = [None if p.grad is None else p.grad.clone() for p in params.values()]
    opt.step()
    kept = all(equal(p.grad, g) for p, g in zip(params.values(), gradients, strict=True))
    return {
        f"parameters unmoved by step {step}": unmoved(params, before),
        f"gradients after step {step}": "as before" if kept else "changed",
        **{f"{name} after step {step}": p.detach().clone() for name, p in params.items()},
    }
