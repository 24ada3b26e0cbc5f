"""Probes of expected_random_loss."""

from __future__ import annotations

import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import kind_of, number_of


@probe("value")
def expected_random_loss_value(impl: Implementation, given: Given) -> Facts:
    """The expected loss of random parameters: what targets, features and the bias put into it.

    Together they are the loss, so each is looked at alone: a fault in one does not hide another.
    """
    x, y = given.regression()
    kept = x.clone(), y.clone()  # whatever the first call does to its inputs
    loss, again = (impl.expected_random_loss(*pair) for pair in ((x, y), kept))
    if str(again) != str(loss):
        return {"expected loss of a second call": "another number"}
    no_x, no_y = (torch.zeros_like(one) for one in (x, y))
    pairs = (no_x, kept[1]), (kept[0], no_y), (no_x, no_y)
    targets, features, bias = (number_of(impl.expected_random_loss(*pair)) for pair in pairs)
    both = number_of(loss)
    return {
        "expected loss of a second call": "the same number",
        "kind of the expected loss": kind_of(loss),
        "share of the targets in the expected loss": targets - bias,
        "share of the features in the expected loss": features - bias,
        "expected loss where x and y are zeros": bias,
        "expected loss": "the sum of these" if _near(both, targets + features - bias) else both,
    }


def _near(number: float, other: float) -> bool:
    """Say whether two sums of the same terms are equal but for the rounding of float32."""
    return abs(number - other) <= 1e-5 * abs(other)
