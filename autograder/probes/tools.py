"""What several probes need to look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor


def gradients(value: Any, tensors: Sequence[Tensor]) -> list[Tensor | str]:
    """Return d(sum of value)/d(tensor) for each tensor, or that value is cut off from it."""
    found: Sequence[Tensor | None] = [None] * len(tensors)
    if isinstance(value, Tensor) and value.requires_grad:
        found = torch.autograd.grad(value.sum(), tensors, allow_unused=True)
    return ["missing (cut off from the graph)" if g is None else g for g in found]


def outcome_of(call: Callable[[], Any], *expected: type[BaseException]) -> str:
    """Say what a call that should be refused does: the name of the expected class it raises, the
    name of any other exception, or `no exception`."""
    try:
        call()
    except expected as error:
        return next(kind.__name__ for kind in expected if isinstance(error, kind))
    except Exception as error:
        if isinstance(error, NotImplementedError) and not error.args:
            raise  # a stub refuses nothing
        return type(error).__name__
    return "no exception"
