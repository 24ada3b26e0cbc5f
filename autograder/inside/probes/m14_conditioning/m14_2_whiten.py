"""Probes of whiten and condition."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import refusal_of


@probe("whitened")
def whiten_whitened(impl: Implementation, given: Given) -> Facts:
    """What all right answers have in common, whatever the rotation behind W."""
    x = _correlated(given)
    result = impl.whiten(x)
    if not isinstance(result, tuple | list) or len(result) != 2:
        return {"result": describe(result)}
    z, w = result
    shapes = f"z {_shape(z)}, W {_shape(w)}"
    facts: Facts = {"shapes": shapes}
    if shapes != f"z {list(x.shape)}, W {[x.shape[1]] * 2}":
        return facts
    return facts | {
        "mean of z": z.mean(0),
        "covariance of z": (z - z.mean(0)).t() @ (z - z.mean(0)) / len(z),
        "W @ W.T": w @ w.t(),
        "z minus (x - mean) @ W": z - (x - x.mean(0)) @ w,
    }


@probe("singular")
def whiten_singular(impl: Implementation, given: Given) -> Facts:
    """What whiten does where no W can take the correlations away."""
    x = _dependent(given)
    return {"answer to a singular covariance": refusal_of(lambda: impl.whiten(x), ValueError)}


@probe("condition")
def whiten_condition(impl: Implementation, given: Given) -> Facts:
    """The condition number, also of features that depend on each other."""
    x = _dependent(given) if given.spec.get("kind") else _correlated(given)
    return {"condition number": impl.condition(x)}


def _correlated(given: Given) -> Tensor:
    """Draw features that share half of their neighbours' numbers, with means that are not 0."""
    if "rows" in given.spec:
        return given.regression()[0]
    own = given.randn(given.n, given.n_in)
    shared = own + own.roll(1, 1) / 2
    return given.plain(shared * given.spec.get("scale", 1.0) + 1)


def _dependent(given: Given) -> Tensor:
    """Draw features that depend on each other: a constant, a combination, too few rows; or, where
    the given says how small, ones at right angles of which the last is nearly 0."""
    x = given.randn(given.n, given.n_in)
    if given.kind == "nearly 0":
        half = torch.diag(torch.cat([1 + x[0, :-1].abs(), 0 * x[0, :1] + 2.0**given.power]))
        x = torch.cat([half, -half]) * 1024
    if given.kind == "constant":
        x = torch.cat([x[:, :-1], torch.ones_like(x[:, :1])], 1)
    if given.kind == "combination":
        x = torch.cat([x[:, :-1], 2 * x[:, :1] - x[:, 1:2]], 1)
    return given.plain(x)


def _shape(value: Any) -> str:
    return str(list(value.shape)) if isinstance(value, Tensor) else describe(value)
