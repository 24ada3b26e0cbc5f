"""Probes of largest_stable_lr."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("limit")
def largest_stable_lr_limit(impl: Implementation, given: Given) -> Facts:
    """The limits for a model with a bias and for one without, for several targets and for one."""
    x, _ = given.regression()
    return {
        "limit": impl.largest_stable_lr(x, given.n_out),
        "limit without a bias": impl.largest_stable_lr(x, n_out=given.n_out, bias=False),
        "limit with the arguments left out": impl.largest_stable_lr(x),
    }
