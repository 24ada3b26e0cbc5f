"""`descent grade` for the second time and later: what is kept, what is told, what is taken out."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from autograder.cli import main

from .samples import MODEL, MSE

pytestmark = pytest.mark.usefixtures("shared_cells")
MOODLE = "Anna-Lena Müller-Lüdenscheidt von Hohenstein_1234567 of a very long seminar"
OPTIONS = ["--assignment", "m06_model", "--isolation", "basic", "--workers", "1"]
CPU = ["--device", "cpu"]


def grade(folder: Path, *options: str) -> int:
    """Grade what is in `class` into `out`."""
    command = ["grade", str(folder / "class"), "--out", str(folder / "out"), *OPTIONS]
    return main([*command, *(options or CPU), *(CPU if "--device" not in options else [])])


def rows(folder: Path, file: str) -> dict[str, dict[str, str]]:
    """Return the last row of each submission in a table of `out`."""
    with (folder / "out" / file).open(encoding="utf-8", newline="") as table:
        return {row["submission"]: row for row in csv.DictReader(table)}


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, shared_cells: None) -> Path:
    """A class of three, after a first run, and one in which student-01 handed in something worse:
    the best counts."""
    folder = tmp_path_factory.mktemp("twice")
    (folder / "class").mkdir()
    (folder / "class" / "student-01.py").write_text(MODEL + MSE)
    (folder / "class" / f"{MOODLE}.py").write_text(MODEL + MSE + "# mine\n")
    (folder / "class" / "student-03.rar").write_bytes(b"Rar!")
    assert grade(folder, "--counts", "best") == 0
    (folder / "class" / "student-01.py").write_text(MODEL)
    assert grade(folder) == 0
    return folder


@pytest.fixture
def folder(twice: Path, tmp_path: Path) -> Path:
    """A copy of that class and its marks."""
    shutil.copytree(twice, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_a_plain_run_counts_as_the_last_one_did(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody's marks move since an option was left out."""
    assert rows(folder, "grades.csv")["student-01"]["mse"] == "2"
    assert grade(folder) == 0
    assert rows(folder, "grades.csv")["student-01"]["mse"] == "2"
    printed = capsys.readouterr().out
    assert "counts:  best, as in the last run" in printed
    assert (
        "known:   15 verdicts, of earlier runs, or of the same work under another name" in printed
    )


def test_what_cannot_be_read_and_does_not_count_is_told(folder: Path) -> None:
    """Where the best counts, a last submission that is damaged leaves the mark, but no silence."""
    (folder / "class" / "student-01.py").unlink()
    (folder / "class" / "student-01.rar").write_bytes(b"Rar!")
    for _ in range(2):
        assert grade(folder) == 0
        assert rows(folder, "grades.csv")["student-01"]["mse"] == "2"
        told = "an earlier submission counts, the last one is unreadable: student-01.rar cannot be"
        assert rows(folder, "needs_attention.csv")["student-01"]["what"].startswith(told)


def test_another_policy_holds_for_every_name_and_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also for one that is not handed in again; from then on it holds without the option."""
    (folder / "class" / "student-01.py").unlink()
    assert grade(folder, "--counts", "latest") == 0
    told = "counts:  latest from now on, for every name; until now best"
    assert told in capsys.readouterr().out
    assert rows(folder, "grades.csv")["student-01"]["mse"] == "0"
    assert rows(folder, "moved.csv")["student-01"]["why"] == "another submission counts"
    assert grade(folder) == 0
    assert "counts:" not in capsys.readouterr().out
    assert rows(folder, "grades.csv")["student-01"]["mse"] == "0"


def test_a_run_in_which_nothing_moves_keeps_what_moved_before(folder: Path) -> None:
    """The same command twice does not empty moved.csv."""
    assert grade(folder, "--counts", "latest") == 0
    before = (folder / "out" / "moved.csv").read_text()
    assert "student-01" in before
    assert grade(folder, "--counts", "latest") == 0
    assert (folder / "out" / "moved.csv").read_text() == before


def test_whoever_has_withdrawn_is_told_and_can_be_forgotten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that is not handed in any more stays, with a line that says how to take it out; one
    that is still handed in comes back, which is told."""
    (folder / "class" / "student-01.py").unlink()
    assert grade(folder) == 0
    printed = capsys.readouterr().out
    assert (
        "earlier: 1 more in grades.csv, handed in for earlier runs:\n         student-01" in printed
    )
    assert "--forget NAME" in printed
    assert grade(folder, "--forget", "student-01") == 0
    assert set(rows(folder, "grades.csv")) == {MOODLE, "student-03"}
    assert not (folder / "out" / "results" / "student-01.json").exists()
    assert "student-01" not in capsys.readouterr().out
    assert grade(folder, "--forget", "student-01") == 2
    assert "ledger.sqlite has no marks of 'student-01'" in capsys.readouterr().err
    assert grade(folder, "--forget", "student-03") == 0
    assert "forget:  student-03 is still handed in, and was graded anew" in capsys.readouterr().out


