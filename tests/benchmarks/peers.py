"""The peers: a pytest process and an `otter run` per submission, with the same probes as tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from autograder.answers.keys import answer_keys
from autograder.cells.observer import LocalObserver
from autograder.course import Assignment
from autograder.inside import ROOT
from autograder.inside.codec import encode_observation
from autograder.judging.key import AnswerKey
from autograder.teacher.otter import generate

from .same_checks import CASES

_PYTEST = """\
import submission
from tests.benchmarks.same_checks import check
"""
_PYTEST_TEST = """

def test_{number}():
    check("{name}", vars(submission))
"""
_OTTER_TEST = """\
OK_FORMAT = False

from otter.test_files import test_case

name = "{name}"
points = {points!r}


@test_case()
def check(env):
    from tests.benchmarks.same_checks import check

    check("{name}", env)
"""
_OTTER_CONFIG = {"lang": "python", "pdf": False, "grade_from_log": False, "warn_missing_pdf": False}


class Peers:
    """Both peers, set up in a folder for an assignment."""

    def __init__(self, folder: Path, assignment: Assignment) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        with closing(LocalObserver("basic")) as observer:
            keys = answer_keys(assignment.exercises, observer, b"benchmark")
            observed = {e.name: (e.place, list(_seen(keys[e.name]))) for e in assignment.exercises}
        (folder / "cases.json").write_text(json.dumps(observed), encoding="utf-8")
        tests = "".join(
            _PYTEST_TEST.format(number=number, name=e.name)
            for number, e in enumerate(assignment.exercises)
        )
        (folder / "test_submission.py").write_text(_PYTEST + tests, encoding="utf-8")
        (folder / "marks").mkdir()
        (folder / "otter" / "tests").mkdir(parents=True)
        for number, exercise in enumerate(assignment.exercises):
            text = _OTTER_TEST.format(name=exercise.name, points=exercise.points)
            (folder / "otter" / "tests" / f"q{number:02}.py").write_text(text, encoding="utf-8")
        (folder / "otter" / "otter_config.json").write_text(json.dumps(_OTTER_CONFIG), "utf-8")
        generate(folder / "otter", folder / "autograder.zip", [])

    def pytest(self, submission: Path) -> str:
        """Run pytest on a submission; return its last line."""
        shutil.copy(submission, self._folder / "submission.py")
        return self._run("pytest", "-q", "-p", "no:cacheprovider", "test_submission.py")

    def otter(self, submission: Path) -> str:
        """Run otter on a submission; return its last line."""
        out = ("-o", str(self._folder / "marks"))
        return self._run("otter", "run", "-a", "autograder.zip", *out, str(submission))

    def _run(self, *arguments: str) -> str:
        environment = os.environ | {
            CASES: str(self._folder / "cases.json"),
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
        }
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self._folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return (done.stdout.strip() or done.stderr.strip()).splitlines()[-1]


def _seen(key: AnswerKey) -> Iterator[tuple[object, ...]]:
    """Yield probe, given and what the reference was seen to do, for each case."""
    for case, expected in zip(key.cases, key.expected, strict=True):
        assert expected is not None
        yield case.probe, dict(case.given), encode_observation(expected)
