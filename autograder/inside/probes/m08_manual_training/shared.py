"""What several probes of m08 need to look."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.probes import Facts


def training(given: Given) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return x, y and parameters: those of the given, or normal draws; their grads None or zero."""
    x, y = given.regression()
    if "w" in given.spec:
        w, b = (
            torch.tensor(numbers, dtype=given.dtype, device=given.device).requires_grad_()
            for numbers in (given.w, given.b)
        )
    else:
        w, b = given.leaf(y.shape[1], x.shape[1]), given.leaf(y.shape[1])
    if given.spec.get("grads") == "zero":
        w.grad = torch.zeros_like(w)
    if given.spec.get("grads") in ("zero", "zero for b"):
        b.grad = torch.zeros_like(b)
    return x, y, w, b


def left(w: Tensor, b: Tensor) -> Facts:
    """Say what a training left behind besides its numbers."""
    cleared = all(p.grad is None or not p.grad.any() for p in (w, b))
    return {
        "gradients afterwards": "None or zero" if cleared else "not cleared",
        "role of w and b": role_of([w, b]),
    }


def role_of(params: Iterable[Tensor]) -> str:
    """Say what parameters are to autograd."""
    if not all(p.is_leaf for p in params):
        return "no leaves any more"
    if not all(p.requires_grad for p in params):
        return "leaves that require no gradient"
    return "leaves that require their gradient"


def each(name: str, values: Iterable[Tensor | str]) -> Facts:
    """Name one fact for each value, counting from 0."""
    return {name.format(index): value for index, value in enumerate(values)}
