"""Probes of mse."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, outcome_of


@probe("value")
def mse_value(impl: Implementation, given: Given) -> Facts:
    """The loss of a prediction, also of one with a nan, and its gradient.

    On the crop table the prediction is the mean. Torch's own loss shows in the graph.
    """
    _, target = given.regression()
    pred = target.mean(0) + 0 * target if "rows" in given.spec else given.randn(*target.shape)
    pred = (pred * given.spec.get("scale", 1)).requires_grad_()
    before = pred.detach().clone()
    loss = impl.mse(pred, target)
    spoilt = before.clone()
    spoilt[0, 0] = math.nan
    return {
        "loss": loss,
        "loss's gradient": gradients(loss, [pred])[0],
        "loss where a prediction is nan": impl.mse(given.plain(spoilt), target),
        "predictions afterwards": "as before" if torch.equal(pred, before) else "changed",
        "torch's own loss function": "used" if _behind(loss, "MseLoss") else "not used",
    }


@probe("refusal")
def mse_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens when predictions and targets have different shapes that would broadcast."""
    pred, target = given.randn(*given.pred), given.randn(*given.target)
    return {
        "answer to unequal shapes": _refusal(lambda: impl.mse(pred, target)),
        "answer to the same two, swapped": _refusal(lambda: impl.mse(target, pred)),
    }


def _refusal(call: Callable[[], Any]) -> str:
    """Say which exception is raised, or that one is returned; what else is returned is another
    matter."""
    results: list[Any] = []
    outcome = outcome_of(lambda: results.append(call()), ValueError)
    returned = results and isinstance(results[0], BaseException)
    return f"{outcome}, but one is returned" if returned else outcome


def _behind(value: Any, operation: str) -> bool:
    """Say whether a kind of operation stands in the graph behind a value."""
    nodes = [value.grad_fn] if isinstance(value, Tensor) and value.grad_fn else []
    seen = set(nodes)
    while nodes:
        node = nodes.pop()
        if operation in node.name():
            return True
        later = {up for up, _ in node.next_functions if up is not None} - seen
        seen |= later
        nodes.extend(later)
    return False
