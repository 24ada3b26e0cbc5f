"""Probes of stage_grads."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import stored_gradient

Stage: TypeAlias = Callable[[Tensor], Tensor]
PLAIN: Mapping[str, Stage] = {
    "tanh": torch.tanh,
    "square": torch.square,
    "mean": torch.mean,
    "sum": torch.sum,
}


@probe("gradients")
def stage_grads_gradients(impl: Implementation, given: Given) -> Facts:
    """The gradients of chains of stages, some without weights and some whose calls differ."""
    stages, _ = _chain(given)
    return _answer(impl.stage_grads(stages, given.randn(given.n, given.n_in)), given)


@probe("what stays")
def stage_grads_what_stays(impl: Implementation, given: Given) -> Facts:
    """The gradients stored in all leaves, with or without numbers in them before."""
    stages, weights = _chain(given)
    x, leaf = _input(given)
    for each in (leaf, *weights) if given.grads == "drawn" else ():
        if each.requires_grad:
            each.grad = given.leaf(*each.shape).detach()
    answer = _answer(impl.stage_grads(stages, x), given)
    name = "the leaf behind x" if given.x == "computed" else "x"
    return answer | {
        f"grad of {name} afterwards": stored_gradient(leaf),
        "grads of the weights in the stages afterwards": [stored_gradient(w) for w in weights],
    }


def _answer(result: Any, given: Given) -> Facts:
    """Return the facts about what was returned."""
    several = isinstance(result, list | tuple)
    every = list(result) if several else [result]
    tracked = any(isinstance(it, Tensor) and it.requires_grad for it in every)
    return {
        "result": "a list" if isinstance(result, list) else describe(result),
        "number of gradients": len(every) if several else describe(result),
        "gradients": every,
        "gradients that require a gradient themselves": "yes" if tracked else "no",
    }


def _chain(given: Given) -> tuple[list[Stage], list[Tensor]]:
    """Return the stages that a given names, and the weights inside them."""
    stages: list[Stage] = []
    weights: list[Tensor] = []
    width = given.n_in
    for kind in given.stages:
        stage, own, width = _stage(given, kind, width)
        stages.append(stage)
        weights += own
    return stages, weights


def _stage(given: Given, kind: str, width: int) -> tuple[Stage, list[Tensor], int]:
    """Return a stage for rows of some width, its weights, and the width of what it returns."""
    if kind == "linear":
        w = given.leaf(width, width + 1)
        return lambda h: h @ w, [w], width + 1
    if kind == "bias":
        b = given.leaf(width)
        return lambda h: h + b, [b], width
    if kind == "module":
        layer = nn.Linear(width, width + 1, device=given.device, dtype=given.dtype)
        own: list[Tensor] = [*layer.parameters()]
        with torch.no_grad():
            for p in own:
                p.copy_(given.leaf(*p.shape))
        return layer, own, width + 1
    if kind == "noisy":  # another factor at each call
        factors = itertools.cycle(given.leaf(5).detach().unbind())
        return lambda h: h * next(factors), [], width
    return PLAIN[kind], [], width


def _input(given: Given) -> tuple[Tensor, Tensor]:
    """Return x, and the leaf behind it, which may be x itself."""
    if given.x == "plain":
        x = given.randn(given.n, given.n_in)
        return x, x
    leaf = given.leaf(given.n, given.n_in)
    return (leaf * 2, leaf) if given.x == "computed" else (leaf, leaf)
