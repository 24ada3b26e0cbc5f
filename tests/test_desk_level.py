"""At the desk a student meets what a grader's cell does not allow."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cells import isolation, room
from autograder.student import desk

from .samples import MODEL, MSE, unpacked
from .test_student_door import copy_of

# What is honest at home and refused in a cell, each in a line of its own.
REFUSED = """\
import multiprocessing, socket, sqlite3, torch
list(torch.utils.data.DataLoader([1, 2, 3], num_workers=2))
lock = multiprocessing.Lock()
sqlite3.connect("log.db").execute("create table log (x)")
door = socket.socket()
"""
READS = """
def model(x, w, b):
    print("rows", len(open("data/crop_yield.csv").readlines()))
    open("own.txt", "w").write("kept")
    assert open("own.txt").read() == "kept"
    return x @ w.t() + b
"""
REFUSING = """
from autograder.inside import kernel
def landlock(*places):
    raise PermissionError(1, "Operation not permitted")
kernel.landlock = landlock
"""
HERE = pytest.mark.skipif(bool(isolation.lacking("container")), reason="no such level here")


def desk_of(folder: Path, text: str, *options: str) -> str:
    """Return the screen of `pytest exercises/` in a student's copy, wrapped lines joined."""
    copy = unpacked("m06_model", folder)
    (copy / "exercises/m06_model.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "exercises/", "-k", "model or mse", *options],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": f"{copy}:{folder}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return re.sub(r"\n {6}(?=\S)", " ", done.stdout + done.stderr)


@HERE
def test_what_a_cell_refuses_is_told_at_the_desk(tmp_path: Path) -> None:
    """Workers, locks, databases and sockets at the top of a file are passed over, with a line; in a
    function they fail it."""
    mse = "def mse(pred, target):\n    list(torch.utils.data.DataLoader([1], num_workers=2))\n"
    screen = desk_of(tmp_path, REFUSED + MODEL + mse)
    for line in (2, 4, 5):  # the third is told with the second: it is refused by the same words
        assert f"exercises/m06_model.py, line {line} does not run and is passed over" in screen
    assert re.search(r"PermissionError: .*no processes: set num_workers=0.*DataLoader", screen)
    assert "(and 1 more like it)" in screen
    assert re.search(r"FAIL  mse .*mse raised .*no processes", screen)
    assert "DONE  1 of 5" in screen


@HERE
def test_own_files_the_tables_and_prints_stay(tmp_path: Path) -> None:
    """What a cell allows works at the desk: the tables, files of one's own, and -s."""
    screen = desk_of(tmp_path, READS + MSE, "-s")
    assert "rows 6" in screen
    assert "NOTE  own.txt was written while your code was judged" in screen
    assert screen.count("own.txt") == 1
    assert "cpuinfo" not in screen
    assert "DONE  2 of 5" in screen


@HERE
def test_a_system_that_refuses_is_no_students_trouble(tmp_path: Path) -> None:
    """Where Landlock is there and cannot be used, everything runs as before, without a word."""
    (tmp_path / "sitecustomize.py").write_text(REFUSING)
    screen = desk_of(tmp_path, REFUSED + MODEL + MSE)
    assert "DONE  2 of 5" in screen
    assert "passed over" not in screen


def test_helpers_that_are_left_out_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the exercises the desk reads as many files as the grader, and says so."""
    monkeypatch.setattr("autograder.cells.beside.MAX_HELPERS", 1)
    copy = copy_of(tmp_path, {"m06_model.py": "import help1, help2\n" + MODEL})
    for number in (1, 2):
        (copy / "exercises" / f"help{number}.py").touch()
    with contextlib.closing(desk.Desk(copy / "exercises")) as own:
        (note,) = (note for note in own.verdict("model").notes if "too much" in note)
    assert "help2.py is too much code beside the exercises: at most 1 files" in note


def test_what_cells_could_not_import_is_not_shut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where torch lies elsewhere than a cell may read, and where the level lacks something, the
    desk has none."""
    monkeypatch.setattr(isolation, "lacking", lambda level: "")
    assert desk._level() == "container"
    monkeypatch.setattr(room, "of_python", lambda: ["/usr/lib"])
    assert desk._level() == "basic"
    monkeypatch.undo()
    monkeypatch.setattr(isolation, "lacking", lambda level: "Landlock")
    assert desk._level() == "basic"
