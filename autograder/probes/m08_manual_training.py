"""Probes of m08: training by hand."""

from __future__ import annotations

from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.probes import Facts, probe


@probe("train_step", "trajectory")
def train_step_trajectory(it: Implementation, given: Given) -> Facts:
    """Losses and parameters over several steps from a non-zero start, and the gradients left."""
    x, y = given.regression()
    w, b = given.leaf(y.shape[1], x.shape[1]), given.leaf(y.shape[1])
    facts: Facts = {}
    for step in range(1, given.steps + 1):
        facts[f"loss before step {step}"] = it.train_step(x, y, w, b, given.lr)
        facts[f"w after step {step}"] = w.detach().clone()
        facts[f"b after step {step}"] = b.detach().clone()
    left = all(p.grad is None or not p.grad.any() for p in (w, b))
    facts["gradients afterwards"] = "None or zero" if left else "not cleared"
    facts["w and b"] = "leaves" if w.is_leaf and b.is_leaf else "no leaves any more"
    return facts
