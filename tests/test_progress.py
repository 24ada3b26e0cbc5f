"""The student's memory: hints, first passes, resets; nothing of the student's is ever lost."""

from __future__ import annotations

import ast
import importlib
import json
import sys
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course import exercises, questions_of
from autograder.inside import ROOT
from autograder.inside.errors import INSTALL, UserError
from autograder.student import progress
from autograder.student.hints import hint
from autograder.student.progress import Progress
from autograder.student.reset import reset, with_stub
from data.example_class import solutions

from .at_desk import pytest_here
from .test_student_door import copy_of

pytestmark = pytest.mark.usefixtures("shared_cells")
STUBS = (ROOT / "exercises" / "m06_model.py").read_text(encoding="utf-8")
M06 = solutions()["m06_model.py"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The exercises of a fresh copy."""
    return copy_of(tmp_path, {}) / "exercises"


def test_hints_are_a_ladder_that_is_remembered(folder: Path) -> None:
    """Each call shows the next of three; a number shows that one; the last one stays."""
    shown = [hint(folder, "mse")[:7] for _ in range(4)]
    assert shown == ["1 of 3:", "2 of 3:", "3 of 3:", "3 of 3:"]
    assert hint(folder, "mse", 1).startswith("1 of 3:")
    assert progress.load(folder).hints == {"mse": 3}


def test_the_memory_is_readable_json(folder: Path) -> None:
    """What is written is what is read, and a person can read it, too."""
    known = Progress({"mse": 2}, {"mse": "2026-01-31"}, {"m06.a": "(3, 3)"}, {"paired-by-rows": 1})
    progress.save(folder, known)
    assert progress.load(folder) == known
    text = progress.progress_file(folder).read_text(encoding="utf-8")
    assert '\n "passed": {\n  "mse": "2026-01-31"\n },' in text


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"schema": 9}', '{"schema": 1, "hints": {"mse": "x"}}']
)
def test_a_damaged_memory_is_put_aside(
    folder: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is kept beside the new one, and one line says so."""
    path = progress.progress_file(folder)
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert progress.load(folder) == Progress()
    assert (
        "progress.json is damaged; it is kept as progress.damaged.json" in capsys.readouterr().out
    )
    assert path.with_suffix(".damaged.json").read_text(encoding="utf-8") == text


def test_a_memory_that_cannot_be_written_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hint is shown all the same."""
    progress.progress_file(folder).parent.write_text("a file in the way")
    assert hint(folder, "mse").startswith("1 of 3:")
    assert "cannot be read (Not a directory); nothing is remembered" in capsys.readouterr().out


def test_a_first_pass_is_told_once(tmp_path: Path) -> None:
    """Why it works and the questions it answers; the second run is silent about it."""
    folder = copy_of(tmp_path, {"m06_model.py": M06})
    first = pytest_here(folder, "exercises/", "-k", "mse and not dmse").stdout
    mse = exercises()["mse"]
    told = " ".join(first.split())
    assert mse.why in told
    for question in questions_of(mse)[:2]:
        assert f"ASKED {question.id}: {question.text}" in told
        assert question.answer in told
    assert "ASKED" not in pytest_here(folder, "exercises/", "-k", "mse and not dmse").stdout
    assert list(progress.load(folder / "exercises").passed) == ["mse"]


def test_the_references_are_named_where_they_are(tmp_path: Path) -> None:
    """A copy for self-study says where to compare."""
    folder = copy_of(tmp_path, {"m06_model.py": M06})
    (folder / "solutions").symlink_to(ROOT / "solutions")
    printed = pytest_here(folder, "exercises/", "-k", "mse and not dmse").stdout
    assert "SEE   solutions/m06_model.py, to compare" in printed


def test_reset_gives_the_stub_back_and_keeps_the_file(tmp_path: Path) -> None:
    """One exercise is a stub again, the others stay, and the old file lies aside."""
    folder = copy_of(tmp_path, {"m06_model.py": M06}) / "exercises"
    first, second = reset(folder, "mse"), reset(folder, "model")
    text = (folder / "m06_model.py").read_text(encoding="utf-8")
    assert definition(text, "mse") == definition(STUBS, "mse")
    assert definition(text, "model") == definition(STUBS, "model")
    assert definition(text, "recover_params") == definition(M06, "recover_params")
    for told in (first, second):
        assert Path(told.partition("lies in ")[2]).is_file()
    assert Path(first.partition("lies in ")[2]).read_text(encoding="utf-8") == M06


def definition(text: str, name: str) -> str | None:
    """Return the text of a definition."""
    (node,) = (
        n
        for n in ast.parse(text).body
        if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == name
    )
    return ast.get_source_segment(text, node)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\n\n\n@wraps\ndef f(a):\n    return a\n\n\ny = 2\n", "x = 1\n\n\nSTUB\n\n\ny = 2\n"),
        ("def f(a:\n    return a\n\n\ny = 2\n", "STUB\n\n\ny = 2\n"),
        (
            "@wraps\ndef f(\n    a,\n) -> int:\n    return (a\n\n\n# %%\ny = 2\n",
            "STUB\n\n\n# %%\ny = 2\n",
        ),
        ("def g():\n    pass\n", "def g():\n    pass\n\n\n# %%\nSTUB\n"),
        ("", "# %%\nSTUB\n"),
        ("def f2():\n    pass\ndef f(): (\n", "def f2():\n    pass\nSTUB\n"),
    ],
    ids=["plain", "broken", "broken over lines", "missing", "empty", "last and broken"],
)
def test_a_stub_takes_the_place_of_a_definition(text: str, expected: str) -> None:
    """Also in a file that is no valid Python, and in one that lost the definition."""
    assert with_stub(text, "f", "STUB") == expected


def test_a_folder_that_cannot_be_written_loses_nothing(folder: Path) -> None:
    """Where nothing can be kept aside, nothing is reset."""
    (folder.parent / ".progress").write_text("a file in the way")
    (folder / "m06_model.py").write_text(before := M06, encoding="utf-8")
    with pytest.raises(UserError, match=r"m06_model.py cannot be reset: "):
        reset(folder, "mse")
    assert (folder / "m06_model.py").read_text(encoding="utf-8") == before


def test_commands_find_the_exercises_from_anywhere_in_a_copy(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the copy, in exercises/ and below; elsewhere one line says where to go."""
    for place in (folder.parent, folder, folder / "cases"):
        monkeypatch.chdir(place)
        assert progress.exercises_folder() == folder
    assert main(["hint", "mse"]) == 0
    assert main(["hint", "no_such"]) == 2
    assert main(["hint", "mse", "4"]) == 2
    monkeypatch.chdir("/")
    assert main(["hint", "mse"]) == 2
    errors = capsys.readouterr().err
    assert "no exercise is called 'no_such'" in errors
    assert "mse has hints 1 to 3" in errors
    assert "no exercises in /: change to the folder that holds exercises/" in errors
    assert json.loads(progress.progress_file(folder).read_text())["hints"] == {"mse": 1}


def test_a_missing_package_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where torch or NumPy is not installed, a command says how to get it."""

    def broken(name: str) -> None:
        raise ModuleNotFoundError("No module named 'numpy'")

    monkeypatch.setattr(importlib, "import_module", broken)
    assert main(["hint", "mse"]) == 2
    assert capsys.readouterr().err == (
        f"descent: No module named 'numpy', as {sys.executable} says: {INSTALL}\n"
    )
