"""Probes of huber and smooth_l1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m15_losses.shared import own_work, refusal, same
from autograder.inside.probes.tools import gradients


@probe("huber")
def huber_huber(impl: Implementation, given: Given) -> Facts:
    """The Huber loss of errors on both sides of delta."""
    return _facts("huber", impl.huber, given)


@probe("smooth_l1")
def huber_smooth_l1(impl: Implementation, given: Given) -> Facts:
    """The smooth L1 loss of errors on both sides of beta."""
    return _facts("smooth_l1", impl.smooth_l1, given)


@probe("refusal")
def huber_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens when predictions and targets have different shapes that would broadcast."""
    pred, target = given.randn(*given.pred), given.randn(*given.target)
    return {
        "huber's answer to unequal shapes": refusal(lambda: impl.huber(pred, target, 1.0)),
        "huber's answer to them swapped": refusal(lambda: impl.huber(target, pred, 1.0)),
        "smooth_l1's answer to unequal shapes": refusal(lambda: impl.smooth_l1(pred, target, 1.0)),
        "smooth_l1's answer to them swapped": refusal(lambda: impl.smooth_l1(target, pred, 1.0)),
    }


def _facts(name: str, function: Callable[..., Any], given: Given) -> Facts:
    target = given.randn(given.n, given.n_out)
    pred = (target + given.threshold * _errors(given)).requires_grad_()
    before = pred.detach().clone()
    loss = function(pred, target, given.threshold)
    return {
        name: loss,
        f"{name}'s gradient": gradients(loss, [pred])[0],
        "predictions afterwards": same(pred, before),
        "torch's own loss function": own_work(loss),
    }


def _errors(given: Given) -> Tensor:
    """Draw errors in units of the threshold: by turns inside it and beyond it, of both signs; of
    several, the last is 0."""
    drawn = given.leaf(given.n * given.n_out).detach()
    inside, beyond = drawn / (1 + drawn.abs()), drawn + 1.25 * drawn.sign()
    errors = torch.where(torch.arange(len(drawn)).to(drawn) % 2 == given.start, beyond, inside)
    if len(errors) > 1:
        errors[-1] = 0
    return errors.reshape(given.n, given.n_out)
