"""Probes of huber and smooth_l1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import refusal
from autograder.inside.probes.m15_losses.shared import own_work
from autograder.inside.probes.tools import gradients


@probe("huber")
def huber_huber(impl: Implementation, given: Given) -> Facts:
    """The Huber loss of errors within delta and beyond."""
    return _facts("huber", impl.huber, given)


@probe("smooth_l1")
def huber_smooth_l1(impl: Implementation, given: Given) -> Facts:
    """The smooth L1 loss of errors within beta and beyond."""
    return _facts("smooth_l1", impl.smooth_l1, given)


@probe("device")
def huber_device(impl: Implementation, given: Given) -> Facts:
    """Where both losses lie, in units of themselves: their values are looked at elsewhere."""
    pred, target = given.randn(given.n, given.n_out), given.randn(given.n, given.n_out)
    huber = impl.huber(pred, target, given.threshold)
    smooth_l1 = impl.smooth_l1(pred, target, given.threshold)
    return {"huber over itself": huber / huber, "smooth_l1 over itself": smooth_l1 / smooth_l1}


@probe("refusal")
def huber_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens when predictions and targets have different shapes that would broadcast."""
    pred, target = given.randn(*given.pred), given.randn(*given.target)
    return {
        "huber's answer to unequal shapes": refusal(lambda: impl.huber(pred, target, 1.0)),
        "huber's answer to the same two, swapped": refusal(lambda: impl.huber(target, pred, 1.0)),
        "smooth_l1's answer to unequal shapes": refusal(lambda: impl.smooth_l1(pred, target, 1.0)),
        "smooth_l1's answer to the same two, swapped": refusal(
            lambda: impl.smooth_l1(target, pred, 1.0)
        ),
    }


def _facts(name: str, function: Callable[..., Any], given: Given) -> Facts:
    """Tell what single errors cost, within the threshold and beyond, and what becomes of many.

    That of many is told in means of your own single costs, so that faults of the two stay apart.
    """
    within, beyond = (abs(drawn) for drawn in given.leaf(2).tolist())
    within, beyond = within / (1 + within), beyond + 1.25
    target = given.randn(given.n, 4)
    errors = torch.tensor([within, -beyond, beyond, 0.0], dtype=target.dtype).to(target.device)
    pred = given.plain(target + given.threshold * errors).requires_grad_()
    singles = [pred.detach()[:1, i : i + 1].requires_grad_() for i in range(2)]
    near, far = (function(e, target[:1, i : i + 1], given.threshold) for i, e in enumerate(singles))
    loss = function(pred, target, given.threshold)
    slopes = gradients(near + far + loss, [*singles, pred])
    return {
        f"{name} of one error within the threshold": near,
        f"{name}'s slope within the threshold": slopes[0],
        f"{name} of one error beyond it": far,
        f"{name}'s slope beyond it": slopes[1],
        f"{name} of many errors, divided by the mean of what each costs alone": loss
        / (near + 2 * far)
        * 4,
        f"{name}'s gradient where an error is 0": _last_column(slopes[2]),
        "torch's own loss function": own_work(loss),
    }


def _last_column(gradient: Any) -> Any:
    return gradient[:, -1] if isinstance(gradient, Tensor) else gradient
