"""Moved: the marks that are not what they were when a run was last finished, and why."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

_MOVED = """
SELECT mark.name, mark.exercise, reported.status, reported.score, mark.status, mark.score,
    mark.digest != reported.digest, mark.depends != reported.depends, (
        SELECT content FROM override
        WHERE (override.name, override.exercise) = (mark.name, mark.exercise)
        ORDER BY number DESC LIMIT 1
    )
FROM mark JOIN reported USING (name, exercise)
WHERE mark.status != reported.status OR mark.score IS NOT reported.score
ORDER BY mark.name, mark.rowid
"""


@dataclass(frozen=True)
class Moved:
    """A mark that is not what it was."""

    submission: str
    exercise: str
    status_before: str
    score_before: float | None
    status: str
    score: float | None
    why: str


def moved(base: sqlite3.Connection) -> list[Moved]:
    """Compare the marks with those that were reported last, in the order of the names."""
    found = []
    rows = base.execute(_MOVED)
    for name, exercise, status_before, score_before, status, score, *changed in rows:
        marks = (status_before, score_before, status, score)
        found.append(Moved(name, exercise, *marks, _why(*marks, *changed)))
    return found


def _why(
    status_before: str,
    score_before: float | None,
    status: str,
    score: float | None,
    is_another: bool,
    has_other_checks: bool,
    override: str | None,
) -> str:
    """Say why a mark moved."""
    if override and {status_before, status} & {"by_hand", "excused"}:
        last = json.loads(override)
        return f"{last['kind'].replace('_', ' ')}, {last['who']}: {last['why']}"
    reasons = []
    if is_another:
        reasons.append("another submission counts")
    if has_other_checks:
        reasons.append("the exercise's checks changed")
    if status_before == "error":
        reasons.append("the grader had failed on it")
    if reasons:
        return " and ".join(reasons)
    if score == score_before and {status_before, status} == {"fail", "blocked"}:
        return "an exercise that it builds on moved"
    return "it was judged again, with another result"
