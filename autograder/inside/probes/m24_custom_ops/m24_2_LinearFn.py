"""Probes of LinearFn."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m24_custom_ops.shared import gradients_for
from autograder.inside.probes.products import Products, way_to_add
from autograder.inside.probes.tools import gradients


@probe("value")
def linear_fn_value(impl: Implementation, given: Given) -> Facts:
    """The result, the operations that led to it, and the gradients that autograd hands on."""
    inputs, g = _inputs(given, "xwb"), given.randn(given.n, given.n_out)
    x, w, *_ = (each.detach() for each in inputs.values())
    with Products(x @ w.t()) as operations:
        result = _apply(impl, inputs)
    facts: Facts = {"result": result, **gradients_for(result, g, inputs)}
    if given.bias:
        facts["way to add b"] = way_to_add(operations)
    return facts


@probe("backward")
def linear_fn_backward(impl: Implementation, given: Given) -> Facts:
    """What backward() returns, called by hand, and whether it computes what nobody needs."""
    inputs, g = _inputs(given, given.needed), given.randn(given.n, given.n_out)
    x, w, *_ = (each.detach() for each in inputs.values())
    result = _apply(impl, inputs)
    with torch.no_grad(), Products(g @ w) as for_x, Products(g.t() @ x) as for_w:
        entries = impl.LinearFn.backward(result.grad_fn, g)
    if not isinstance(entries, tuple) or len(entries) != 3:
        return {"what backward() returns": _told(entries)}
    facts: Facts = {"what backward() returns": "a tuple of 3"}
    for name, entry, products in zip("xwb", entries, (for_x, for_w, None), strict=True):
        facts[f"entry of backward() for {name}"] = "None" if entry is None else entry
        if products and name not in given.needed:
            made = "made" if products.met else "not made"
            facts[f"product for the gradient of {name}, which is not needed"] = made
    return facts


@probe("twice")
def linear_fn_twice(impl: Implementation, given: Given) -> Facts:
    """The gradients of a sum of gradients."""
    inputs = _inputs(given, "xwb")
    g = given.randn(given.n, given.n_out).requires_grad_()
    result = _apply(impl, inputs)
    first = torch.autograd.grad(result, list(inputs.values()), g, create_graph=True)
    weighted = torch.stack([(each * given.randn(*each.shape)).sum() for each in first])
    tensors = {"x": inputs["x"], "w": inputs["w"], "g": g}
    second = gradients(weighted, list(tensors.values()))
    return {
        f"gradient of the gradients with respect to {name}": each
        for name, each in zip(tensors, second, strict=True)
    }


def _inputs(given: Given, needed: str) -> dict[str, Tensor]:
    """Draw x, w and, if there is one, b; let those that are needed require their gradients."""
    shapes = {"x": (given.n, given.n_in), "w": (given.n_out, given.n_in), "b": (given.n_out,)}
    if not given.spec.get("bias", True):
        del shapes["b"]
    return {
        name: given.randn(*shape).requires_grad_(name in needed) for name, shape in shapes.items()
    }


def _apply(impl: Implementation, inputs: dict[str, Tensor]) -> Any:
    return impl.LinearFn.apply(inputs["x"], inputs["w"], inputs.get("b"))


def _told(entries: Any) -> str:
    return f"a tuple of {len(entries)}" if isinstance(entries, tuple) else describe(entries)
