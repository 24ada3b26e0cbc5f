"""What an answer is: a number, of whatever kind, or an exception."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
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


def with_dtype(value: Any) -> str:
    """Say what a result is, of a tensor its dtype, too."""
    return describe(value) + (f" of {value.dtype}" if isinstance(value, Tensor) else "")


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
