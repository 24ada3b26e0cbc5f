"""Probes of m06: parameters, model and loss."""

from __future__ import annotations

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.probes import Facts, probe
from autograder.probes.tools import gradients, outcome_of


@probe("mse", "value")
def mse_value(it: Implementation, given: Given) -> Facts:
    """The loss of a prediction and its gradient; on the crop table the prediction is the mean."""
    x, target = given.regression()
    pred = target.mean(0) + 0 * target if "rows" in given.spec else given.randn(*target.shape)
    pred.requires_grad_()
    loss = it.mse(pred, target)
    return {"loss": loss, "loss's gradient": gradients(loss, [pred])[0]}


@probe("mse", "refusal")
def mse_refusal(it: Implementation, given: Given) -> Facts:
    """What happens when predictions and targets have different shapes that would broadcast."""
    pred, target = given.randn(*given.pred), given.randn(*given.target)
    return {"answer to unequal shapes": outcome_of(lambda: it.mse(pred, target), ValueError)}
