"""Probes of model."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients


@probe("predictions")
def model_predictions(impl: Implementation, given: Given) -> Facts:
    """The predictions, what they are where all features are 0, and their gradients.

    A second call, with plain tensors, must leave the first one's result alone.
    """
    x = given.randn(given.n, given.n_in).requires_grad_()
    w = given.randn(given.n_out, given.n_in).requires_grad_()
    b = given.randn(given.n_out).requires_grad_()
    pred = impl.model(x, w, b)
    plain = [given.plain(tensor + 1) for tensor in (x, w, b)]
    second = impl.model(*plain)
    slopes = gradients(pred.square(), [w, b, x])
    return {
        "predictions": pred,
        "predictions of a second call": second,
        "prediction for x = 0": impl.model(x.new_zeros(1, given.n_in), w, b),
        "gradient for w of the summed squared predictions": slopes[0],
        "gradient for b of the summed squared predictions": slopes[1],
        "gradient for x of the summed squared predictions": slopes[2],
    }
