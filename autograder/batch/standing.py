"""Standing: what counts now of a whole class, as the ledger has it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.batch.ledger import Ledger
from autograder.batch.lookup import counting
from autograder.course import Exercise, exercises
from autograder.inside.reading import statements
from autograder.inside.submission import Submission
from autograder.inside.syntax import bound_by, is_definition, is_docstring

WRONG = ("fail", "blocked")  # what was run, and is not right
_KEPT = """
SELECT mark.exercise, verdict.content
FROM mark JOIN verdict USING (digest, exercise, depends) WHERE mark.name = ?
"""


@dataclass(frozen=True)
class Standing:
    """What stands about an exercise of one name: its entry in the result, and what the ledger keeps
    besides. `hidden` says that the gap tells a hidden case; `code` is the student's own text of
    what is wrong, without docstrings; `by_hand` what the result says of a mark by hand."""

    name: str
    exercise: Exercise
    status: str
    score: float | None
    file: str
    line: int | None
    excerpt: str
    gap: str
    why: str
    cause: str
    slugs: tuple[str, ...]
    hidden: bool
    lent: tuple[str, ...]
    fingerprint: str
    code: str
    by_hand: Mapping[str, Any] | None = None

    @property
    def wrong(self) -> bool:
        """Say whether it was run, and is not right."""
        return self.status in WRONG


@dataclass(frozen=True)
class Student:
    """What stands of one name; `score` is None where there is a word in its place."""

    name: str
    score: float | None
    max_score: float
    isolation: str
    notes: tuple[str, ...]
    standings: Mapping[str, Standing]


def students(ledger: Ledger) -> Iterator[Student]:
    """Yield what stands of each name, in the order of the names."""
    for name in ledger.names():
        result = ledger.result(name)
        with ledger.transaction() as base:
            kept = {e: json.loads(text) for e, text in base.execute(_KEPT, (name,))}
        texts = Texts(counting(ledger, name).submission)
        entries = (entry for entry in result["exercises"] if entry["name"] in exercises())
        standings = (_standing(name, e, kept.get(e["name"], {}), texts) for e in entries)
        yield Student(
            name,
            result["score"],
            result["max_score"],
            result["isolation"]["level"],
            tuple(result["notes"]),
            {standing.exercise.name: standing for standing in standings},
        )


def _standing(
    name: str, entry: Mapping[str, Any], kept: Mapping[str, Any], texts: Texts
) -> Standing:
    """Put an entry of a result and the verdict that is kept of it together."""
    exercise = replace(exercises()[entry["name"]], points=entry["max_score"])
    gap, _, why = entry["message"].partition("\n")
    return Standing(
        name,
        exercise,
        entry["status"],
        entry["score"],
        entry["file"],
        entry["line"],
        entry["excerpt"],
        gap,
        why,
        entry["cause"],
        tuple((entry["diagnosis"] or "").split(", ")) if entry["diagnosis"] else (),
        _tells_hidden(entry["probes"], kept.get("told")),
        tuple(kept.get("lent", ())),
        kept.get("fingerprint", ""),
        texts.code(exercise) if entry["status"] in WRONG else "",
        entry["by_hand"],
    )


def _tells_hidden(probes: list[dict[str, Any]], told: int | None) -> bool:
    """Say whether a gap tells a hidden case; where the ledger does not know, whether it may."""
    if told is not None:
        return bool(probes[told]["hidden"])
    return any(probe["status"] == "fail" and probe["hidden"] for probe in probes)


class Texts:
    """The texts of a submission, each parsed when it is first asked for."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._read: dict[str, list[ast.stmt]] = {}

    def code(self, exercise: Exercise) -> str:
        """Return the last definition of each name of an exercise."""
        key = self._submission.source_name(exercise.module)
        source = self._submission.sources.get(key)
        if source is None:
            return ""
        if key not in self._read:
            self._read[key], _ = statements(source.text, source.file)
        found = {own: one for one in self._read[key] for own in bound_by([one])}
        lines = source.text.split("\n")
        parts = (_text(found[own], lines) for own in exercise.names if own in found)
        return "\n\n".join(dict.fromkeys(parts))


def _text(statement: ast.stmt, lines: list[str]) -> str:
    """Return the lines of a statement, but for its docstrings."""
    decorators: Iterable[ast.expr] = getattr(statement, "decorator_list", ())
    first = min([statement.lineno, *(one.lineno for one in decorators)])
    left = {
        line
        for node in filter(is_definition, ast.walk(statement))
        for one in node.body[:1]
        if is_docstring(one) and len(node.body) > 1
        for line in range(one.lineno, (one.end_lineno or 0) + 1)
    }
    kept = (n for n in range(first, (statement.end_lineno or 0) + 1) if n not in left)
    return "\n".join(lines[number - 1].rstrip() for number in kept)
