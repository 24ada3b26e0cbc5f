"""Probes of AbsAt0."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import answer_to, refusal
from autograder.inside.probes.m15_losses.shared import same


@probe("value")
def abs_at_0_value(impl: Implementation, given: Given) -> Facts:
    """The absolute values, and the gradient for a drawn g, apart at 0 and elsewhere."""
    x, g = _with_zeros(given), given.randn(*given.shape)
    before = x.detach().clone()
    values = answer_to(partial(impl.AbsAt0.apply, x, given.s))
    if isinstance(values, str):
        return {"values": values}
    seen = values.detach().clone()
    answer = answer_to(lambda: torch.autograd.grad(values, x, g, allow_unused=True)[0])
    return {"values": seen, **_gradient_facts(answer, before), "x afterwards": same(x, before)}


@probe("refusal")
def abs_at_0_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens where s is no subgradient, and at both ends of those that are."""
    x = given.randn(3)
    return {
        f"answer to s = {s}": refusal(partial(impl.AbsAt0.apply, x, s))
        for s in (given.beyond, -given.beyond, 1.0, -1.0)
    }


def _with_zeros(given: Given) -> Tensor:
    """Draw numbers of which every second is 0, and of these every second -0.0; others are small."""
    x = given.leaf(*given.shape).detach()
    flat = x.view(-1)
    flat[1::4], flat[3::4] = 0.0, -0.0
    flat[2::4] *= 2.0**-40  # but not 0
    return x.requires_grad_()


def _gradient_facts(answer: object, x: Tensor) -> Facts:
    """Tell the parts of a gradient apart; whatever else came back stands for both."""
    masks = {"above 0": x > 0, "below 0": x < 0, "0": x == 0}
    if isinstance(answer, Tensor) and answer.shape == x.shape:
        return {f"gradient where x is {name}": answer[mask] for name, mask in masks.items()}
    told = "missing (cut off from the graph)" if answer is None else answer
    return {f"gradient where x is {name}": told for name in masks}
