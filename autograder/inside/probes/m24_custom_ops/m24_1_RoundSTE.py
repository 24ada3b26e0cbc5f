"""Probes of RoundSTE."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m24_custom_ops.shared import gradients_for
from autograder.inside.probes.tools import gradients


@probe("value")
def round_ste_value(impl: Implementation, given: Given) -> Facts:
    """The rounded numbers, every second of a half, and the gradient for a drawn g."""
    x, g = _with_halves(given), given.randn(*given.shape)
    values = impl.RoundSTE.apply(x)
    return {"values": values, **gradients_for(values, g, {"x": x})}


@probe("training")
def round_ste_training(impl: Implementation, given: Given) -> Facts:
    """Two steps of a regression with rounded weights, and what the start has to do with the end."""
    x, y = given.randn(given.n, given.n_in), given.randn(given.n)

    def loss_at(w: Tensor) -> Tensor:
        rounded: Tensor = impl.RoundSTE.apply(w * given.grid) / given.grid
        return (x @ rounded - y).square().mean()

    w = start = given.randn(given.n_in).requires_grad_()
    facts: Facts = {}
    for step in (1, 2):
        (slope,) = torch.autograd.grad(loss_at(w), w, create_graph=True)
        w = w - 0.1 * slope
        facts[f"w after step {step}"] = w
    last = loss_at(w)
    facts["loss after both steps"] = last
    facts["gradient of this loss with respect to the first w"] = gradients(last, [start])[0]
    return facts


def _with_halves(given: Given) -> Tensor:
    """Draw numbers up to about 4, every second of which is a whole number and a half."""
    x = 2 * given.leaf(*given.shape).detach()
    flat = x.view(-1)
    flat[::2] = flat[::2].floor() + 0.5
    return given.plain(x).requires_grad_()
