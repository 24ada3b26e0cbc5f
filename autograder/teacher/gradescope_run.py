"""What runs in Gradescope's container for each submission: judge it, write `results.json`.

    python -m autograder.teacher.gradescope_run /autograder

The folders are Gradescope's: `source` (this kit), `submission`, `results`. Where the grader itself
fails, no result is written and the exit status is 1: Gradescope then tells that the autograder
failed, which is no mark. Source: gradescope-autograders.readthedocs.io, specs.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autograder.batch.standing import Standing, Student
from autograder.batch.tables import write_whole
from autograder.teacher.alone import MAX_OUTPUT, faults, judged, message, summary
from autograder.teacher.carried import CONFIG

_HIDDEN = "Hidden cases count: of the same kinds as the public ones, with other numbers."


def main(arguments: Sequence[str]) -> int:
    """Judge `submission`, write `results/results.json`; return the exit status."""
    base, began = Path(arguments[0]), time.monotonic()
    covered = [base / part for part in ("submission", "results", "source/assignment")]
    kept = json.loads((base / "source" / CONFIG).read_text(encoding="utf-8"))
    student = judged(kept, base / "submission", covered)
    if failed := faults(student):
        print("\n".join(failed), file=sys.stderr)
        return 1
    told = results(student, time.monotonic() - began)
    write_whole(json.dumps(told, indent=1), base / "results" / "results.json")
    return 0


def results(student: Student, seconds: float) -> dict[str, Any]:
    """Return Gradescope's `results.json`: a test for each exercise, with partial credit.

    What a student may not read, such as the numbers of a hidden case, is in tests of no points that
    the staff alone sees.
    """
    return {
        "execution_time": round(seconds, 1),
        "output": f"{_HIDDEN}\n{summary(student)}",
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [*_tests(student), *_for_staff(list(student.standings.values()))],
        "extra_data": {"isolation": student.isolation},
    }


def _tests(student: Student) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(student.standings.values(), 1):
        yield {
            "name": f"{one.exercise.id} {one.exercise.name}",
            "number": str(number),
            "score": one.score or 0.0,
            "max_score": one.exercise.points,
            "status": "passed" if one.status == "pass" else "failed",
            "output": message(student, one),
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
