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
    whole = torch.zeros(given.shape, dtype=getattr(torch, given.of), device=given.device)
    t = PARTS[given.part](whole)
    before = t._version, t.shape, t.stride(), t.untyped_storage().nbytes()
    elements, storage = impl.footprint(t)
    after = t._version, t.shape, t.stride(), t.untyped_storage().nbytes()
    return {
        **_number("bytes of the elements", elements),
        **_number("bytes of the storage", storage),
        "tensor afterwards": "as it was" if after == before else "changed",
    }


def _number(name: str, value: Any) -> Facts:
    """Tell what a number is apart from the number."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    number = value.item() if isinstance(value, Tensor) and value.numel() == 1 else value
    return {f"kind of {name}": "an int" if whole else describe(value), name: float(number)}
