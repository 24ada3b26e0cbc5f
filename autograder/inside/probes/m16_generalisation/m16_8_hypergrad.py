"""Probes of hypergrad."""

from __future__ import annotations

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import stored_gradient


@probe("derivative")
def hypergrad_derivative(impl: Implementation, given: Given) -> Facts:
    """The validation loss after a training, its derivative, and what is left in lr's grad."""
    x, y = given.regression()
    xv, yv = given.randn(given.n_val, x.shape[1]), given.randn(given.n_val, y.shape[1])
    lr = _rate(given)
    result = impl.hypergrad(x, y, xv, yv, lr, given.steps)
    if not isinstance(result, tuple | list) or len(result) != 2:
        return {"result": describe(result)}
    loss, slope = result
    return {
        "result": "a tuple" if isinstance(result, tuple) else describe(result),
        "validation loss": loss,
        "derivative for lr": slope,
        "lr's own grad afterwards": stored_gradient(lr),
    }


def _rate(given: Given) -> Tensor:
    """Draw a learning rate from 0.02 to 0.12; as a leaf it has a grad that must stay."""
    drawn = 0.02 + 0.1 * given.leaf(1).detach().sigmoid().item()
    rate = given.tensor(round(drawn, 3))
    if given.lr == "leaf":
        rate.requires_grad_()
        rate.grad = given.leaf(1).detach()[0]
    return rate
