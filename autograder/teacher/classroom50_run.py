"""What runs in Classroom 50's runner for each push: judge the checkout, write `result.json`.

    python -m autograder.teacher.classroom50_run FOLDER CHECKOUT

FOLDER is what classroom50.py has written. Where the grader itself fails, or the runner has not said
whose submission it is, no result is written and the exit status is 1: Classroom 50 then tells of an
error, which is no mark. Source: github.com/foundation50/classroom50, wiki, Advanced-Autograding.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from autograder.batch.standing import Standing, Student
from autograder.batch.tables import write_whole
from autograder.teacher.alone import faults, judged
from autograder.teacher.carried import CONFIG
from autograder.teacher.class_pages import as_markdown

SCHEMA = "classroom50/result/v1"
PER_POINT = 100  # its scores are integers: hundredths of a point
MOST_BODY = 100_000  # characters; GitHub takes 125,000 as the text of a release
_GIVEN = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}
_OPEN = (
    "\nHidden cases count: of the same kinds as the public ones, with other numbers. Here they are"
    " no secret: this autograder lies where anyone who knows its address can read it.\n"
)


def main(arguments: Sequence[str], given: Mapping[str, str]) -> int:
    """Judge the checkout, write `result.json` and `release-body.md` there; return the exit status.

    `given` are the environment's variables, in which the runner says whose submission it is.
    """
    folder, checkout = map(Path, arguments)
    if missing := [name for name in _GIVEN.values() if not given.get(name)]:
        print(f"not set by the runner: {', '.join(missing)}; nothing was judged", file=sys.stderr)
        return 1
    kept = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    student = judged(kept, checkout, [checkout, (folder / CONFIG).parent])
    if failed := faults(student):
        print("\n".join(failed), file=sys.stderr)
        return 1
    told = result(student, given, handed_in(checkout))
    write_whole(json.dumps(told, indent=1), checkout / "result.json")
    body = as_markdown(student, given["ASSIGNMENT"])[:MOST_BODY] + _OPEN
    write_whole(body, checkout / "release-body.md")
    return 0


def result(student: Student, given: Mapping[str, str], when: datetime) -> dict[str, Any]:
    """Return Classroom 50's `result.json`: a test for each exercise, with partial credit."""
    tests = [_test(one) for one in student.standings.values()]
    return {
        "schema": SCHEMA,
        **{key: given[name] for key, name in _GIVEN.items()},
        "review": given.get("REVIEW_URL") or given["COMMIT_URL"],
        "datetime": when.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def _test(one: Standing) -> dict[str, Any]:
    most = round(PER_POINT * one.exercise.points)
    passed = one.status == "pass"
    return {
        "test-name": f"{one.exercise.id} {one.exercise.name}",
        "passed": passed,
        "score": round(PER_POINT * (one.score or 0.0)),
        "max-score": most,
    }


def handed_in(checkout: Path) -> datetime:
    """Return when the commit was made that is judged; now, where git cannot tell."""
    command = ["git", "-c", "safe.directory=*", "-c", "log.showSignature=false"]
    command += ["-C", str(checkout), "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return datetime.now(timezone.utc)
    seconds = done.stdout.strip()
    if done.returncode or not seconds.isdecimal():
        return datetime.now(timezone.utc)
    return datetime.fromtimestamp(int(seconds), timezone.utc)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
