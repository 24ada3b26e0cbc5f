"""What several probes of m12 need to look."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import describe
from autograder.inside.tables import line


def number(value: Any) -> tuple[str, Any]:
    """Return what a result is, and the number that it holds: a tensor's can be wrong besides."""
    if isinstance(value, Tensor) and value.numel() == 1:
        return "a tensor of one number", value.double().item()
    return "a float" if isinstance(value, float | np.floating) else describe(value), value


def points(given: Given) -> tuple[Tensor, Tensor]:
    """Return x and y [n, 1]: points of data's noisy line, or normal draws.

    `first_x` takes the place of the first x of data's line.
    """
    if "sigma" not in given.spec:
        return given.randn(given.n, 1), given.randn(given.n, 1)
    x, y = line(given.n, given.seed, given.sigma)
    x[0] = given.spec.get("first_x", x[0])
    return given.tensor(x), given.tensor(y)
