"""Answer keys: by what an exercise is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder.inside.observation import Observation
from autograder.judging.compare import differing

# What is seen of every call beside the facts of its probe, see observe.py and given.py.
BESIDES = ("what the call leaves changed", "inputs afterwards", "checksum of the inputs afterwards")


@dataclass(frozen=True)
class Case:
    """A probe on one given; hidden ones never leave the teacher's machine."""

    probe: str
    given: Mapping[str, Any]
    hidden: bool = False

    def request(self) -> dict[str, Any]:
        """Return what a cell is asked for this case."""
        return {"probe": self.probe, "given": dict(self.given)}

    @property
    def device(self) -> str:
        """Where the given lies: cpu, cuda or stand-in."""
        return str(self.given.get("device", "cpu"))

    @property
    def dtype(self) -> str:
        """The dtype of the given's numbers, which sets the tolerance."""
        return str(self.given.get("dtype", "float64"))


@dataclass(frozen=True)
class Mistake:
    """A known wrong way, with what it looks like on every case of its exercise."""

    slug: str
    feedback: str
    observations: tuple[Observation, ...]


@dataclass(frozen=True)
class AnswerKey:
    """What an exercise is judged by: its cases, the reference's observations, the mistakes'.

    `observe_others` gives the reference's observations on the hidden cases of another secret. All
    are observed, or read, when they are needed first, and then kept.
    """

    cases: tuple[Case, ...]
    observe_reference: Callable[[], tuple[Observation | None, ...]]
    observe_mistakes: Callable[[], tuple[Mistake, ...]] = tuple
    observe_others: Callable[[], tuple[Observation | None, ...]] = tuple

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What a cell is asked, a request for each case."""
        return [case.request() for case in self.cases]

    @cached_property
    def expected(self) -> tuple[Observation | None, ...]:
        """The right answers; None for a case that this machine cannot run."""
        return self.observe_reference()

    @cached_property
    def drawn(self) -> tuple[bool, ...]:
        """Of each case, whether its right answer is another one with another secret.

        Only that one has to be computed; a hidden case without it, such as one of no rows, can be
        answered from a table. What is seen of the inputs does not count: it needs no answer.
        """
        others = iter(self.observe_others())
        pairs = (
            (case, expected, next(others, None) if case.hidden else None)
            for case, expected in zip(self.cases, self.expected, strict=True)
        )
        return tuple(
            bool(expected and other and {*differing(other, expected, case.dtype)} - {*BESIDES})
            for case, expected, other in pairs
        )

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The known mistakes."""
        return self.observe_mistakes()

    @cached_property
    def wrong_facts(self) -> dict[str, tuple[list[str], ...]]:
        """Of each mistake, by case, the names of the facts that it gets wrong."""
        return {
            mistake.slug: tuple(
                differing(seen, right, case.dtype)
                for seen, right, case in zip(
                    mistake.observations, self.expected, self.cases, strict=True
                )
            )
            for mistake in self.mistakes
        }
