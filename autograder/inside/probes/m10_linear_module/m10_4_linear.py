"""Probes of linear."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m10_linear_module.shared import gradients_of_sum, rows_of
from autograder.inside.probes.tools import Operations

SUMS = {"add", "sub", "rsub", "mul"}  # operations that show a product and a sum made apart


@probe("value")
def linear_value(impl: Implementation, given: Given) -> Facts:
    """The result and its gradients, and for 2-D inputs the operations that led to it."""
    x = rows_of(given).requires_grad_()
    w = given.randn(given.n_out, given.n_in).requires_grad_()
    inputs = {"x": x, "w": w}
    if given.bias:
        b = (
            given.tensor([0.0] * given.n_out)
            if given.spec.get("zero")
            else given.randn(given.n_out)
        )
        inputs["b"] = b.requires_grad_()
    with _Operations(x.detach() @ w.detach().t()) as operations:
        result = impl.linear(*inputs.values())
    facts: Facts = {"result": result}
    facts["result for plain tensors"] = impl.linear(*map(given.plain, inputs.values()))
    facts |= gradients_of_sum(result, inputs)
    if given.bias and x.dim() == 2:
        facts["way to add b"] = _way(operations)
    return facts


class _Operations(Operations):
    """Records also whether the bare product, in any layout, was a result on the way."""

    def __init__(self, product: Tensor) -> None:
        super().__init__()
        self.known = product.numel() > 1  # its sum tells it; a single number may be met by chance
        self.count, self.total = product.numel(), product.sum().item() if self.known else 0.0
        self.met = False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> object:
        """Run an operation and look at its result."""
        result = super().__torch_dispatch__(func, types, args, kwargs)
        if not self.known or not isinstance(result, Tensor) or result.is_meta:
            return result
        if result.numel() == self.count:
            self.met |= abs(result.sum().item() - self.total) < 1e-9
        return result


def _way(operations: _Operations) -> str:
    """Say whether the bias was added by an operation of its own."""
    names = {name.rstrip("_") for name in operations.names}
    apart = operations.met or bool(names & SUMS)
    return "separate product and sum" if apart else "one fused operation"
