"""What several probes of m20 need to look."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.probes import Facts
from autograder.inside.probes.tools import stored_gradient


def ones(given: Given, *shape: int) -> Tensor:
    """Return a large parameter full of ones, which take no time to draw."""
    return torch.ones(*shape, dtype=given.dtype, device=given.device, requires_grad=True)


def roles(params: Mapping[str, Tensor]) -> Facts:
    """Say what parameters are to autograd, and what their gradients hold."""
    facts: Facts = {}
    for name, p in params.items():
        leaf = "leaf" if p.is_leaf else "tensor computed from another one"
        needs = "requires its gradient" if p.requires_grad else "requires no gradient"
        facts[f"role of {name}"] = f"a {leaf} that {needs}"
        facts[f"gradient of {name}"] = stored_gradient(p) if p.is_leaf else "none, for no leaf"
    return facts
