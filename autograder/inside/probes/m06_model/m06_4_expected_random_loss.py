"""Probes of expected_random_loss."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("value")
def expected_random_loss_value(impl: Implementation, given: Given) -> Facts:
    """The expected loss of random parameters."""
    return {"expected loss": impl.expected_random_loss(*given.regression())}
