"""Marks where the kit itself was changed: broken, or changed between two runs."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.inside import ROOT

from .samples import MODEL, MSE


@dataclass(frozen=True)
class Kit:
    """A copy of the kit that may be changed, with a class in it."""

    folder: Path

    def change(self, file: str, old: str, new: str) -> None:
        """Replace a text in a file of the kit."""
        text = (self.folder / file).read_text("utf-8")
        assert old in text
        (self.folder / file).write_text(text.replace(old, new), "utf-8")

    def grade(self, name: str, code: str) -> subprocess.CompletedProcess[str]:
        """Grade a class of one submission into the folder `out`."""
        (self.folder / f"class of {name}").mkdir(exist_ok=True)
        (self.folder / f"class of {name}" / f"{name}.py").write_text(code, "utf-8")
        options = ["--out", "out", "--assignment", "m06_model", "--isolation", "basic"]
        return subprocess.run(
            [sys.executable, "-m", "autograder", "grade", f"class of {name}", *options],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([".", "solutions"])},
            capture_output=True,
            text=True,
            check=False,
        )

    def rows(self, file: str) -> list[dict[str, str]]:
        """Return the rows of a table in the folder `out`."""
        with (self.folder / "out" / file).open(encoding="utf-8", newline="") as table:
            return list(csv.DictReader(table))


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    """A copy of the kit."""
    for part in ("autograder", "solutions", "data"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return Kit(tmp_path)


@pytest.mark.parametrize(
    ("right", "typo", "line"),
    [
        ('"loss": loss,', '"loss": loss.sun(),', "AttributeError: 'Tensor' object has no"),
        ("_refusal(lambda: impl.mse(pred", "_refusal(lambda: impl.mze(pred", "mze is not"),
    ],
    ids=["in the open", "inside a call that should be refused"],
)
def test_a_probe_that_breaks_stops_the_run_before_the_first_mark(
    kit: Kit, right: str, typo: str, line: str
) -> None:
    """A typo in a probe breaks reference and submissions alike: nobody gets a mark from that."""
    kit.change("autograder/inside/probes/m06_model/m06_3_mse.py", right, typo)
    done = kit.grade("student-01", "def mse(pred, target):\n    return 42.0\n")
    assert done.returncode == 2
    assert re.match(
        r"descent: autograder/inside/probes/m06_model/m06_3_mse\.py:\d+: the probe \w+ of mse "
        rf"stops at the reference on {{'seed': \d+.*{re.escape(line)}.*mend the probe",
        done.stderr,
    )
    assert done.stderr.count("\n") == 1
    assert not (kit.folder / "out" / "grades.csv").exists()
    assert list((kit.folder / "out" / "results").iterdir()) == []


def test_a_given_that_breaks_is_one_line_too(kit: Kit) -> None:
    """What stops outside of the kit's own probes and references is told all the same."""
    kit.change("autograder/inside/observe.py", "given = Given(spec)", "given = int('given')")
    done = kit.grade("student-01", MODEL + MSE)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "stops at the reference" in done.stderr


def test_a_kit_without_givens_is_one_line(kit: Kit) -> None:
    """An exercise without its table of givens cannot be judged; the file is named."""
    kit.change("autograder/course/m06_model/m06_3_mse.toml", "[givens.", "[gone.")
    done = kit.grade("student-01", MODEL + MSE)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "course/m06_model/m06_3_mse.toml has no givens: the kit is damaged" in done.stderr


def test_all_rows_of_the_grades_are_by_one_version_of_the_checks(kit: Kit) -> None:
    """After a change of points, and of a table, who was graded before is judged again."""
    assert kit.grade("student-01", MODEL + MSE).returncode == 0
    kit.change("autograder/course/m06_model/m06_3_mse.toml", "points = 2\n", "points = 4\n")
    assert kit.grade("student-02", MODEL + MSE + "# late\n").returncode == 0
    rows = kit.rows("grades.csv")
    assert [(row["submission"], row["mse"]) for row in rows] == [
        ("student-01", "4"),
        ("student-02", "4"),
    ]
    assert len({(row["total"], row["max"]) for row in rows}) == 1
    moved = [(row["submission"], row["why"]) for row in kit.rows("moved.csv")]
    assert set(moved) == {("student-01", "the exercise's checks changed")}
    kit.change("data/crop_yield.csv", "Kanto,73,", "Kanto,74,")
    assert "known:" not in kit.grade("student-02", MODEL + MSE + "# late\n").stdout
