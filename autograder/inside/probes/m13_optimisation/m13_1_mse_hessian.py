"""Probes of mse_hessian."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("hessian")
def mse_hessian_hessian(impl: Implementation, given: Given) -> Facts:
    """The Hessian of a model with a bias and of one without, for several targets and for one."""
    x, _ = given.regression()
    return {
        "Hessian": impl.mse_hessian(x, given.n_out),
        "Hessian without a bias": impl.mse_hessian(x, n_out=given.n_out, bias=False),
        "Hessian with the arguments left out": impl.mse_hessian(x),
    }
