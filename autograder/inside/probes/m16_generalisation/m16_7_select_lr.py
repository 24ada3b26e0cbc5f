"""Probes of select_lr."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import refusal_of


@probe("choice")
def select_lr_choice(impl: Implementation, given: Given) -> Facts:
    """The learning rate that is chosen, where the training losses speak for another one."""
    tuning = _tuning(given)
    chosen = _select(impl, tuning)
    return {"learning rate returned": chosen, "learning rates that were fitted": tuning.fitted}


@probe("nothing finite")
def select_lr_nothing_finite(impl: Implementation, given: Given) -> Facts:
    """What is answered where no training has come to anything."""
    answer = refusal_of(lambda: _select(impl, _tuning(given)), ValueError)
    return {"answer to losses of which none is finite": answer}


@probe("no learning rates")
def select_lr_no_learning_rates(impl: Implementation, given: Given) -> Facts:
    """What is answered where there is nothing to choose from."""
    answer = refusal_of(lambda: _select(impl, _tuning(given)), ValueError)
    return {"answer to no learning rates": answer}


@dataclass(frozen=True)
class Trained:
    """A model: of it nothing is known but its losses."""

    train: float
    val: float


@dataclass
class Tuning:
    """Learning rates and the losses that training with each of them leads to."""

    losses: dict[float, tuple[float, float]]
    fitted: list[float] = field(default_factory=list)

    def fit(self, lr: float) -> Trained:
        """Return the model of a learning rate."""
        if lr not in self.losses:
            raise ValueError("fit was called with a number that is no learning rate")
        self.fitted.append(lr)
        return Trained(*self.losses[lr])


def _select(impl: Implementation, tuning: Tuning) -> Any:
    lrs = list(tuning.losses)
    return impl.select_lr(lrs, tuning.fit, _reader("train"), _reader("val"))


def _reader(part: str) -> Callable[[Any], float]:
    """Return the function that reads a model's loss on one part of the data."""

    def loss(model: Any) -> float:
        if not isinstance(model, Trained):
            raise TypeError(f"{part} takes a model that fit has returned")
        return float(getattr(model, part))

    return loss


def _tuning(given: Given) -> Tuning:
    """Draw learning rates, and a loss for each of `losses`.

    An entry is a rank from 0 to 4: the lower it is, the lower the validation loss. The training
    loss is lowest at rank 2, the sum of both at 1, their distance at 3. Or the entry is the loss
    itself, nan or inf, on both parts.
    """
    lrs = given.leaf(len(given.losses)).exp().tolist()
    val = given.leaf(5).abs().add(0.1).cumsum(0).tolist()
    train = [3 * val[4], 0.1 + (val[2] - val[1]) / 2, 0.1, val[3], 3 * val[4]]
    losses = {}
    for lr, entry in zip(lrs, given.losses, strict=True):
        spoilt = isinstance(entry, str)
        losses[lr] = (float(entry), float(entry)) if spoilt else (train[entry], val[entry])
    return Tuning(losses)
