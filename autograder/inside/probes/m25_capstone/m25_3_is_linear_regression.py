"""Probes of is_linear_regression."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe

Box: TypeAlias = Callable[[Tensor], Tensor]

# What a row x is made into, with drawn weights v [dim] and u [dim, 32], and a drawn number c.
_KINDS: dict[str, Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]] = {
    "weights and a bias": lambda x, v, u, c: x @ v + 3 + c.abs(),
    "weights without a bias": lambda x, v, u, c: x @ v,
    "large weights, rounded": lambda x, v, u, c: (300 * (x @ v) - 500).round(decimals=7),
    "a constant": lambda x, v, u, c: 0 * x[:, 0] + c,
    "squares": lambda x, v, u, c: 5 * x.square() @ (1 + v.abs()),
    "a slight curve": lambda x, v, u, c: x @ v + 0.03 * x.square().sum(dim=1),
    "a slight curve high up": lambda x, v, u, c: 9000 + x @ v + 0.03 * x.square().sum(dim=1),
    "a product of two features": lambda x, v, u, c: 10 * x[:, 0] * x[:, 1],
    "waves": lambda x, v, u, c: (2 * torch.pi * x).sin() @ (2 + v.abs()) + x @ v + c,
    "a wave of a difference": lambda x, v, u, c: 5 * (2 * torch.pi * (x[:, 0] - x[:, 1])).sin(),
    "cubes": lambda x, v, u, c: x**3 @ (1 + v.abs()) + c,
    "absolute values": lambda x, v, u, c: x.abs() @ (1 + v.abs()),
    "a layer of ReLUs": lambda x, v, u, c: (x @ u + u[0]).relu() @ (1 + u[0].abs()),
}


@probe("judged")
def linear_regression_judged(impl: Implementation, given: Given) -> Facts:
    """The answers for black boxes of several kinds, which come in a drawn order."""
    boxes = [_box(given, kind) for kind in given.kinds]
    order = np.random.RandomState(given.seed).permutation(len(boxes)).tolist()
    answers = {i: impl.is_linear_regression(boxes[i], given.dim, given.device) for i in order}
    told = {f"answer for {kind}": answers[i] for i, kind in enumerate(given.kinds)}
    accepted = [place for place, i in enumerate(order) if answers[i]]
    return told | {"places of those that you say True for": accepted}


def _box(given: Given, kind: str) -> Box:
    v, u = given.leaf(given.dim).detach(), given.leaf(given.dim, 32).detach()
    c = given.leaf().detach()

    def f(x: Tensor) -> Tensor:
        with torch.no_grad():
            return _KINDS[kind](x, v, u, c)

    return f
