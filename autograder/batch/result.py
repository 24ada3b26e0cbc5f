"""Results: the verdicts of a submission, as the JSON and CSV that teachers and tools read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def write_grades(results: Iterable[Result], assignment: Assignment, path: Path) -> None:
    """Write a row per submission: the score of each exercise, `error` for the grader's faults."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["submission", *(e.name for e in assignment.exercises), "total", "max"])
        for result in results:
            scores = [_cell(result.verdicts[e.name].score) for e in assignment.exercises]
            row = [result.submission, *scores, _cell(result.score), f"{result.max_score:g}"]
            writer.writerow([_harmless(cell) for cell in row])


def _cell(score: float | None) -> str:
    return "error" if score is None else f"{score:g}"


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running a name such as `=cmd()` as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
