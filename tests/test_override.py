"""Marks by hand: they count in place of the grader's, and outlive every regrade."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main

from .samples import MODEL, MSE

HALF = MSE.replace(".mean()", ".mean() / 2")
WHY = "the idea is right"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade a right and a wrong submission, and one that cannot be read; return the folder."""
    folder = tmp_path_factory.mktemp("graded")
    (folder / "class").mkdir()
    (folder / "class" / "student-01.py").write_text(MODEL + MSE)
    (folder / "class" / "student-02.py").write_text(MODEL + HALF)
    (folder / "class" / "student-03.rar").write_bytes(b"Rar!")
    (folder / "week-3.toml").write_text('exercises = ["model", "mse"]\npoints = {model = 2}\n')
    grade(folder)
    return folder


@pytest.fixture
def folder(graded: Path, tmp_path: Path) -> Path:
    """A copy of the graded folder, for one test."""
    return Path(shutil.copytree(graded, tmp_path / "own"))


def grade(folder: Path, *options: str) -> None:
    """Run `descent grade` on the class in a folder."""
    out, chosen = str(folder / "out"), str(folder / "week-3.toml")
    main(["grade", str(folder / "class"), "--out", out, "--assignment", chosen, *options])


def override(folder: Path, *words: str) -> int:
    """Run `descent override`."""
    return main(["override", *words, "--why", WHY, "--by", "staff", "--out", str(folder / "out")])


def grades(folder: Path) -> dict[str, dict[str, str]]:
    """Return the rows of grades.csv by name."""
    return {row["submission"]: row for row in rows(folder / "out" / "grades.csv")}


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def result(folder: Path, name: str) -> dict[str, Any]:
    """Return the result of a name, by exercise."""
    told = json.loads((folder / "out" / "results" / f"{name}.json").read_text("utf-8"))
    return {entry["name"]: entry for entry in told["exercises"]} | {"whole": told}


def decided(folder: Path, name: str) -> set[str]:
    """Return the exercises of a name of which the ledger has a verdict."""
    asked = "SELECT exercise FROM verdict JOIN mark USING (digest, exercise) WHERE name = ?"
    with sqlite3.connect(folder / "out" / "ledger.sqlite") as base:
        return {exercise for (exercise,) in base.execute(asked, (name,))}


def test_a_mark_by_hand_counts_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In grades.csv, in the result with who and why beside what was judged, and in moved.csv."""
    before = grades(folder)["student-02"]
    assert (before["mse"], before["total"], before["max"]) == ("0", "2", "4")
    assert override(folder, "student-02", "mse", "1.5") == 0
    assert "student-02  mse: 0/2 (fail) -> 1.5/2 (by hand)" in capsys.readouterr().out
    after = grades(folder)["student-02"]
    assert (after["mse"], after["total"], after["max"]) == ("1.5", "3.5", "4")
    told = result(folder, "student-02")
    given = told["mse"]["by_hand"]
    assert (given["who"], given["why"]) == ("staff", WHY)
    assert given["judged"] == {"status": "fail", "score": 0.0}
    assert told["whole"]["score"] == 3.5
    [moved] = rows(folder / "out" / "moved.csv")
    assert (moved["exercise"], moved["status"], moved["score"]) == ("mse", "by_hand", "1.5")
    assert moved["why"] == f"by hand, staff: {WHY}"


def test_a_mark_by_hand_outlives_regrades_and_new_work(folder: Path) -> None:
    """It is about the student's exercise, not about one submission of it."""
    override(folder, "student-02", "mse", "1.5")
    grade(folder, "--again")
    assert grades(folder)["student-02"]["mse"] == "1.5"
    (folder / "class" / "student-02.py").write_text(MODEL)
    grade(folder)
    assert grades(folder)["student-02"]["mse"] == "1.5"
    assert result(folder, "student-02")["mse"]["by_hand"]["judged"]["score"] == 0.0


def test_the_table_of_a_run_has_the_mark_by_hand(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The teacher's screen and grades.csv say the same."""
    override(folder, "student-02", "mse", "1.5")
    capsys.readouterr()
    grade(folder)
    assert "3.5/4" in capsys.readouterr().out


def test_what_is_excused_is_no_part_of_the_maximum(folder: Path) -> None:
    """One exercise, or all of them: then the total is the word."""
    override(folder, "student-02", "mse", "--excused")
    row = grades(folder)["student-02"]
    assert (row["mse"], row["total"], row["max"]) == ("excused", "2", "2")
    assert result(folder, "student-02")["whole"]["max_score"] == 2
    override(folder, "student-01", "--excused")
    row = grades(folder)["student-01"]
    assert (row["model"], row["total"], row["max"]) == ("excused", "excused", "0")


def test_a_mark_by_hand_stands_where_nothing_could_be_read(folder: Path) -> None:
    """Whoever opens the archive by hand gives the marks."""
    for name in ("model", "mse"):
        override(folder, "student-03", name, "2")
    assert grades(folder)["student-03"]["total"] == "4"
    grade(folder)
    assert grades(folder)["student-03"]["total"] == "4"


def test_regrade_gives_the_exercise_back_to_the_grader(folder: Path) -> None:
    """At once with what was judged before, and judged anew at the next run."""
    override(folder, "student-02", "mse", "2")
    override(folder, "student-02", "mse", "--regrade")
    assert grades(folder)["student-02"]["mse"] == "0"
    assert decided(folder, "student-02") == {"model"}
    (folder / "class" / "student-02.py").unlink()
    grade(folder)
    told = result(folder, "student-02")["mse"]
    assert (told["status"], told["by_hand"]) == ("fail", None)
    assert decided(folder, "student-02") == {"model", "mse"}
    with sqlite3.connect(folder / "out" / "ledger.sqlite") as base:
        [count] = base.execute("SELECT count(*) FROM override").fetchone()
    assert count == 2


def test_a_damaged_mark_by_hand_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody else knows it, so it cannot be made again."""
    override(folder, "student-02", "mse", "2")
    with sqlite3.connect(folder / "out" / "ledger.sqlite") as base:
        base.create_function("checksum", -1, lambda *values: b"", deterministic=True)
        base.execute("UPDATE override SET content = replace(content, '2.0', '1.0')")
    capsys.readouterr()
    grade(folder)
    assert "damaged: 1 mark by hand of the ledger" in capsys.readouterr().out
    assert grades(folder)["student-02"]["mse"] == "0"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("student-20", "mse", "1"), "has no marks of 'student-20': did you mean student-0"),
        (("student-02", "mes", "1"), "'mes' is no exercise of this assignment: did you mean mse?"),
        (("student-02", "fit", "1"), "'fit' is no exercise of this assignment"),
        (("student-02", "mse", "2.5"), "mse has 2 points: 2.5 is not from 0 to 2"),
        (("student-02", "mse", "nan"), "mse has 2 points: nan is not from 0 to 2"),
        (("student-02", "mse", "-1"), "mse has 2 points: -1 is not from 0 to 2"),
    ],
)
def test_bad_input_is_a_line_and_changes_nothing(
    folder: Path, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line says what is wrong, and what there is."""
    before = grades(folder)
    assert override(folder, *words) == 2
    assert told in capsys.readouterr().err
    assert grades(folder) == before


def test_a_folder_without_marks_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is made where nothing was graded."""
    assert override(tmp_path, "student-01", "mse", "1") == 2
    assert "has no ledger.sqlite: give the --out" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