@pytest.mark.parametrize("width", [30, 80, 200])
def test_the_table_cuts_no_name_no_score_and_no_reason(
    folder: Path, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is too wide is folded; on a wide screen nothing has to be."""
    monkeypatch.setenv("COLUMNS", str(width))
    assert grade(folder) == 0
    lines = capsys.readouterr().out.splitlines()
    table = lines[: next(n for n, line in enumerate(lines) if line.startswith("grades:"))]
    header = next(line for line in table if "score" in line)
    score, reason = header.index("score") - 6, header.index("first")
    names = "".join(line[:score].replace(" ", "") for line in table)
    assert MOODLE.replace(" ", "") in names
    assert "student-03" in names
    why = " ".join(" ".join(line[reason:].split()) for line in table)
    assert (
        "student-03.rar cannot be opened here: hand in a folder, a .zip, a .py or an .ipynb"
        in " ".join(why.split())
    )
    assert sum("3/9" in line or "unreadable" in line for line in table) == 3
    assert (width == 200) == any(MOODLE in line for line in table)


def test_a_run_ends_with_the_first_ten_to_look_at(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line each; the rest is counted, and needs_attention.csv has them all."""
    for number in range(4, 16):
        (folder / "class" / f"student-{number:02}.7z").write_bytes(b"7z")
    assert grade(folder) == 0
    listed = capsys.readouterr().out.partition("to look at: ")[2].splitlines()
    assert listed[0] == f"13 submissions, {folder / 'out' / 'needs_attention.csv'}"
    assert listed[1].startswith(
        "  student-03: unreadable: student-03.rar cannot be opened here: hand in"
    )
    assert (len(listed), listed[-1]) == (12, "  and 3 more")
    assert len(rows(folder, "needs_attention.csv")) == 13


def test_a_note_on_what_was_chosen_is_to_be_looked_at(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What intake guessed is in the list, in the table of matters and in the result."""
    work = folder / "class" / "student-01"
    work.mkdir()
    (folder / "class" / "student-01.py").rename(work / "m06_model.py")
    (work / "old").mkdir()
    (work / "old" / "m06_model.py").write_text("def mse(pred, target):\n    return 0\n")
    assert grade(folder, "--counts", "latest") == 0
    note = "m06_model is read from m06_model.py; passed over: old/m06_model.py"
    matter = rows(folder, "needs_attention.csv")["student-01"]
    result = json.loads((folder / "out" / "results" / "student-01.json").read_text("utf-8"))
    assert (matter["what"], result["notes"]) == (note, [note])
    assert f"  student-01: {note}" in capsys.readouterr().out


def test_cases_that_no_gpu_runs_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --device cuda and none here, the summary says how much was not run."""
    monkeypatch.setattr("autograder.teacher.grading.cuda_is_available", lambda: False)
    for path in (folder / "class").glob("*.py"):
        path.unlink()
    shutil.rmtree(folder / "out")
    assert grade(folder, "--device", "cuda") == 0
    told = capsys.readouterr().out
    assert "not run: 36 cases for CUDA of every submission, since there is no GPU here" in told


def test_a_number_of_workers_below_one_is_refused_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--workers -3 ends with status 2."""
    assert grade(folder, "--workers", "-3") == 2
    assert capsys.readouterr().err == "descent: --workers -3: the number has to be 1 or more\n"
