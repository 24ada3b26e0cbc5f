"""Probes of from_array."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import refusal_of

Numbers = np.ndarray[Any, np.dtype[Any]]


def _read_only(a: Numbers) -> Numbers:
    view = a.view()
    view.flags.writeable = False
    return view


LAYOUTS: Mapping[str, Callable[[Numbers], Numbers]] = {
    "plain": lambda a: a,
    "turned": lambda a: a.T,
    "reversed": lambda a: a[..., ::-1],
    "every second row": lambda a: a[::2],
    "read-only": _read_only,
}


@probe("values")
def from_array_values(impl: Implementation, given: Given) -> Facts:
    """The tensor, what it shows of numbers written into the array, and the other way round.

    `memory` is the array that can always be written to; `a` may be a view of it.
    """
    memory = _drawn(given)
    a = LAYOUTS[given.layout](memory)
    flags = a.flags.writeable, a.dtype, a.shape, a.strides
    tensor = impl.from_array(a, given.share)
    made = tensor.clone() if isinstance(tensor, Tensor) else tensor
    own = torch.tensor(a.copy())
    kept = flags == (a.flags.writeable, a.dtype, a.shape, a.strides)
    memory[...] = _drawn(given)
    facts: Facts = {"tensor": made, "array afterwards": own}
    facts["array's flags and shape afterwards"] = "as they were" if kept else "changed"
    facts["tensor after the array was written to"] = _copied(tensor)
    if isinstance(tensor, Tensor) and tensor.shape == a.shape:
        with torch.no_grad():
            tensor.copy_(torch.tensor(LAYOUTS[given.layout](_drawn(given)).copy()))
        facts["array after the tensor was written to"] = torch.tensor(a.copy())
    return facts


@probe("refusal")
def from_array_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens where a read-only or a reversed array is to be shared."""
    read_only, turned_round = (LAYOUTS[each](_drawn(given)) for each in ("read-only", "reversed"))
    return {
        "answer where a read-only array is to be shared": refusal_of(
            lambda: impl.from_array(read_only, True), ValueError
        ),
        "answer where a negative stride is to be shared": refusal_of(
            lambda: impl.from_array(turned_round, True), ValueError
        ),
    }


def _drawn(given: Given) -> Numbers:
    """Draw an array of the given's shape and dtype, which owns its memory."""
    return given.integers(1, 100, *given.shape).numpy().astype(given.of)


def _copied(tensor: Any) -> Any:
    return tensor.clone() if isinstance(tensor, Tensor) else tensor
