"""Probes of lasso_ista."""

from __future__ import annotations

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m16_generalisation.shared import weight_facts


@probe("weights")
def lasso_ista_weights(impl: Implementation, given: Given) -> Facts:
    """The weights after few or many steps, and how many of them are exactly 0."""
    x, y = given.regression()
    w = impl.lasso_ista(x, y, given.lam, given.steps)
    zeros = int((w == 0).sum()) if isinstance(w, Tensor) else None
    return {**weight_facts(w, x, y), "number of weights that are exactly 0": zeros}
