"""Probes of batch_grad_variance."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("variance")
def batch_grad_variance_variance(impl: Implementation, given: Given) -> Facts:
    """The variance of a batch's gradient; a second call must leave the first result alone."""
    g = given.randn(given.n, given.n_params)
    variance = impl.batch_grad_variance(g, given.batch)
    other = given.n - given.batch or 1
    return {
        "variance": variance,
        "variance for another size of batch": impl.batch_grad_variance(2 * g, other),
    }
