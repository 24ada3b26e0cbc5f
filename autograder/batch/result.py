"""Results: the verdicts of a submission, as the JSON that teachers and tools read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.inside.submission import Submission
from autograder.inside.words import printable
from autograder.judging.key import AnswerKey
from autograder.judging.verdict import Verdict

SCHEMA = 3
MAX_EXCERPT = 200  # characters of a line of code


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
        """The sum of the scores; None when the grader failed on an exercise, or nothing could be
        read."""
        total = total_of([_mark(verdict) for verdict in self.verdicts.values()])
        return None if isinstance(total, str) else total

    @property
    def max_score(self) -> float:
        """The points of all exercises."""
        return round(sum(verdict.exercise.points for verdict in self.verdicts.values()), 2)


def total_of(marks: Sequence[float | str]) -> float | str:
    """Return the sum of marks, which are a score each, or the status that there is instead of one:
    `error` where the grader failed on an exercise, `unreadable` where nothing could be read,
    `excused` where all are."""
    scores = [mark for mark in marks if not isinstance(mark, str)]
    if "error" in marks:
        return "error"
    if scores:
        return round(sum(scores), 2)
    return "excused" if set(marks) == {"excused"} else "unreadable"


def _mark(verdict: Verdict) -> float | str:
    return verdict.status if verdict.score is None else verdict.score


def to_json(
    result: Result, keys: Mapping[str, AnswerKey], submission: Submission
) -> dict[str, Any]:
    """Return the result of a submission in schema 3 (autograder/batch/README.md)."""
    return {
        "schema": SCHEMA,
        "submission": result.submission,
        "score": result.score,
        "max_score": result.max_score,
        "isolation": dict(result.isolation),
        "notes": list(result.notes),
        "exercises": [
            _exercise_json(verdict, keys[name], submission)
            for name, verdict in result.verdicts.items()
        ],
    }


def _exercise_json(verdict: Verdict, key: AnswerKey, submission: Submission) -> dict[str, Any]:
    probes = verdict.probes or ("not_run",) * len(key.cases)
    return {
        "id": verdict.exercise.id,
        "name": verdict.exercise.name,
        "status": verdict.status,
        "score": verdict.score,
        "max_score": verdict.exercise.points,
        "file": verdict.file,
        "line": verdict.line,
        "excerpt": _excerpt(verdict, submission),
        "cause": verdict.cause,
        "diagnosis": verdict.diagnosis,
        "message": verdict.message,
        "by_hand": None,
        "probes": [
            {"name": case.probe, "status": status, "device": case.device, "hidden": case.hidden}
            for case, status in zip(key.cases, probes, strict=True)
        ],
    }


def _excerpt(verdict: Verdict, submission: Submission) -> str:
    """Return the line of the student's own code that a verdict is about, where it is about one."""
    for source in submission.sources.values():
        if verdict.line and printable(source.file) == verdict.file:
            lines = source.text.split("\n")  # as Python counts them
            if 0 < verdict.line <= len(lines):
                return printable(lines[verdict.line - 1].strip().expandtabs()[:MAX_EXCERPT])
    return ""
