"""What several probes of m15 need to look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.inside.implementation import describe
from autograder.inside.probes.tools import outcome_of, refusal_of


def number(value: Any) -> tuple[str, Any]:
    """Return what a result is, and the number that it holds: a tensor's can be wrong besides.

    A whole number may be an int.
    """
    if isinstance(value, Tensor) and value.numel() == 1:
        return "a tensor of one number", value.detach().double().item()
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return "a number", float(value)
    return describe(value), value


def answer_to(call: Callable[[], Any]) -> Any:
    """Return what a call returns, or in words which exception it raises."""
    results: list[Any] = []
    outcome = outcome_of(lambda: results.append(call()))
    return results[0] if results else f"raises {outcome}"


def refusal(call: Callable[[], Any]) -> str:
    """Say which exception is raised, or that one is returned; what else is returned is another
    matter."""
    outcome = refusal_of(call, ValueError)
    return outcome if "Error returned" in outcome else outcome.partition(",")[0]


def own_work(value: Any) -> str:
    """Say whether one of torch's own losses stands in the graph behind a value."""
    nodes = [value.grad_fn] if isinstance(value, Tensor) and value.grad_fn else []
    for node in nodes:
        nodes += [up for up, _ in node.next_functions if up is not None and up not in nodes]
    return "used" if any("Loss" in node.name() for node in nodes) else "not used"


def same(tensor: Tensor, before: Tensor) -> str:
    """Say whether a tracked input, which the given does not watch, still has its numbers."""
    return "as before" if torch.equal(tensor, before) else "changed"
