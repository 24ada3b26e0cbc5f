"""Probes of best_constant and pull."""

from __future__ import annotations

from functools import partial
from typing import Any

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import answer_to, number, refusal


@probe("constant")
def best_constant_constant(impl: Implementation, given: Given) -> Facts:
    """The best constants for numbers with an outlier; that for l1 by its loss, since several may be
    equally good."""
    y = given.leaf(given.n).detach() + 1
    y[given.n // 2] += given.outlier
    y = given.plain(y)
    facts: Facts = {}
    for loss in ("mse", "l1"):
        kind, c = number(impl.best_constant(y, loss))
        facts[f"type of best_constant(y, {loss!r})"] = kind
        facts |= _judged(y, c, loss)
    return facts


@probe("pull")
def best_constant_pull(impl: Implementation, given: Given) -> Facts:
    """The pull of an error, of the opposite one, and of none."""
    error = float(given.error)
    facts: Facts = {}
    for loss in ("mse", "l1"):
        for told, e in (("positive", error), ("negative", -error), ("zero", 0.0)):
            kind, value = number(answer_to(partial(impl.pull, e, loss)))
            facts[f"pull of a {told} error for {loss!r}"] = value
            facts[f"kind of pull of a {told} error for {loss!r}"] = kind
    return facts


@probe("refusal")
def best_constant_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens where the loss has another name."""
    y = given.randn(3)
    return {
        "best_constant's answer to another loss": refusal(
            lambda: impl.best_constant(y, given.loss)
        ),
        "pull's answer to another loss": refusal(lambda: impl.pull(2.0, given.loss)),
    }


def _judged(y: Tensor, c: Any, loss: str) -> Facts:
    if not isinstance(c, float):
        return {f"best_constant(y, {loss!r})": c}
    if loss == "mse":
        return {"best_constant(y, 'mse')": c}
    distances = (y.double() - c).abs()
    return {"mean absolute error of best_constant(y, 'l1')": distances.mean().item()}
