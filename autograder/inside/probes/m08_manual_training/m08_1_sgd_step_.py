"""Probes of sgd_step_."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m08_manual_training.shared import each, role_of
from autograder.inside.probes.tools import copies, equal, handed_over, outcome_of, stored_gradient


@probe("update")
def sgd_step_update(impl: Implementation, given: Given) -> Facts:
    """The parameters after each of several steps, what they are then, and their gradients."""
    params = [given.leaf(*shape) for shape in given.shapes]
    facts: Facts = each("parameter {} at the start", copies(params))
    for step in range(1, given.steps + 1):
        for p in params:
            p.grad = given.spec.get("scale", 1) * given.randn(*p.shape)
        grads = [p.grad.clone() for p in params]
        before = copies(params)
        returned = impl.sgd_step_(handed_over(given.params, params), given.lr * step)
        facts[f"the caller's tensors after step {step}"] = _effect(params, before, returned)
        facts |= each(f"parameter {{}} after step {step}", copies(params))
        kept = all(map(equal, [p.grad for p in params], grads))
        facts[f"gradients after step {step}"] = "as before" if kept else "changed"
    facts["parameters' role"] = role_of(params)
    return facts


@probe("old graphs")
def sgd_step_old_graphs(impl: Implementation, given: Given) -> Facts:
    """What backward does in graphs that were recorded before the step and saved a parameter."""
    params = [given.leaf(*shape) for shape in given.shapes]
    for p in params:
        p.grad = given.randn(*p.shape)
    recorded = [p.square().sum() for p in params]
    impl.sgd_step_(handed_over(given.params, params), given.lr)
    calls = [partial(torch.autograd.grad, *pair) for pair in zip(recorded, params, strict=True)]
    answers = {outcome_of(call, RuntimeError) for call in calls}
    return {"backward through a graph from before the step": ", ".join(sorted(answers))}


@probe("missing gradient")
def sgd_step_missing(impl: Implementation, given: Given) -> Facts:
    """What becomes of parameters and gradients where the second of three has no gradient."""
    params = [given.leaf(2), given.leaf(3), given.leaf(2)]
    for p in (params[0], params[2]):
        p.grad = given.randn(2)
    with torch.no_grad():  # which the step is to leave as it is
        answer = outcome_of(lambda: impl.sgd_step_(handed_over(given.params, params), given.lr))
    facts: Facts = {"answer to a missing gradient": answer}
    if answer != "no exception":
        return facts  # how far it came before it stopped is no fault of its own
    facts |= each("parameter {} afterwards", copies(params))
    facts["parameters' role"] = role_of(params)
    return facts | each("gradient {} afterwards", map(stored_gradient, params))


def _effect(params: Sequence[Tensor], before: Sequence[Tensor], returned: object) -> str:
    """Say whether the caller's tensors have changed, or something was returned instead."""
    if not all(map(equal, params, before)):
        return "changed in place"
    return "as before (something is returned instead)" if returned else "as before"
