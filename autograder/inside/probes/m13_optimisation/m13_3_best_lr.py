"""Probes of regime, best_lr and steps_to."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import Lines, refusal_of

MAX_LINES = 20_000  # of code in one call that should raise at once


class EndlessLoop(Exception):
    """A call ran so many lines that it seems to have no end."""


class _Limited(Lines):
    """Raises EndlessLoop in code that has run too many lines."""

    def _trace(self, frame: Any, event: str, arg: object) -> Any:
        if self.count > MAX_LINES:
            raise EndlessLoop
        return super()._trace(frame, event, arg)


@probe("best")
def best_lr_best(impl: Implementation, given: Given) -> Facts:
    """The fastest learning rate for some curvatures, and its rate."""
    lr, rate = impl.best_lr(_curvatures(given))
    return {"learning rate": lr, "rate": rate}


@probe("regime")
def best_lr_regime(impl: Implementation, given: Given) -> Facts:
    """The words for some learning rates, drawn or given, and for two on the borders."""
    lams = _curvatures(given)
    rates = given.spec.get("rates") or _drawn_rates(given, lams)
    even = given.tensor([0.5, 8.0, 2.0])
    return {
        "regimes": [impl.regime(rate, lams) for rate in rates],
        "regime where lr times the greatest curvature is 1": impl.regime(0.125, even),
        "regime where lr times the greatest curvature is 2": impl.regime(0.25, even),
    }


@probe("steps")
def best_lr_steps(impl: Implementation, given: Given) -> Facts:
    """How many steps it takes at several learning rates, also where the distances are halved or
    vanish at once, and what is said to rates with which it takes for ever."""
    lams = _curvatures(given)
    far = 2 / float(lams.max())
    even = given.tensor([2.0, 2.0])

    def refused(lr: float, lams: Tensor) -> str:
        with _Limited(impl.files):
            return refusal_of(lambda: impl.steps_to(lr, lams, given.tol), ValueError)

    return {
        "steps": [impl.steps_to(share * far, lams, given.tol) for share in (0.1, 0.4, 0.7, 0.95)],
        "steps to a quarter where each one halves": impl.steps_to(0.25, even, 0.25),
        "steps where the first one arrives": impl.steps_to(0.5, even, given.tol),
        "answer to a diverging rate": refused(1.3 * far, lams),
        "answer to the rate at the limit": refused(1.0, even),
    }


def _curvatures(given: Given) -> Tensor:
    """Return curvatures above 0: those of the given, or drawn ones, neither sorted nor equal."""
    if "lams" in given.spec:
        return given.tensor(given.lams)
    drawn = 0.25 + given.leaf(given.n).detach().abs().cpu()
    return given.tensor(drawn.roll(1 + int(drawn.argmax())) if given.n > 2 else drawn)


def _drawn_rates(given: Given, lams: Tensor) -> list[float]:
    """Draw learning rates from 0 to one and a half times the limit."""
    drawn: list[float] = given.leaf(given.many).detach().abs().tolist()
    return [3 * (share % 1) / float(lams.max()) for share in drawn]
