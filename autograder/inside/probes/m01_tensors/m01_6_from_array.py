"""Probes of from_array."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import refusal_of

Array: TypeAlias = "np.ndarray[Any, Any]"

# What of a larger array is handed over.
_PARTS = {
    "all": lambda a: a,
    "every other": lambda a: a[::2],
    "turned": lambda a: a.T,
    "reversed": lambda a: a[::-1],
    "mirrored": lambda a: a[:, ::-1],
    "read-only": lambda a: a,
}


@probe("shared")
def from_array_shared(impl: Implementation, given: Given) -> Facts:
    """A tensor that is to share the array's memory, before and after each of the two is written."""
    return _written(impl, given, share=True)


@probe("copied")
def from_array_copied(impl: Implementation, given: Given) -> Facts:
    """A tensor that is to have memory of its own, also of arrays that cannot be shared."""
    return _written(impl, given, share=False)


@probe("refusal")
def from_array_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens where an array is to be shared that cannot be."""
    whole, other = _numbers(given), _numbers(given)
    a, made = _drawn(given, whole), list[Any]()
    kind = "read-only" if given.part == "read-only" else "reversed"

    def shared() -> Any:
        made.append(impl.from_array(a, True))
        return made[0]

    facts: Facts = {f"answer to sharing a {kind} array": refusal_of(shared, ValueError)}
    whole[...] = other
    if made and isinstance(made[0], Tensor):
        facts["tensor that it returned, after the array was written to"] = (
            "changed with it" if torch.equal(made[0], _kept(a)) else "as before"
        )
    return facts | {"array afterwards": "may be written to" if a.flags.writeable else "read-only"}


def _written(impl: Implementation, given: Given, share: bool) -> Facts:
    """Write drawn numbers into the array and then into the tensor, and read the other one.

    The array is written to through what it is a part of, which may be done where it is read-only.
    """
    first, second, third = (_numbers(given) for _ in range(3))
    a = _drawn(given, first)
    tensor = impl.from_array(a, share)
    facts: Facts = {
        "tensor": tensor.clone() if isinstance(tensor, Tensor) else tensor,
        "array afterwards": "may be written to" if a.flags.writeable else "read-only",
        "numbers of the array afterwards": _kept(a),
    }
    first[...] = second
    facts["tensor after the array was written to"] = tensor.clone()
    tensor.copy_(_kept(_PARTS[given.part](third)))
    facts["array after the tensor was written to"] = _kept(a)
    return facts


def _drawn(given: Given, whole: Array) -> Array:
    """Return the given's part of an array, in its memory."""
    part: Array = _PARTS[given.part](whole.view())
    part.flags.writeable = given.part != "read-only"
    return part


def _numbers(given: Given) -> Array:
    """Draw an array whose dtype is the given's kind."""
    numbers: Array = np.asarray(given.leaf(*given.shape).detach().numpy())
    if given.kind == "bool":
        return np.asarray(numbers > 0)
    whole = numbers if given.kind.startswith("float") else numbers * 40 + 100
    return np.asarray(whole.astype(given.kind))


def _kept(a: Array) -> Tensor:
    """Return the numbers of an array as they are now."""
    return torch.tensor(a.copy())
