"""Probes of flat_directions."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("directions")
def flat_directions_directions(impl: Implementation, given: Given) -> Facts:
    """What all right answers have in common: how many there are, and the space they span.

    Of directions that are not flat the signs are not told: they hang on the processor.
    """
    x, options = _features(given), dict[str, Any]()
    if given.bias:
        options["bias"] = True
    if "tol" in given.spec:
        options["tol"] = given.tol
    directions = impl.flat_directions(x, **options)
    if not isinstance(directions, Tensor) or directions.ndim != 2:
        return {"directions": directions}
    facts: Facts = {
        "shape of the directions": str(list(directions.shape)),
        "directions @ directions.T": directions @ directions.t(),
    }
    if _change_predictions(x, directions, given):
        squares = {"squares of the directions, added up": directions.square().sum(0)}
        return facts | {"predictions along the directions": "change"} | squares
    return facts | {
        "predictions along the directions": "stay",
        "directions.T @ directions": directions.t() @ directions,
    }


def _change_predictions(x: Tensor, directions: Tensor, given: Given) -> bool:
    """Say whether a step along one of the directions changes a prediction, by more than tol of the
    features' size."""
    table = torch.cat([x, torch.ones_like(x[:, :1])], 1) if given.bias else x
    if directions.shape[1] != table.shape[1]:
        return False
    limit = 2 * given.spec.get("tol", 1e-6) * torch.linalg.matrix_norm(table)
    return bool(((table @ directions.t()).norm(dim=0) > limit).any())


def _features(given: Given) -> Tensor:
    """Draw features, the last one perhaps a combination of the others, nearly so, or constant."""
    x = given.randn(given.n, given.n_in)
    *others, last = x.split(1, 1)
    if given.kind == "combination":
        a, b = given.randn(2)
        last = (a + 2) * others[0] + b * others[-1]
    elif given.kind == "nearly":
        last = 2 * others[0] + last * 1e-4
    elif given.kind == "constant":
        last = 3 * torch.ones_like(last)
    return given.plain(torch.cat([*others, last], 1) * given.spec.get("scale", 1.0))
