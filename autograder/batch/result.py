"""Results: the verdicts of a submission, as the JSON and CSV that teachers and tools read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from autograder.batch.moved import Moved
from autograder.course import Assignment
from autograder.judging.key import AnswerKey
from autograder.judging.verdict import Verdict

SCHEMA = 1


@dataclass(frozen=True)
class Result:
    """What was decided about one submission; `isolation` is what its cells were kept by, `notes`
    tell what was chosen or left when its files were read and run."""

    submission: str
    verdicts: Mapping[str, Verdict]
    isolation: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def score(self) -> float | None:
        """The sum of the scores; None when the grader failed on an exercise."""
        scores = [verdict.score for verdict in self.verdicts.values()]
        known = [score for score in scores if score is not None]
        return round(sum(known), 2) if len(known) == len(scores) else None

    @property
    def max_score(self) -> float:
        """The points of all exercises."""
        return round(sum(verdict.exercise.points for verdict in self.verdicts.values()), 2)


def to_json(result: Result, keys: Mapping[str, AnswerKey]) -> dict[str, Any]:
    """Return a result in schema 1 (autograder/batch/README.md)."""
    return {
        "schema": SCHEMA,
        "submission": result.submission,
        "score": result.score,
        "max_score": result.max_score,
        "isolation": dict(result.isolation),
        "notes": list(result.notes),
        "exercises": [
            _exercise_json(verdict, keys[name]) for name, verdict in result.verdicts.items()
        ],
    }


def _exercise_json(verdict: Verdict, key: AnswerKey) -> dict[str, Any]:
    probes = verdict.probes or ("not_run",) * len(key.cases)
    return {
        "id": verdict.exercise.id,
        "name": verdict.exercise.name,
        "status": verdict.status,
        "score": verdict.score,
        "max_score": verdict.exercise.points,
        "cause": verdict.cause,
        "diagnosis": verdict.diagnosis,
        "message": verdict.message,
        "probes": [
            {"name": case.probe, "status": status, "device": case.device, "hidden": case.hidden}
            for case, status in zip(key.cases, probes, strict=True)
        ],
    }


def write_grades(
    marks: Iterable[tuple[str, Mapping[str, float | None]]], assignment: Assignment, path: Path
) -> None:
    """Write a row per name: the score of each exercise, `error` for the grader's faults."""
    most = sum(exercise.points for exercise in assignment.exercises)
    rows = [["submission", *(e.name for e in assignment.exercises), "total", "max"]]
    for name, scores in marks:
        own = [scores.get(exercise.name) for exercise in assignment.exercises]
        known = [score for score in own if score is not None]
        total = round(sum(known), 2) if len(known) == len(own) else None
        rows.append([name, *map(_cell, own), _cell(total), f"{most:g}"])
    _write_table(rows, path)


def write_moved(moved: Iterable[Moved], path: Path) -> None:
    """Write a row for each mark that is not what it was, and why."""
    rows = [[field.name for field in fields(Moved)]]
    rows += [["" if value is None else str(value) for value in astuple(row)] for row in moved]
    _write_table(rows, path)


def write_whole(text: str, path: Path) -> None:
    """Write a file as a whole: whoever ends the run in between leaves the one from before."""
    begun = path.parent / ".being-written"
    begun.write_text(text, encoding="utf-8", newline="")
    begun.replace(path)


def _write_table(rows: Iterable[Iterable[str]], path: Path) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(map(_harmless, row) for row in rows)
    write_whole(text.getvalue(), path)


def _cell(score: float | None) -> str:
    return "error" if score is None else f"{score:g}"


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running a name such as `=cmd()` as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
