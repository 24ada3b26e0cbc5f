"""Probes of add_bias."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, seen_after_writing


@probe("sum")
def add_bias_sum(impl: Implementation, given: Given) -> Facts:
    """The sum and the expanded bias, their gradients, and whether they share memory with bias."""
    batch, bias = given.randn(given.n, given.o), given.randn(given.o).requires_grad_()
    result = impl.add_bias(batch, bias)
    if not isinstance(result, tuple | list) or len(result) != 2:
        return {"result": _described(result)}
    out, expanded = result
    factor = given.leaf(given.n, given.o)  # in front of a batch that is no leaf
    moved, _ = impl.add_bias(2 * factor, bias)
    return {
        "result": _described(result),
        "out": out,
        "expanded": expanded,
        "gradient for bias of the summed squares of out": gradients(out * out, [bias])[0],
        "gradient for batch of the summed squares of out": gradients(moved * moved, [factor])[0],
        "gradient for bias of the sum of expanded": gradients(expanded, [bias])[0],
        **_after_writing(impl, given),
    }


def _described(result: object) -> str:
    if not isinstance(result, tuple | list):
        return describe(result)
    kind = "tuple" if isinstance(result, tuple) else "list"  # a named tuple is a tuple
    return f"a {kind} of {len(result)}"


def _after_writing(impl: Implementation, given: Given) -> Facts:
    """Return what both results hold once new numbers have been written into the inputs."""
    batch, bias = given.leaf(given.n, given.o).detach(), given.leaf(given.o).detach()
    out, expanded = impl.add_bias(batch, bias)
    numbers = given.randn(given.o)
    return {
        "expanded after bias got new numbers": seen_after_writing(bias, numbers, expanded),
        "out after bias got new numbers": seen_after_writing(bias, numbers, out),
    }
