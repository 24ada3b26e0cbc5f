"""Results: the verdicts of a submission, as the JSON and CSV that teachers and tools read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from autograder.batch.ledger import Moved
from autograder.catalogue import Assignment
from autograder.judging.verdict import AnswerKey, Verdict

SCHEMA = 1


@dataclass(frozen=True)
class Result:
    """What was decided about one submission; `isolation` is what its cells were kept by."""

    submission: str
    verdicts: Mapping[str, Verdict]
    isolation: Mapping[str, Any]

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
    """Return a result in schema 1 (README, section Results)."""
    return {
        "schema": SCHEMA,
        "submission": result.submission,
        "score": result.score,
        "max_score": result.max_score,
        "isolation": dict(result.isolation),
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
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["submission", *(e.name for e in assignment.exercises), "total", "max"])
        for name, scores in marks:
            own = [scores.get(exercise.name) for exercise in assignment.exercises]
            known = [score for score in own if score is not None]
            total = round(sum(known), 2) if len(known) == len(own) else None
            writer.writerow(map(_harmless, [name, *map(_cell, own), _cell(total), f"{most:g}"]))


def write_moved(moved: Iterable[Moved], path: Path) -> None:
    """Write a row for each mark that is not what it was, and why."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(field.name for field in fields(Moved))
        for row in moved:
            writer.writerow([_harmless("" if v is None else str(v)) for v in astuple(row)])


def _cell(score: float | None) -> str:
    return "error" if score is None else f"{score:g}"


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running a name such as `=cmd()` as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
