"""Probes of descent_direction."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m12_line.shared import points


@probe("direction")
def descent_direction_direction(impl: Implementation, given: Given) -> Facts:
    """The direction at one slope and bias, which are floats or tensors of one element."""
    x, y = points(given)
    w, b = given.w, given.b
    if "shape" in given.spec:
        w, b = (given.tensor([value]).reshape(given.shape) for value in (w, b))
    facts: Facts = {}
    if given.spec.get("trained"):
        w.requires_grad_(), b.requires_grad_()
    direction = impl.descent_direction(x, y, w, b)
    facts |= _apart(direction)
    if given.spec.get("trained"):
        filled = w.grad is not None or b.grad is not None
        facts[".grad of w and b afterwards"] = "filled" if filled else "None"
    return facts


def _apart(direction: Any) -> Facts:
    """Return where a vector points, and what is 1 about its length, apart: both can be wrong."""
    if not isinstance(direction, Tensor) or not direction.is_floating_point():
        return {"direction": direction}
    vector = direction.detach().double().flatten()
    measures = {
        "1": vector.square().sum().sqrt(),
        "not 1, but the sum of the absolute parts is": vector.abs().sum(),
        "not 1, but the largest part is": vector.abs().amax(),
    }
    error = 1e-5 if direction.dtype == torch.float32 else 1e-9
    one = [words for words, measure in measures.items() if abs(measure.item() - 1) < error]
    length = measures["1"].to(direction.dtype)
    return {"direction": direction / length, "length": one[0] if one else "another"}
