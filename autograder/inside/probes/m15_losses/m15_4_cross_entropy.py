"""Probes of nll and cross_entropy."""

from __future__ import annotations

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m15_losses.shared import own_work, same
from autograder.inside.probes.tools import gradients


@probe("nll")
def cross_entropy_nll(impl: Implementation, given: Given) -> Facts:
    """The negative log likelihood of drawn probabilities, and its gradient."""
    odds, y = given.leaf(given.n, given.classes).detach().exp(), _classes(given)
    logp = (odds / odds.sum(dim=1, keepdim=True)).log().requires_grad_()
    before = logp.detach().clone()
    loss = impl.nll(logp, y)
    return {
        "nll": loss,
        "nll's gradient": gradients(loss, [logp])[0],
        "logp afterwards": same(logp, before),
        "torch's own loss function": own_work(loss),
    }


@probe("cross_entropy")
def cross_entropy_cross_entropy(impl: Implementation, given: Given) -> Facts:
    """The cross-entropy of drawn logits, and its gradient."""
    logits, y = given.leaf(given.n, given.classes).detach().requires_grad_(), _classes(given)
    before = logits.detach().clone()
    loss = impl.cross_entropy(logits, y)
    return {
        "cross_entropy": loss,
        "cross_entropy's gradient": gradients(loss, [logits])[0],
        "logits afterwards": same(logits, before),
        "torch's own loss function": own_work(loss),
    }


@probe("large")
def cross_entropy_large(impl: Implementation, given: Given) -> Facts:
    """The cross-entropy of logits that are far apart, and of logits that are all large."""
    apart = given.tensor([[0.0, given.gap]]).requires_grad_()
    high = given.tensor([[given.height, given.height + 0.5, given.height - 1.0]]).requires_grad_()
    right = given.integers(0, 1, 1)
    one, other = impl.cross_entropy(apart, right), impl.cross_entropy(high, right)
    return {
        f"cross_entropy of [0, {given.gap}], class 0": one,
        f"cross_entropy's gradient at [0, {given.gap}]": gradients(one, [apart])[0],
        f"cross_entropy of three logits near {given.height}": other,
        "cross_entropy's gradient at these three": gradients(other, [high])[0],
    }


def _classes(given: Given) -> Tensor:
    """Draw the right classes."""
    return given.integers(0, given.classes, given.n)
