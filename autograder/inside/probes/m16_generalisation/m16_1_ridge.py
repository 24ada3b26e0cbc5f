"""Probes of ridge."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m16_generalisation.shared import weight_facts


@probe("weights")
def ridge_weights(impl: Implementation, given: Given) -> Facts:
    """The weights for drawn rows, also where there are few of them, or columns come twice or are
    small."""
    x, y = given.regression()
    if "last" in given.spec:  # in its direction descent is slow
        x = given.plain(torch.cat([x[:, :-1], given.last * x[:, -1:]], dim=1))
    if "twins" in given.spec:
        x = _with_twins(given, x)
    return weight_facts(impl.ridge(x, y, given.lam), x, y)


def _with_twins(given: Given, x: Tensor) -> Tensor:
    """Return x with its first columns once more."""
    return given.plain(torch.cat([x, x[:, : given.twins]], dim=1))
