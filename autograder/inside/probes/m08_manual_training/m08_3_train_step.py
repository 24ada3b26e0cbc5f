"""Probes of train_step."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m08_manual_training.shared import left, training
from autograder.inside.probes.tools import at_start, copies, kind_of, read, unmoved


@probe("trajectory")
def train_step_trajectory(impl: Implementation, given: Given) -> Facts:
    """Losses and parameters over several steps from a non-zero start, and the gradients left."""
    x, y, w, b = training(given)
    facts: Facts = at_start(w=w, b=b)
    losses = []
    for step in range(1, given.steps + 1):
        before = copies([w, b])
        losses.append(impl.train_step(x, y, w, b, given.lr))
        facts[f"loss before step {step}"] = read(losses[-1])
        facts[f"parameters unmoved by step {step}"] = unmoved({"w": w, "b": b}, before)
        facts[f"w after step {step}"], facts[f"b after step {step}"] = copies([w, b])
    return {**facts, "kind of the losses": kind_of(losses), **left(w, b)}
