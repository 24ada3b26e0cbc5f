"""Probes of role."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("model")
def role_model(impl: Implementation, given: Given) -> Facts:
    """The roles in a linear model before its first backward, and those of a drawn row."""
    x, y = given.regression()
    w = given.leaf(given.n_out, given.n_in)
    pred = x @ w.T
    drawn = [
        (given.randn(2), given.leaf(2), 3 * given.leaf(2))[kind]
        for kind in given.integers(0, 3, given.drawn).tolist()
    ]
    kinds = {
        "an input": x,
        "a weight": w,
        "a prediction": pred,
        "a loss": (pred - y).square().sum(),
        "an input times 2": x * 2,
    }
    with torch.set_grad_enabled(given.grad == "on"):
        facts = _roles(impl, kinds)
        return facts | {"roles of a drawn row of tensors": [impl.role(each) for each in drawn]}


@probe("special tensors")
def role_special(impl: Implementation, given: Given) -> Facts:
    """The roles of what is cut off, kept, frozen or bound anew, and the gradients afterwards."""
    used, kept = given.leaf(given.n), 2 * given.leaf(given.n)
    kept.retain_grad()
    (kept * used).sum().backward()
    with torch.no_grad():
        unrecorded = used * 2
    kinds = {
        "row numbers": given.integers(0, 9, given.n),
        "a weight after backward()": used,
        "an nn.Parameter": nn.Parameter(given.leaf(given.n).detach()),
        "a frozen nn.Parameter": nn.Parameter(given.leaf(given.n).detach(), requires_grad=False),
        "a product whose gradient is kept": kept,
        "a view of a weight": used[:1],
        "w after w = w - lr * gradient": used - 0.1 * given.randn(given.n),
        "a detached weight": used.detach(),
        "a detached copy that was marked again": used.detach().clone().requires_grad_(),
        "a product computed under no_grad": unrecorded,
    }
    with torch.set_grad_enabled(given.grad == "on"):
        facts = _roles(impl, kinds)
    stored = [tensor.grad for tensor in kinds.values() if tensor.is_leaf]
    return facts | {"gradients of the leaves afterwards": stored}


def _roles(impl: Implementation, kinds: Mapping[str, Tensor]) -> Facts:
    return {f"role of {kind}": impl.role(tensor) for kind, tensor in kinds.items()}
