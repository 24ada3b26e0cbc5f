"""Probes of normal_from_uniform."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("coordinates")
def normal_from_uniform_coordinates(impl: Implementation, given: Given) -> Facts:
    """The first coordinates of points: on the first axis, at the origin, and anywhere."""
    u1, u2 = _uniform(given, 1), _uniform(given, 2)
    zeros, two = given.tensor([0.0] * given.n), given.tensor([0.0, 0.0])
    return {
        "coordinates where u2 is 0": impl.normal_from_uniform(u1, zeros),
        "coordinates where u1 is 0": impl.normal_from_uniform(zeros, u2),
        "coordinates of points far out": impl.normal_from_uniform(
            given.tensor(1 - 2.0 ** -_far(given)), two
        ),
        "coordinates": impl.normal_from_uniform(u1, u2),
    }


def _far(given: Given) -> Any:
    """Draw two exponents: so far out comes one of 60,000 points or fewer."""
    return np.random.RandomState([given.seed, 3]).randint(16, 21, 2)


def _uniform(given: Given, stream: int) -> Tensor:
    """Draw from 0.01 to 0.99, where rounding moves no right answer beyond its tolerance."""
    draws = np.random.RandomState([given.seed, stream]).uniform(0.01, 0.99, given.n)
    return given.tensor(np.round(draws * 1024) / 1024)
