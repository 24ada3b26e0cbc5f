"""Probes of vjp, jvp and jacobian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import equal


@probe("vjp")
def vjp_vjp(impl: Implementation, given: Given) -> Facts:
    """The product of a vector and the Jacobian."""
    x, v = _start(given), given.randn(given.m)
    f = _function(given)
    return _facts("vjp", impl.vjp(f, x, v), x)


@probe("jvp")
def vjp_jvp(impl: Implementation, given: Given) -> Facts:
    """The product of the Jacobian and a vector."""
    x, t = _start(given), given.randn(given.n)
    f = _function(given)
    return _facts("jvp", impl.jvp(f, x, t), x)


@probe("jacobian")
def vjp_jacobian(impl: Implementation, given: Given) -> Facts:
    """The whole Jacobian."""
    x = _start(given)
    return _facts("jacobian", impl.jacobian(_function(given), x), x)


def _start(given: Given) -> Tensor:
    x = given.randn(given.n)
    if given.spec.get("flagged"):
        x.requires_grad_().grad = torch.full_like(x, 1.5)
    return x


def _function(given: Given) -> Callable[[Tensor], Tensor]:
    """Return a function [n] -> [m] whose Jacobian is another one at every place."""
    left, right = (given.leaf(given.m, given.n).detach() for _ in range(2))
    return lambda x: (left @ x) * (right @ x)


def _facts(name: str, result: Any, x: Tensor) -> Facts:
    tracked = isinstance(result, Tensor) and result.requires_grad
    stored = torch.full_like(x, 1.5) if x.requires_grad else None
    return {
        name: result,
        f"{name} that requires a gradient itself": "yes" if tracked else "no",
        "x.grad afterwards": "as before" if equal(x.grad, stored) else "changed",
    }
