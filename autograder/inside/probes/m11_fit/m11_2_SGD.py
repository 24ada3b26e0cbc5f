"""Probes of SGD."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import (
    at_start,
    copies,
    equal,
    handed_over,
    noting_optimizers,
    outcome_of,
    unmoved,
)


@probe("steps")
def sgd_steps(impl: Implementation, given: Given) -> Facts:
    """Parameters and gradients over several steps of a linear model from a non-zero start.

    Parameters that do not move come first: their gradients are wrong for that reason alone.
    """
    x, y = given.regression()
    w, b = given.leaf(y.shape[1], x.shape[1]), given.leaf(y.shape[1])
    with noting_optimizers() as made:
        opt = impl.SGD(handed_over(given.params, [w, b]), given.lr)
        apart = given.leaf(2)
        apart.grad = torch.ones_like(apart)
        before = copies([apart, apart.grad])
        impl.SGD([apart], 2 * given.lr)  # another one: neither may disturb the other
        facts = _trained(opt, (x, y, w, b), given)
    alone = apart.grad is not None and all(map(equal, (apart, apart.grad), before))
    return {
        "torch.optim": "used" if made else "not used",
        **facts,
        "parameter of another optimizer": "untouched" if alone else "changed",
    }


def _trained(opt: Any, tensors: Sequence[Tensor], given: Given) -> Facts:
    x, y, w, b = tensors
    facts: Facts = {"number of arguments that step demands": _demanded_arguments(opt.step)}
    if facts["number of arguments that step demands"]:
        return facts
    steps = range(1, given.steps + 1)
    facts |= {f"parameters unmoved by step {step}": "none" for step in steps}
    facts |= at_start(w=w, b=b) | {
        "gradients after step": "unchanged",
        "parameters after zero_grad": "unchanged",
        "gradients after zero_grad": "None or zero",
    }
    for step in steps:
        ((x @ w.t() + b - y) ** 2).mean().backward()
        gradients_before, before = [p.grad.clone() for p in (w, b)], copies([w, b])
        opt.step()
        facts[f"parameters unmoved by step {step}"] = unmoved({"w": w, "b": b}, before)
        after = facts[f"w after step {step}"], facts[f"b after step {step}"] = copies([w, b])
        if not all(map(equal, [w.grad, b.grad], gradients_before)):
            facts["gradients after step"] = "None or zero" if _cleared(w, b) else "changed"
        if step == given.steps and b.grad is not None:  # training that has blown up
            b.grad.fill_(torch.inf)
        opt.zero_grad()
        if not all(map(equal, [w, b], after)):
            facts["parameters after zero_grad"] = "changed"
        if not _cleared(w, b):
            facts["gradients after zero_grad"] = "not cleared"
        if step == 1:  # somebody else may have cleared them, and autograd then makes new ones
            w.grad = b.grad = None
    facts["w and b"] = "leaves" if w.is_leaf and b.is_leaf else "no leaves any more"
    return facts


def _cleared(*params: Tensor) -> bool:
    return all(p.grad is None or not p.grad.any() for p in params)


@probe("no gradient")
def sgd_no_gradient(impl: Implementation, given: Given) -> Facts:
    """What step and zero_grad do where the second of three parameters has no gradient."""
    params = [given.leaf(given.n) for _ in range(3)]
    for p in (params[0], params[2]):
        p.grad = given.leaf(given.n).detach()
    opt = impl.SGD(params, given.lr)
    facts: Facts = {
        "step with a missing gradient": outcome_of(opt.step),
        "zero_grad with a missing gradient": outcome_of(opt.zero_grad),
    }
    if set(facts.values()) == {"no exception"}:
        facts["parameters after the step"] = torch.stack([p.detach() for p in params])
    facts["parameters that require a gradient afterwards"] = sum(p.requires_grad for p in params)
    return facts


@probe("refusal")
def sgd_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens when there are no parameters."""
    return {
        "answer to no parameters": outcome_of(
            lambda: impl.SGD(handed_over(given.params, []), 0.1), ValueError
        )
    }


def _demanded_arguments(method: Callable[..., Any]) -> int:
    named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(method).parameters.values()
    return sum(p.kind in named and p.default is p.empty for p in parameters)
