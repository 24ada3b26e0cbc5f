"""Probes of array_grad."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import refusal_of

Array: TypeAlias = "np.ndarray[Any, Any]"

# What of a larger array is handed over.
_PARTS: dict[str, Callable[[Array], Array]] = {
    "all": lambda a: a,
    "turned": lambda a: a.T,
    "reversed": lambda a: a[::-1],
}


@probe("gradient")
def array_gradient(impl: Implementation, given: Given) -> Facts:
    """The gradient of a drawn function at an array, and both again after the array is written to;
    the function may write to the tensor that it gets."""
    a = _PARTS[given.part](_drawn(given))
    weights = torch.as_tensor(_drawn(given), device=given.device)
    if given.part == "turned":
        weights = weights.T

    def f(x: Tensor) -> Tensor:
        if given.mends:
            with torch.no_grad():
                x.clamp_(min=-0.5)
        return ((weights * x).sin() * x).sum() + x.square().sum() / 2

    before = a.copy()
    result = impl.array_grad(f, a, given.device)
    facts: Facts = {"kind of the result": describe(result), "gradient": _kept(result)}
    facts["array afterwards"] = torch.from_numpy(a.copy())
    a[...] = before * 2 + 1
    return facts | {"gradient, after the array was written to": _kept(result)}


@probe("refusal")
def array_grad_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens at an array of a dtype that has no gradient, and that of another one."""
    whole, fine = np.arange(given.n).astype(given.kind), _drawn(given)

    def f(x: Tensor) -> Tensor:
        return x.square().sum()

    refused = refusal_of(lambda: impl.array_grad(f, whole, given.device), TypeError)
    return {
        f"answer to an array of {given.kind}": refused,
        "gradient at an array of floats": _kept(impl.array_grad(f, fine, given.device)),
    }


def _drawn(given: Given) -> Array:
    """Draw an array of the given's shape and dtype, on the CPU."""
    with torch.no_grad():
        return np.array(given.leaf(*given.shape).cpu().numpy())


def _kept(result: Any) -> Any:
    """Return an array's numbers as they are now, as a tensor; anything else stays what it is."""
    return torch.tensor(result.copy()) if isinstance(result, np.ndarray) else result
