"""Experiments: a few lines of code that show a fact by what they print.

Predictions ask for it beforehand; errata refute a claim of the documents by it.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course import Exercise, exercises, file_of, read_toml

# The documents by their ids, in the order in which they are read.
DOCUMENTS = {
    "gd": "the tutorial on gradient descent and linear regression",
    "lr": "the study material on linear regression with PyTorch",
    "tb": "the study material on tensors and gradients",
    "wf": "the project notes on the PyTorch training workflow",
    "m2": "the outline of Module 2, linear regression with PyTorch",
}
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

    @property
    def document(self) -> str:
        """The id of the document that makes the claim."""
        return self.source.partition(".")[0]

    @property
    def place(self) -> str:
        """Where the claim stands: `lr.26`, or `the text gd` where no question is about it."""
        return self.source if "." in self.source else f"the text {self.source}"

    def is_shown_by(self, printed: str) -> bool:
        """Say whether this is what the code is to print."""
        return printed == self.prints.strip()


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
