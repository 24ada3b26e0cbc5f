"""Odd names, sizes and sources stop no run: each is graded or told, the others have their marks."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.batch.intake import entries
from autograder.course import modules
from autograder.inside import ROOT

from .odd import ODD, RIGHT, Odd

MARKS = 3  # of RIGHT: model and mse
HONEST = [f"honest-{number}" for number in range(4)]
COMMAND = ("grade", "class", "--out", "out", "--assignment", "m06_model", "--device", "cpu")


@dataclass(frozen=True)
class Graded:
    """A class after the command: the result of each file by its name, the number of rows with
    marks, what was printed, and the files before and after."""

    results: dict[str, dict[str, Any]]
    rows: int
    printed: str
    files: tuple[list[str], list[str]]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Grade all odd entries with honest ones among them, by the command."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "class").mkdir()
    for one in ODD:
        one.write(folder / "class")
    for name in HONEST:
        (folder / "class" / f"{name}.py").write_text(RIGHT)
    before = _listed(folder)
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *COMMAND, "--isolation", "basic"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    names = {p.name: e.name for e in entries(folder / "class", modules()) for p in e.paths}
    results = {
        file: json.loads((folder / "out" / "results" / f"{name}.json").read_text("utf-8"))
        for file, name in names.items()
    }
    with (folder / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Graded(results, len(rows), done.stdout + done.stderr, (before, _listed(folder)))


def _listed(folder: Path) -> list[str]:
    files = [path for path in (folder / "class").rglob("*") if path.is_file()]
    return sorted(f"{path.name!r} {path.stat().st_size}" for path in files)


def test_every_entry_is_its_own() -> None:
    """At least 70 entries, with a name and a mechanism of their own."""
    assert len(ODD) >= 70
    assert len({one.name for one in ODD}) == len({one.why for one in ODD}) == len(ODD)


def marks(result: Mapping[str, Any]) -> float:
    """Return the points of a result."""
    return sum(exercise["score"] or 0 for exercise in result["exercises"])


def test_honest_submissions_have_their_marks(graded: Graded) -> None:
    """None of the others costs them anything, and every entry has a row of its own."""
    assert [marks(graded.results[f"{name}.py"]) for name in HONEST] == [MARKS] * len(HONEST)
    assert graded.rows == len(graded.results) == len(ODD) + len(HONEST)


@pytest.mark.parametrize("one", ODD, ids=lambda one: one.why)
def test_what_is_odd_is_graded_or_told(one: Odd, graded: Graded) -> None:
    """It has its marks, or a line says why it has not; it is never the grader's own fault."""
    result = graded.results[os.fsdecode(one.name)]
    assert marks(result) == MARKS if one.marks else marks(result) <= MARKS
    for exercise in result["exercises"]:
        assert exercise["status"] in ("pass", "fail", "blocked", "not_attempted", "unreadable")
        assert exercise["status"] == "pass" or exercise["message"]
        assert exercise["message"].replace("\n", "").isprintable()


def test_nothing_is_lost_and_nothing_raises(graded: Graded) -> None:
    """The class is as it was, and what was printed has no traceback and no raw characters."""
    before, after = graded.files
    assert after == before
    assert "Traceback" not in graded.printed
    assert graded.printed.replace("\n", "").isprintable()
