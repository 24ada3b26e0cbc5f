"""Probes of adam_step."""

from __future__ import annotations

import copy
from typing import Any

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import copies, equal, unmoved


@probe("path")
def adam_path(impl: Implementation, given: Given) -> Facts:
    """The path of a parameter, whose learning rate changes on the way."""
    p, kept = given.leaf(*given.shape), given.leaf(*given.shape).detach()
    p.grad, alias = kept.clone(), p.detach()
    state: dict[str, Any] = {}
    facts: Facts = {}
    for step in range(1, given.steps + 1):
        lr = given.lr if step < given.from_step else given.later_lr
        before = p.detach().clone()
        returned = _step(impl, given, p, given.randn(*given.shape), state, lr)
        facts[f"parameters unmoved by step {step}"] = unmoved({"p": p}, [before])
        facts[f"p after step {step}"] = p.detach().clone()
    _step(impl, given, p, given.randn(*given.shape), {}, given.lr)
    return facts | {
        "p after a step with a new state": p.detach().clone(),
        "result": "None" if returned is None else "something",
        "memory of p": "its own, as before" if equal(alias, p) else "another one",
        "p.grad afterwards": "as before" if equal(p.grad, kept) else "changed",
        "p": "a leaf" if p.is_leaf and p.requires_grad else "no leaf any more",
    }


@probe("gaps")
def adam_gaps(impl: Implementation, given: Given) -> Facts:
    """The paths of two parameters, one without a gradient in some steps; then that of its copy."""
    params = [given.leaf(given.size), given.leaf(given.size + 1)]
    states: list[dict[str, Any]] = [{}, {}]
    last: list[Tensor | None] = []
    facts: Facts = {}
    for step in range(1, given.steps + 1):
        if step == given.copied_before_step:
            p_copy, state_copy = copy.deepcopy((params[0], states[0]))
        drawn = [
            None if step in given.steps_without_p else given.randn(given.size),
            given.randn(given.size + 1),
        ]
        for p, g, state in zip(params, drawn, states, strict=True):
            _step(impl, given, p, g, state, given.lr)
        if step >= given.copied_before_step:
            last.append(drawn[0])
        facts[f"p after step {step}"], facts[f"q after step {step}"] = copies(params)
    for step, g in enumerate(last, given.copied_before_step):
        _step(impl, given, p_copy, g, state_copy, given.lr)
        facts[f"copy of p after step {step}"] = p_copy.detach().clone()
    return facts


def _step(
    impl: Implementation,
    given: Given,
    p: Tensor,
    g: Tensor | None,
    state: dict[str, Any],
    lr: float,
) -> object:
    """Take a step with the given's settings, and with another learning rate; return its result."""
    result: object = impl.adam_step(
        p,
        g,
        state,
        lr=lr,
        betas=tuple(given.betas),
        eps=given.eps,
        weight_decay=given.weight_decay,
        decoupled=given.decay == "decoupled",
    )
    return result
