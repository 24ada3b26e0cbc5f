"""Probes of nudge."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("direction")
def nudge_direction(impl: Implementation, given: Given) -> Facts:
    """The directions for a gradient with positive, negative and zero elements of a given size."""
    draw = np.random.RandomState(given.seed)
    signs = draw.permutation(np.arange(np.prod(given.shape, dtype=int)) % 3 - 1)
    sizes = given.scale * (0.5 + draw.random_sample(given.shape))
    found = impl.nudge(given.tensor(signs.reshape(given.shape) * sizes))
    return {"direction": found.to(given.dtype), "dtype of the direction": _dtype(found, given)}


def _dtype(found: Tensor, given: Given) -> str:
    if found.dtype == given.dtype:
        return "that of g"
    return str(found.dtype).removeprefix("torch.") if found.is_floating_point() else "integers"
