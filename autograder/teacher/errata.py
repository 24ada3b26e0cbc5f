"""Errata: what the documents say, and what an experiment shows here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from textwrap import indent, wrap

from autograder.course import Exercise, file_of, questions
from autograder.course.experiments import DOCUMENTS, KINDS, Erratum, every_erratum, printed_by
from autograder.inside.words import counted
from autograder.teacher.givens import shown

_WIDTH = 92


@dataclass(frozen=True)
class Refuted:
    """A claim of the documents, the exercise that refutes it, and what its experiment printed."""

    exercise: Exercise
    erratum: Erratum
    printed: str

    @property
    def holds(self) -> bool:
        """Whether this is what the course says that it prints."""
        return self.erratum.is_shown_by(self.printed)


def refuted() -> list[Refuted]:
    """Run every experiment of the course; return them in the order in which the documents are
    read, of each first what is said of its whole text."""
    order = [*DOCUMENTS, *(question.id for question in questions())]
    every = sorted(
        every_erratum(),
        key=lambda pair: (order.index(pair[1].document), order.index(pair[1].source)),
    )
    return [Refuted(exercise, one, printed_by(one.code)) for exercise, one in every]


def lines(ran: Iterable[Refuted]) -> Iterator[str]:
    """Yield the claims, the facts, the code and what it printed."""
    for it in ran:
        one, exercise = it.erratum, it.exercise
        yield f"{one.place} {KINDS[one.kind]}   ({exercise.id} {exercise.name})"
        yield from _block("claim", one.claim)
        yield from _block("fact", one.fact)
        yield indent(one.code.strip(), " " * 10)
        yield from _block("prints", it.printed)
        if not it.holds:
            yield from _block("not", one.prints.strip())
        yield ""


def faults(ran: Iterable[Refuted]) -> Iterator[str]:
    """Yield a line for each experiment that does not print what the course says."""
    for it in ran:
        if not it.holds:
            yield (
                f"{shown(file_of(it.exercise))}: the experiment on {it.erratum.place} does not "
                "print what its `prints` says: mend the claim or the code"
            )


def summary(ran: Sequence[Refuted]) -> str:
    """Say how many claims there are, and how many of them the experiments refute here."""
    good = sum(it.holds for it in ran)
    return f"{counted(len(ran), 'claim')}, {good} refuted here with torch {version('torch')}"


def _block(label: str, text: str) -> Iterator[str]:
    for part in text.splitlines():
        for line in wrap(part, _WIDTH, break_on_hyphens=False) or [""]:
            yield f"  {label:<8}{line}"
            label = ""
