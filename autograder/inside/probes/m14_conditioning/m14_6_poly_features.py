"""Probes of poly_features."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, refusal_of


@probe("features")
def poly_features_features(impl: Implementation, given: Given) -> Facts:
    """The powers, and the gradient for x of a weighted sum of them."""
    x = given.randn(given.n, given.n_in).requires_grad_()
    features = impl.poly_features(x, given.degree)
    weights = given.randn(given.n, given.n_in * given.degree)
    fit = describe(features) == describe(weights)
    return {
        "features": features,
        "features of a plain tensor": impl.poly_features(given.plain(x - 1), given.degree),
        "gradient for x of the weighted features": (
            gradients(features * weights, [x])[0] if fit else "not taken, for the shape is wrong"
        ),
    }


@probe("refusal")
def poly_features_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens where the degree is below 1."""
    x = given.randn(2, 3)
    answer = refusal_of(lambda: impl.poly_features(x, given.degree), ValueError)
    return {"answer to a degree below 1": answer}
