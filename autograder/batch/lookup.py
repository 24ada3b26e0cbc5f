"""Look up what a grading folder holds about one student, for the commands that explain a mark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.batch.ledger import Attempt, Ledger
from autograder.batch.stored import read_verdict
from autograder.course import exercises
from autograder.inside.errors import UserError
from autograder.inside.words import nearest
from autograder.judging.verdict import Verdict

_NUMBER = "SELECT number FROM submission WHERE name = ? AND digest = ?"
_VERDICT = "SELECT content FROM verdict WHERE (digest, exercise, depends) = (?, ?, ?)"
_OTHERS = """
SELECT mark.name, verdict.content FROM mark JOIN verdict USING (digest, exercise, depends)
WHERE mark.exercise = ? ORDER BY mark.name
"""


@dataclass(frozen=True)
class Mark:
    """What counts now for a name and an exercise: `told` is its entry in the result, `verdict` what
    the ledger keeps of it, if anything, under the hash `depends` of what judged it. `waits_for`
    names what is to be fixed before a blocked one."""

    told: dict[str, Any]
    verdict: Verdict | None
    depends: str
    attempt: Attempt
    waits_for: tuple[str, ...] = ()


def opened(out: Path) -> Ledger:
    """Open the ledger of a folder; UserError where there is none, or a run is using it."""
    if not (out / "ledger.sqlite").is_file():
        raise UserError(f"{out} has no ledger.sqlite: give the --out of a `descent grade` run")
    return Ledger(out)


def result_of(ledger: Ledger, name: str) -> dict[str, Any]:
    """Return the result of a name; UserError where it has none."""
    names = ledger.names()
    if not names:
        raise UserError(f"{ledger.path}: nothing is graded yet; run `descent grade`")
    if name not in names:
        more = nearest(name, names) or f"; there are {', '.join(names[:5])}"
        raise UserError(f"{ledger.path} has no marks of {name!r}{more}")
    return ledger.result(name)


def mark_of(ledger: Ledger, name: str, exercise: str) -> Mark:
    """Return the mark of a name in an exercise; UserError where there is none."""
    told = result_of(ledger, name)["exercises"]
    entries = {entry["name"]: entry for entry in told if entry["name"] in exercises()}
    if exercise not in entries:
        more = nearest(exercise, entries) or f"; there are {', '.join(entries)}"
        raise UserError(f"{ledger.path} has no exercise {exercise!r}{more}")
    attempt = counting(ledger, name)
    with ledger.transaction() as base:
        place = "SELECT depends FROM mark WHERE name = ? AND exercise = ?"
        (depends,) = base.execute(place, (name, exercise)).fetchone()
        row = base.execute(_VERDICT, (attempt.digest, exercise, depends)).fetchone()
    own = replace(exercises()[exercise], points=entries[exercise]["max_score"])
    verdict = read_verdict(own, row[0]) if row else None
    below = [entries[n] for n in own.builds_on if n in entries]
    waits_for = tuple(entry["name"] for entry in below if entry["status"] != "pass")
    return Mark(entries[exercise], verdict, depends, attempt, waits_for)


def counting(ledger: Ledger, name: str) -> Attempt:
    """Return the submission of a name whose marks count."""
    with ledger.transaction() as base:
        (digest,) = base.execute("SELECT digest FROM mark WHERE name = ?", (name,)).fetchone()
        (number,) = base.execute(_NUMBER, (name, digest)).fetchone()
    return ledger.attempt(number)


def alike(ledger: Ledger, exercise: str, fingerprint: str) -> list[str]:
    """Return the names whose mark in an exercise has this fingerprint."""
    with ledger.transaction() as base:
        rows = base.execute(_OTHERS, (exercise,)).fetchall()
    own = exercises()[exercise]
    return [name for name, text in rows if read_verdict(own, text).fingerprint == fingerprint]
