"""Probes of batch_grad_variance."""

from __future__ import annotations

import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("variance")
def batch_grad_variance_variance(impl: Implementation, given: Given) -> Facts:
    """The variance of a batch's gradient; a second call must leave the first result alone."""
    g = given.randn(given.n, given.n_params)
    variance, again = (impl.batch_grad_variance(g, given.batch) for _ in range(2))
    other = given.n - given.batch or 1
    if torch.is_tensor(variance) and not variance.nan_to_num().equal(again.nan_to_num()):
        # its numbers say nothing
        return {"variance of the same call again": "another"}
    return {
        "variance of the same call again": "the same",
        "variance": variance,
        "variance for another size of batch": impl.batch_grad_variance(2 * g, other),
    }
