"""Alone: one submission is judged where others grade, with no class and no ledger that stays."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder.answers.keys import answer_keys
from autograder.answers.ways import slow_parts
from autograder.batch import depends
from autograder.batch.grade import Grader
from autograder.batch.intake import read
from autograder.batch.ledger import Ledger
from autograder.batch.run import Run
from autograder.batch.standing import Standing, Student, students
from autograder.cells.observer import LocalObserver
from autograder.course import Assignment, modules
from autograder.inside.words import counted
from autograder.teacher import feedback
from autograder.teacher.packed import packed, unpacked

MAX_OUTPUT = 20_000  # characters of one text; what Gradescope itself takes is not documented


def config(assignment: Assignment, secret: bytes | None = None) -> dict[str, Any]:
    """Return the assignment and the secret of its hidden givens, a new one by default, as JSON can
    write them."""
    return packed(assignment) | {"secret": (secret or secrets.token_bytes(16)).hex()}


def judged(kept: Mapping[str, Any], handed_in: Path, covered: Sequence[Path]) -> Student:
    """Judge a folder by what `config` has written; return what stands.

    The submission can read nothing in the `covered` folders, where answers and secrets are.
    """
    chosen, secret = unpacked(kept), bytes.fromhex(kept["secret"])
    warm = slow_parts(chosen.exercises)
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder)) as ledger:
        hidden = [*map(str, covered), folder]
        with closing(LocalObserver("auto", False, chosen.seconds, warm, hidden)) as observer:
            keys = answer_keys(chosen.exercises, observer, secret)
            level = observer.isolation.level
            checks = {
                one.name: depends.of_exercise(one, secret, False, level) for one in chosen.exercises
            }
            run = Run(Grader(chosen, keys, observer), ledger, checks)
            for _ in run.grade([read(handed_in, modules())], 1):
                pass
            [student] = students(ledger)
            return student


def faults(student: Student) -> list[str]:
    """Return what the grader itself failed on, a line each: then there is no mark."""
    failed = (one for one in student.standings.values() if one.status == "error")
    return [f"{one.exercise.name}: {one.gap}" for one in failed]


def summary(student: Student) -> str:
    """Return how many exercises pass, and what is to be known of how the files were read."""
    standings = student.standings.values()
    passed = sum(one.status == "pass" for one in standings)
    lines = [f"{passed} of {counted(len(standings), 'exercise')} pass."]
    return "\n".join(lines + [f"note: {note}" for note in student.notes])[:MAX_OUTPUT]


def message(student: Student, one: Standing) -> str:
    """Return what a student reads about an exercise, with no number of a hidden case."""
    told = (one.gap,) if one.status in feedback.QUIET else feedback.message(student, one)
    place = f"{one.file}:{one.line}" if one.line else one.file
    words = f"{one.status.replace('_', ' ')}   {place}".strip()
    return "\n\n".join(filter(None, [words, *told]))[:MAX_OUTPUT]
