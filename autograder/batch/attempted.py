"""Attempted: what a handed-in text answers. Nothing of it is executed."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from autograder.course import exercises
from autograder.inside.submission import Source
from autograder.inside.syntax import UNPARSED, answered, parse

MAX_PARSED = 2**17  # characters; a longer sum than fits in crashes the parser of Python 3.10

_DEFINED = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_PIECES = re.compile(r"^(?=(?:async +)?def |class |@|# %%)", re.MULTILINE)


@dataclass(frozen=True)
class Candidate:
    """A file that can be read, the module it is named after, by module how many of its exercises
    it attempts, and how many of its lines are for the notebook alone."""

    path: str
    source: Source
    module: str | None
    attempts: Counter[str]
    for_notebook: int = 0

    def answers(self, module: str) -> int:
        """Return how many exercises of a module are answered; `model = ...` in another module's
        file is no answer, a function is."""
        if self.module in (None, module) or not self.attempts[module]:
            return self.attempts[module]
        defined = {*_DEFINED.findall(self.source.text)}
        return sum(bool(defined & {*e.names}) for e in exercises().values() if e.module == module)


def attempts(text: str, modules: Collection[str]) -> Counter[str]:
    """Count, by module, the exercises for which a text has more than the stub."""
    found = _answered(text)
    wanted = [one for one in exercises().values() if one.module in modules]
    return Counter(one.module for one in wanted if found.intersection(one.names))


def _answered(text: str) -> set[str]:
    """Return the names to which a text gives more than a stub.

    Of what does not parse, each part that does is looked at; in the others every definition counts.
    """
    if len(text) > MAX_PARSED:
        return set(_DEFINED.findall(text))
    if (found := _answered_whole(text)) is not None:
        return found
    names = set[str]()
    for piece in _PIECES.split(text):
        inside = _answered_whole(piece)
        names |= set(_DEFINED.findall(piece)) if inside is None else inside
    return names


def _answered_whole(text: str) -> set[str] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a student's escapes
            return answered(parse(text))
    except UNPARSED:
        return None
