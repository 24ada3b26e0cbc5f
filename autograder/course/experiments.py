"""Experiments: a few lines of code that show a fact by what they print.

Predictions ask for it beforehand; errata refute a claim of the documents by it.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course import Exercise, exercises, file_of, read_toml

# How wrong a claim of the documents is, and how the screen says it.
KINDS = {"wrong": "is wrong", "half": "is only half true", "outdated": "is out of date"}


@dataclass(frozen=True)
class Erratum:
    """A claim of the documents, in our words, that an experiment refutes.

    `source` is a document's id, or that of a question in it; `fact` is what is true instead;
    `prints` is what `code` prints.
    """

    source: str
    kind: str
    claim: str
    fact: str
    code: str
    prints: str


def errata(exercise: Exercise) -> tuple[Erratum, ...]:
    """Return what an exercise refutes."""
    return tuple(Erratum(**entry) for entry in read_toml(file_of(exercise)).get("errata", ()))


def every_erratum() -> Iterator[tuple[Exercise, Erratum]]:
    """Yield all that the course refutes, in its order."""
    return ((exercise, one) for exercise in exercises().values() for one in errata(exercise))


def printed_by(code: str) -> str:
    """Run some code; return what it prints, or `raises` and the exception's type."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(code, {"__name__": "experiment"})
    except Exception as error:
        return f"raises {type(error).__name__}"
    return printed.getvalue().strip()
