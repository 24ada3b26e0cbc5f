"""Probes of train."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m08_manual_training.shared import left, training
from autograder.inside.probes.tools import at_start, copies, kind_of, read, unmoved


@probe("losses")
def train_losses(impl: Implementation, given: Given) -> Facts:
    """The losses and parameters of one call after the other, and the gradients left."""
    x, y, w, b = training(given)
    facts: Facts = at_start(w=w, b=b)
    for call, epochs in zip(("", "second "), given.epochs, strict=False):
        before = copies([w, b])
        losses = impl.train(x, y, w, b, given.lr, epochs)
        facts[f"parameters unmoved by the {call}training"] = unmoved({"w": w, "b": b}, before)
        facts[f"{call}losses"] = losses
        facts[f"w after the {call}training"], facts[f"b after the {call}training"] = copies([w, b])
    # Read only now: a second call may have written into the first one's list.
    kinds = {
        kind_of(facts[name]) for name in ("losses", "second losses") if facts.get(name, []) != []
    }
    if kinds:  # no losses are of no kind
        facts["kind of the losses"] = " and ".join(sorted(kinds))
    return {**{name: read(fact) for name, fact in facts.items()}, **left(w, b)}
