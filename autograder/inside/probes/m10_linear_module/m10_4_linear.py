"""Probes of linear."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m10_linear_module.shared import gradients_of_sum, rows_of
from autograder.inside.probes.products import Products, way_to_add


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
    with Products(x.detach() @ w.detach().t()) as operations:
        result = impl.linear(*inputs.values())
    plain = [given.plain(each) for each in inputs.values()]
    facts: Facts = {"result": result, "result for plain tensors": impl.linear(*plain)}
    facts |= gradients_of_sum(result, inputs)
    if given.bias and x.dim() == 2:
        facts["way to add b"] = way_to_add(operations)
    return facts
