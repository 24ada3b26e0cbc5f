"""Probes of footprint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Integral
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import more_sizes

PARTS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "whole": lambda t: t,
    "rows": lambda t: t[1:-1],
    "every second column": lambda t: t[:, ::2],
    "turned": lambda t: t.T,
    "expanded": lambda t: t.expand(-1, 9),
    "one number": lambda t: t[1, 1],
    "no rows": lambda t: t[:0],
}


@probe("bytes")
def footprint_bytes(impl: Implementation, given: Given) -> Facts:
    """The two numbers for a whole tensor, or for a part of one, of many dtypes."""
    t = _part(given, given.shape)
    before = t._version, t.shape, t.stride(), t.untyped_storage().nbytes()
    elements, storage = impl.footprint(t)
    after = t._version, t.shape, t.stride(), t.untyped_storage().nbytes()
    facts: Facts = {
        **_number("bytes of the elements", elements),
        **_number("bytes of the storage", storage),
        "tensor afterwards": "as it was" if after == before else "changed",
    }
    if others := [_part(given, [n, *given.shape[1:]]) for n in more_sizes(given, 4, 400)]:
        both = [impl.footprint(t) for t in others]
        facts["bytes of the elements of more tensors"] = [_float(pair[0]) for pair in both]
        facts["bytes of the storages of more tensors"] = [_float(pair[1]) for pair in both]
    return facts


def _part(given: Given, shape: list[int]) -> Tensor:
    """Return the part of a tensor that the given asks for."""
    whole = torch.zeros(shape, dtype=getattr(torch, given.of), device=given.device)
    return PARTS[given.part](whole)


def _number(name: str, value: Any) -> Facts:
    """Tell what a number is apart from the number."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    return {f"kind of {name}": "an int" if whole else describe(value), name: _float(value)}


def _float(value: Any) -> float:
    return float(value.item() if isinstance(value, Tensor) and value.numel() == 1 else value)
