"""Small submissions for tests: the pipeline's first exercises, right and wrong."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from autograder.answers.ways import solution
from autograder.batch.result import Result, to_json
from autograder.cells.observer import LocalObserver
from autograder.cells.run import SubmissionRun
from autograder.cells.source import CellSource
from autograder.course import assignment, exercises
from autograder.inside import ROOT
from autograder.inside.submission import Source, Submission
from autograder.judging.key import AnswerKey, Case
from autograder.judging.public import read_tasks
from autograder.judging.verdict import Verdict, judge, settle
from autograder.teacher.assignments import find
from autograder.teacher.build import stubs_of
from autograder.teacher.release import release, with_foundations

# Of an environment that is activated: its programs come first.
ACTIVATED = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
SHUT_OUT = """import sys
sys.modules.update(dict.fromkeys({lacking!r}))
sys.meta_path[:] = [finder for finder in sys.meta_path if "__editable__" not in str(finder)]
"""
MODEL = "def model(x, w, b):\n    return x @ w.t() + b\n"
MSE = """
def mse(pred, target):
    if pred.shape != target.shape:
        raise ValueError("shapes")
    return ((pred - target) ** 2).mean()
"""
TRAIN_STEP = """
import torch
from m06_model import model, mse

def train_step(x, y, w, b, lr):
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad = None
    return loss.item()
"""
RIGHT = {"m06_model": MODEL + MSE, "m08_manual_training": TRAIN_STEP}


def submission(texts: Mapping[str, str]) -> Submission:
    """Return a submission of these modules."""
    sources = {name: Source(f"exercises/{name}.py", text) for name, text in texts.items()}
    return Submission("student-01", sources)


def verdicts(
    zygote: CellSource,
    handed_in: Submission,
    names: tuple[str, ...] = ("mse", "train_step"),
    limit: float = 10.0,
) -> dict[str, Verdict]:
    """Judge some exercises of a submission in a cell, on the public cases."""
    judged = {}
    with SubmissionRun(zygote, handed_in, limit) as run:
        for name in names:
            exercise, key = exercises()[name], public_key(name)
            judged[name] = judge(exercise, key, run.outcome(exercise, key.requests))
    return settle(judged)


def told(result: Result) -> dict[str, Any]:
    """Return a result as it is written, with a public case for each probe that was looked at."""
    keys = {
        name: AnswerKey(tuple(Case("value", {}) for _ in verdict.probes), tuple)
        for name, verdict in result.verdicts.items()
    }
    return to_json(result, keys, Submission(result.submission))


@cache
def public_key(name: str) -> AnswerKey:
    """Return the key of an exercise's public cases, as exercises/cases/ has it."""
    return read_tasks(ROOT / "exercises")[name].key


@cache
def observer() -> LocalObserver:
    """Return the observer that all tests of a process look by, at level basic."""
    return LocalObserver("basic")


@cache
def released(name: str, self_study: bool = False) -> bytes:
    """Return the zip of a student's copy of an assignment.

    Where many exercises travel it takes the files of `exercises/`, which `descent check` compares.
    """
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        if name in ("core", "course", "path", "m12_line"):
            patch.setattr("autograder.teacher.release.built_files", lambda *a: _built(name))
        path = Path(folder) / "release.zip"
        release(find(name), path, observer(), self_study)
        return path.read_bytes()


def files_of(packed: bytes) -> dict[str, str]:
    """Return the texts of a release by their names in the copy: below its one folder."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = [name for name in archive.namelist() if not name.endswith(("/", ".bpf"))]
        return {name.partition("/")[2]: archive.read(name).decode("utf-8") for name in names}


def unpacked(name: str, folder: Path, self_study: bool = False) -> Path:
    """Unpack the release of an assignment into a folder; return the copy."""
    with zipfile.ZipFile(io.BytesIO(released(name, self_study))) as archive:
        archive.extractall(folder)
    return folder / f"graded-descent-{assignment(name).name}"


def python_in(
    copy: Path, *arguments: str, lacking: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run Python in a student's copy: of this clone, and of some packages, nothing is imported."""
    if (copy / "autograder").is_dir():
        (copy / "sitecustomize.py").write_text(SHUT_OUT.format(lacking=tuple(lacking)))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def _built(name: str) -> dict[str, str]:
    """Return the stubs and the public cases of an assignment, and of what it builds on, out of
    those that lie in exercises/."""
    files = {}
    chosen = {e.name: e for e in with_foundations(assignment(name).exercises)}
    for module in dict.fromkeys(exercise.module for exercise in chosen.values()):
        cases = json.loads((ROOT / "exercises" / "cases" / f"{module}.json").read_text("utf-8"))
        of = {one: body for one, body in cases["exercises"].items() if one in chosen}
        files[f"cases/{module}.json"] = json.dumps({**cases, "exercises": of})
        names = {own for one in of for own in chosen[one].names}
        files[f"{module}.py"] = stubs_of(solution(module), names)
    return files


def module_files(name: str) -> list[str]:
    """Return the files of exercises/ that a copy of an assignment has, but for conftest.py."""
    modules = assignment(name).modules
    return [*(f"{module}.py" for module in modules), *(f"cases/{m}.json" for m in modules)]
