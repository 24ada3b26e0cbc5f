"""What runs in Gradescope's container for each submission: judge it, write `results.json`.

    python -m autograder.teacher.gradescope_run /autograder

The folders are Gradescope's: `source` (this kit), `submission`, `results`. Where the grader itself
fails, no result is written and the exit status is 1: Gradescope then tells that the autograder
failed, which is no mark. Source: gradescope-autograders.readthedocs.io, specs.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder.answers.keys import answer_keys
from autograder.answers.ways import use_optimizers
from autograder.batch import depends
from autograder.batch.grade import Grader
from autograder.batch.intake import read
from autograder.batch.ledger import Ledger
from autograder.batch.run import Run
from autograder.batch.standing import Standing, Student, students
from autograder.batch.tables import write_whole
from autograder.cells.observer import LocalObserver
from autograder.course import Assignment, modules
from autograder.inside.words import counted
from autograder.teacher import feedback
from autograder.teacher.gradescope import CONFIG
from autograder.teacher.packed import unpacked

_HIDDEN = "Hidden cases count: of the same kinds as the public ones, with other numbers."
MAX_OUTPUT = 20_000  # characters of one test; what Gradescope itself takes is not documented


def main(arguments: Sequence[str]) -> int:
    """Judge `submission`, write `results/results.json`; return the exit status."""
    base, began = Path(arguments[0]), time.monotonic()
    config = json.loads((base / "source" / CONFIG).read_text(encoding="utf-8"))
    student = judged(base, unpacked(config), bytes.fromhex(config["secret"]))
    if failed := [s for s in student.standings.values() if s.status == "error"]:
        for standing in failed:
            print(f"{standing.exercise.name}: {standing.gap}", file=sys.stderr)
        return 1
    told = results(student, time.monotonic() - began)
    write_whole(json.dumps(told, indent=1), base / "results" / "results.json")
    return 0


def judged(base: Path, chosen: Assignment, secret: bytes) -> Student:
    """Judge what was handed in; the submission can read neither the answers nor the secret."""
    covered = [str(base / part) for part in ("submission", "results", "source/assignment")]
    warm = use_optimizers(chosen.exercises)
    with (
        tempfile.TemporaryDirectory() as folder,
        Ledger(Path(folder)) as ledger,
        closing(LocalObserver("auto", False, chosen.seconds, warm, [*covered, folder])) as observer,
    ):
        keys = answer_keys(chosen.exercises, observer, secret)
        level = observer.isolation.level
        checks = {e.name: depends.of_exercise(e, secret, False, level) for e in chosen.exercises}
        run = Run(Grader(chosen, keys, observer), ledger, checks)
        for _ in run.grade([read(base / "submission", modules())], 1):
            pass
        [student] = students(ledger)
        return student


def results(student: Student, seconds: float) -> dict[str, Any]:
    """Return Gradescope's `results.json`: a test for each exercise, with partial credit.

    What a student may not read, such as the numbers of a hidden case, is in tests of no points that
    the staff alone sees.
    """
    standings = list(student.standings.values())
    passed = sum(one.status == "pass" for one in standings)
    lines = [f"{passed} of {counted(len(standings), 'exercise')} pass. {_HIDDEN}"]
    return {
        "execution_time": round(seconds, 1),
        "output": "\n".join(lines + [f"note: {note}" for note in student.notes])[:MAX_OUTPUT],
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [*_tests(student), *_for_staff(standings)],
        "extra_data": {"isolation": student.isolation},
    }


def _tests(student: Student) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(student.standings.values(), 1):
        told = feedback.message(student, one) if one.status not in feedback.QUIET else ()
        yield {
            "name": f"{one.exercise.id} {one.exercise.name}",
            "number": str(number),
            "score": one.score or 0.0,
            "max_score": one.exercise.points,
            "status": "passed" if one.status == "pass" else "failed",
            "output": "\n\n".join([_words(one), *told])[:MAX_OUTPUT],
            "output_format": "text",
            "visibility": "visible",
        }


def _for_staff(standings: Sequence[Standing]) -> Iterator[dict[str, Any]]:
    """Yield the whole message of what fails on a hidden case."""
    for one in standings:
        if one.hidden and one.gap:
            yield {
                "name": f"{one.exercise.id} {one.exercise.name}, for the staff",
                "score": 0.0,
                "max_score": 0.0,
                "status": "failed",
                "output": f"{one.gap}\n\n{one.why}"[:MAX_OUTPUT],
                "output_format": "text",
                "visibility": "hidden",
            }


def _words(one: Standing) -> str:
    place = f"{one.file}:{one.line}" if one.line else one.file
    return f"{one.status.replace('_', ' ')}   {place}".strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
