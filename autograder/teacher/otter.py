"""Otter's door: build an otter autograder whose marks are this kit's verdicts.

Each exercise becomes one otter test with one case, which reads its verdict. The verdicts come from
`otter_plugin`, which judges the real submission in a cell and hands otter an inert notebook.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from autograder.course import Assignment, Exercise
from autograder.inside.errors import UserError
from autograder.teacher.alone import config as kept

PLUGIN = "autograder.teacher.otter_plugin.VerdictPlugin"
ENTRY = "graded_descent_entry.ipynb"

_TEST = '''\
"""The verdict on {name}; see autograder/teacher/otter_plugin.py."""

OK_FORMAT = False

from otter.test_files import test_case

name = "{name}"
points = {points!r}


@test_case(name="{name}")
def check(descent_verdicts):
    assert descent_verdicts is not None, "the plugin of Graded Descent did not run"
    verdict = descent_verdicts["{name}"]
    assert verdict["passed"], verdict["message"]
'''


class OtterError(UserError):
    """`otter generate` failed; the message is what it printed last."""


def build_autograder(
    assignment: Assignment, target: Path, secret: bytes | None = None, modules: bool = False
) -> None:
    """Write the zip for `otter run -a`: tests, otter_config.json and the secret of hidden givens.

    Otter takes one .py or .ipynb a submission; with `modules` it takes a zip of module files
    instead. Raises OtterError when otter-grader is missing or refuses.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tests").mkdir()
        for exercise in assignment.exercises:
            # Named by id: `Linear` and `linear` are one file name on some systems.
            file = f"{exercise.id.replace('.', '_')}.py"
            (folder / "tests" / file).write_text(_test(exercise), "utf-8")
        config = otter_config(assignment, secret)
        (folder / "otter_config.json").write_text(json.dumps(config, indent=1), "utf-8")
        if modules:
            (folder / ENTRY).write_text(json.dumps(_inert_notebook()), "utf-8")
        generate(folder, target.resolve(), [ENTRY] if modules else [])


def otter_config(assignment: Assignment, secret: bytes | None = None) -> dict[str, Any]:
    """Return otter's configuration: no PDF, no log, every message shown, and the plugin's own."""
    return {
        "lang": "python",
        "pdf": False,
        "grade_from_log": False,
        "warn_missing_pdf": False,
        "show_hidden": True,
        "show_all_public": True,
        "force_public_test_summary": False,
        "plugins": [{PLUGIN: kept(assignment, secret)}],
    }


def _test(exercise: Exercise) -> str:
    return _TEST.format(name=exercise.name, points=exercise.points)


def generate(folder: Path, target: Path, files: list[str]) -> None:
    """Let otter pack the tests, the configuration and the files of a folder into a zip.

    Raises OtterError when otter-grader is missing or refuses.
    """
    command = [sys.executable, "-m", "otter", "generate", "-t", "tests", "-c", "otter_config.json"]
    command += ["--no-requirements", "--no-environment", "-o", str(target), *files]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise OtterError(f"otter generate failed: {''.join(last)}")


def _inert_notebook() -> dict[str, Any]:
    return {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
