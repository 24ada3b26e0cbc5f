"""Probes of linreg_grads."""

from __future__ import annotations

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m07_gradients.shared import (
    copied,
    noting_autograd,
    scaled,
    store,
    without_autograd,
)
from autograder.inside.probes.tools import equal, outcome_of


@probe("gradients")
def linreg_grads_gradients(impl: Implementation, given: Given) -> Facts:
    """Both gradients for leaves, what .grad holds afterwards, and whether autograd was at work.

    A second call, with plain parameters, must leave the results of the first alone.
    """
    x, y, w, b = _regression_with_params(given)
    leaves = {"w": w, "b": b}
    store(given, leaves)
    stored = {name: copied(p.grad) for name, p in leaves.items()}
    use, (gw, gb) = noting_autograd(lambda: impl.linreg_grads(x, y, w, b))
    plain = given.plain(w + 1), given.plain(b + 1)
    outcome_of(lambda: impl.linreg_grads(x, y, *plain), RuntimeError)
    changed = [f"{name}.grad" for name, p in leaves.items() if not equal(p.grad, stored[name])]
    return {
        "gradient of w": gw,
        "gradient of b": gb,
        "changed .grad attributes": ", ".join(changed) or "none",
        "autograd": use,
    }


@probe("inference")
def linreg_grads_inference(impl: Implementation, given: Given) -> Facts:
    """Both gradients where autograd is switched off."""
    x, y, w, b = _regression_with_params(given)
    attempt, grads = without_autograd(lambda: tuple(impl.linreg_grads(x, y, w, b)))
    return {"call in inference mode": attempt, "gradients in inference mode": grads}


def _regression_with_params(given: Given) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return x, y and parameters that are leaves, all of them watched for changes."""
    x, y = given.regression()
    y = scaled(given, y)
    w, b = given.randn(y.shape[1], x.shape[1]), given.randn(y.shape[1])
    return x, y, w.requires_grad_(), b.requires_grad_()
