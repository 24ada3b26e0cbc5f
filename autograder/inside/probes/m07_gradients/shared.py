"""What several probes of m07 need to look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.autograd.forward_ad import dual_level
from torch.autograd.graph import saved_tensors_hooks

from autograder.inside.given import Given
from autograder.inside.probes.tools import outcome_of


def scaled(given: Given, drawn: Tensor, by: str = "scale") -> Tensor:
    """Return an input as drawn or, where the given has a scale, one whose numbers are beyond it."""
    scale = given.spec.get(by)
    return drawn if scale is None else given.tensor((scale * (drawn + drawn.sign())).cpu())


def store(given: Given, leaves: Mapping[str, Tensor]) -> None:
    """Put numbers so large that adding to them loses digits into .grad of the given's `stored`."""
    for name in given.spec.get("stored", []):
        leaves[name].grad = torch.full_like(leaves[name], 2.0**42)


def noting_autograd(call: Callable[[], Any]) -> tuple[str, Any]:
    """Say whether a call has autograd at work, and what it returns.

    Reverse mode asks for the tensors that it saved. Forward mode raises RuntimeError because there
    is only one level at a time, torch.func because of the hooks: that call is made again without.
    """
    asked = []

    def note(tensor: Tensor) -> Tensor:
        asked.append(tensor)
        return tensor

    try:
        with saved_tensors_hooks(lambda tensor: tensor, note), dual_level():
            result = call()
    except RuntimeError:
        return "used", call()
    return "used" if asked else "not used", result


def without_autograd(call: Callable[[], Any]) -> tuple[str, Any]:
    """Say how a call fares with autograd switched off, and what it returns.

    Code that switches autograd on again raises RuntimeError at the first tensor it saves, or where
    it enters a level of forward mode: there is one at a time.
    """
    results = []

    def refuse(tensor: Tensor) -> Tensor:
        raise RuntimeError("autograd is used")

    with torch.inference_mode(), saved_tensors_hooks(refuse, refuse), dual_level():
        outcome = outcome_of(lambda: results.append(call()), RuntimeError)
    return outcome, results[0] if results else "none"


def copied(tensor: Tensor | None) -> Tensor | None:
    """Return a tensor as it is now, without its graph; None stays None."""
    return None if tensor is None else tensor.detach().clone()
