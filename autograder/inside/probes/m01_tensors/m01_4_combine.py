"""Probes of combine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, seen_after_writing


@probe("new axis")
def combine_new_axis(impl: Implementation, given: Given) -> Facts:
    """The tensor with one dimension more, and its gradients."""
    return _combined(impl, given, [given.shape] * given.count, True)


@probe("same sizes")
def combine_same_sizes(impl: Implementation, given: Given) -> Facts:
    """The longer tensor made of tensors of one shape, and its gradients."""
    return _combined(impl, given, [given.shape] * given.count, False)


@probe("other sizes")
def combine_other_sizes(impl: Implementation, given: Given) -> Facts:
    """The longer tensor made of tensors whose sizes differ along dim, and its gradients."""
    shapes = [[*given.shape] for _ in range(given.count)]
    for place, shape in enumerate(shapes):
        shape[given.dim] += place
    return _combined(impl, given, shapes, False)


@probe("memory")
def combine_memory(impl: Implementation, given: Given) -> Facts:
    """What is seen in the result of what is written into the only tensor that it is made of."""
    facts = {}
    for name, new_axis in (("stacked", True), ("joined", False)):
        tensor, numbers = (given.leaf(*given.shape).detach() for _ in range(2))
        result = impl.combine([tensor], given.dim, new_axis)
        seen = seen_after_writing(tensor, numbers, result)
        facts[f"single {name} tensor after it was written to"] = seen
    return facts


def _combined(
    impl: Implementation, given: Given, shapes: Sequence[Sequence[int]], new_axis: bool
) -> Facts:
    """Tell the shape apart from the numbers, and both from the gradients.

    The sum has gradients of 1; a weighted one tells which element came from where.
    """
    ts = [given.leaf(*shape) for shape in shapes]
    listed = [*ts]
    result = impl.combine(listed, given.dim, new_axis)
    kept = len(listed) == len(ts) and all(a is b for a, b in zip(listed, ts, strict=True))
    impl.combine([given.plain(t) for t in ts], given.dim, new_axis)
    return {
        "shape of the result": _shape(result),
        "result": result,
        "gradients": gradients(result, ts),
        "list afterwards": "as it was" if kept else "changed",
    }


def _shape(result: Any) -> str:
    return str([*result.shape]) if isinstance(result, Tensor) else type(result).__name__
