"""Probes of graph_ops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear, mse_loss

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import outcome_of

_UNARY = (torch.sin, torch.exp, torch.tanh, torch.neg, torch.square, torch.abs, torch.sigmoid)


@probe("names")
def graph_ops_names(impl: Implementation, given: Given) -> Facts:
    """The names in a graph, sorted within each distance, and what backward() does afterwards."""
    leaf = given.leaf() if given.kind == "leaf" else given.leaf(given.spec.get("n_in", 2))
    loss = leaf if given.kind == "leaf" else _loss(given, leaf)
    layers = _layers(loss)  # kept, so that the nodes' ids stay their own
    names = impl.graph_ops(loss)
    if not _is_list_of_names(names):
        return {"names": _described(names)}
    facts: Facts = {"names": _sorted_within(names, [len(layer) for layer in layers])}
    stored = "none" if leaf.grad is None else "some"
    facts["gradients stored by your call"] = stored
    if loss.requires_grad:
        facts["backward() afterwards"] = outcome_of(loss.backward, RuntimeError)
    return facts


@probe("deep")
def graph_ops_deep(impl: Implementation, given: Given) -> Facts:
    """How many nodes of each name are found in a long chain."""
    leaf = given.leaf()
    value = leaf
    for _ in range(given.depth):
        value = -value
    layers = _layers(value)
    names = impl.graph_ops(value)
    del layers
    if not _is_list_of_names(names):
        return {"names": _described(names)}
    counts = Counter(names)
    return {"numbers of names in a deep graph": dict(sorted(counts.items()))}


def _loss(given: Given, leaf: Tensor) -> Tensor:
    """Return a loss [] whose graph is of the given's kind."""
    if given.kind in ("mse", "layer"):
        x, y = given.regression()
        w, b = leaf.expand(given.n_out, given.n_in), given.leaf(given.n_out)
        if given.kind == "layer":
            return mse_loss(linear(x, w, b), y)
        error = x @ w.t() + b - y
        squares = error * error
        return squares.sum() / squares.numel()
    value = leaf.detach() if given.kind == "untracked" else leaf
    for _ in range(given.spec.get("depth", 2)):
        value = _longer(given, value)
    return value.sum()


def _longer(given: Given, value: Tensor) -> Tensor:
    """Return a value computed from another one."""
    if given.kind == "diamonds":
        return value * value + value.exp()
    one, other = (_UNARY[i] for i in given.integers(0, len(_UNARY), 2).tolist())
    # in "skip" a short way and a long one lead to the same nodes
    return one(other(value)) - value if given.kind == "skip" else one(value)


def _layers(loss: Tensor) -> list[list[Any]]:
    """Return the nodes behind a loss, by their distance from it."""
    layer: list[Any] = [] if loss.grad_fn is None else [loss.grad_fn]
    layers, seen = [], set(layer)
    while layer:
        layers.append(layer)
        later = [up for node in layer for up, _ in node.next_functions if up is not None]
        layer = [node for node in dict.fromkeys(later) if node not in seen]
        seen.update(layer)
    return layers


def _sorted_within(names: list[str], sizes: Sequence[int]) -> list[str]:
    """Sort names within each distance, where any order is right."""
    told: list[str] = []
    for size in sizes:
        told += sorted(names[len(told) : len(told) + size])
    return told + names[len(told) :]


def _is_list_of_names(names: Any) -> bool:
    return isinstance(names, list) and all(isinstance(name, str) for name in names)


def _described(names: Any) -> str:
    if isinstance(names, list):
        return f"a list with {describe(next(n for n in names if not isinstance(n, str)))}"
    return describe(names)
