"""What several probes need to look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor


def gradients(value: Tensor, tensors: Sequence[Tensor]) -> list[Tensor | None]:
    """Return d(sum of value)/d(tensor) for each tensor, None where value does not depend on it."""
    if not value.requires_grad:
        return [None] * len(tensors)
    return list(torch.autograd.grad(value.sum(), tensors, allow_unused=True))


def outcome_of(call: Callable[[], Any], *expected: type[BaseException]) -> str:
    """Say what a call that should be refused does: the name of the expected class it raises, the
    name of any other exception, or `no exception`."""
    try:
        call()
    except expected as error:
        return next(kind.__name__ for kind in expected if isinstance(error, kind))
    except NotImplementedError:
        raise
    except Exception as error:
        return type(error).__name__
    return "no exception"
