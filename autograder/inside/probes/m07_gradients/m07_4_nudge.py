"""Probes of nudge."""

from __future__ import annotations

import numpy as np

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("direction")
def nudge_direction(impl: Implementation, given: Given) -> Facts:
    """The directions for a gradient with positive, negative and zero elements of a given size."""
    draw = np.random.RandomState(given.seed)
    signs = draw.permutation(np.arange(np.prod(given.shape, dtype=int)) % 3 - 1)
    sizes = given.scale * (0.5 + draw.random_sample(given.shape))
    return {"direction": impl.nudge(given.tensor(signs.reshape(given.shape) * sizes))}
