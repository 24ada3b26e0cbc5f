"""Probes of dmse_dpred."""

from __future__ import annotations

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m07_gradients.shared import noting_autograd, scaled, without_autograd


@probe("value")
def dmse_dpred_value(impl: Implementation, given: Given) -> Facts:
    """The derivative for each prediction, which requires its gradient like a model's.

    On the crop table all predictions are the mean. It is also noted whether autograd was at work. A
    second call, with plain predictions, must leave the result of the first alone.
    """
    pred, target = _predictions(given)
    use, derivative = noting_autograd(lambda: impl.dmse_dpred(pred, target))
    impl.dmse_dpred(given.plain(pred + 1), target)
    return {"derivative": derivative, "autograd": use}


@probe("inference")
def dmse_dpred_inference(impl: Implementation, given: Given) -> Facts:
    """The derivative where autograd is switched off, and whether pred keeps it in .grad."""
    pred, target = _predictions(given)
    attempt, derivative = without_autograd(lambda: impl.dmse_dpred(pred, target))
    return {
        "call in inference mode": attempt,
        "derivative in inference mode": derivative,
        "pred.grad afterwards": "None" if pred.grad is None else "filled",
    }


def _predictions(given: Given) -> tuple[Tensor, Tensor]:
    _, target = given.regression()
    if "rows" in given.spec:
        pred = given.tensor((target.mean(0) + 0 * target).cpu())
    else:
        pred = scaled(given, given.randn(*target.shape))
    return pred.requires_grad_(), target
