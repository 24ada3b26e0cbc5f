"""Probes of double_descent."""

from __future__ import annotations

from typing import Any

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import kind_of, read


@probe("errors")
def double_descent_errors(impl: Implementation, given: Given) -> Facts:
    """The test errors for widths below, at and above the number of training rows.

    They are compared to the digits of float32: at the peak few digits are left of float64.
    """
    x, y = given.regression()
    xt, yt = given.randn(given.n_test, x.shape[1]), given.randn(given.n_test, y.shape[1])
    given.stir_global_generators()
    errors = impl.double_descent(x, y, xt, yt, list(given.widths), given.seed % 100_000)
    return {
        "test errors": read(_listed(errors)),
        "kind of the test errors": kind_of(errors),
        "torch's global generator afterwards": given.global_random_state(),
    }


def _listed(errors: Any) -> Any:
    return list(errors) if isinstance(errors, tuple) else errors
