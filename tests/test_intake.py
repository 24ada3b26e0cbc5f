"""Intake: submissions as students hand them in."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from autograder.batch.intake import read, submissions
from autograder.submission import WHOLE, Submission

MODULES = ("m06_model", "m08_manual_training")


def texts(submission: Submission) -> dict[str, str]:
    """Return the texts of a submission by source name."""
    assert submission.problem is None
    return {name: source.text for name, source in submission.sources.items()}


def zipped(path: Path, files: dict[str, str]) -> Path:
    """Write a zip of these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_a_folder_and_its_zip_are_the_same(tmp_path: Path) -> None:
    """Module files are found in a folder, in a nested one and in a zip; others are not read."""
    folder = tmp_path / "student-01"
    (folder / "work" / "exercises").mkdir(parents=True)
    (folder / "work" / "exercises" / "m06_model.py").write_text("a = 1\n")
    (folder / "work" / "notes.py").write_text("b = 2\n")
    files = {"work/exercises/m06_model.py": "a = 1\n", "__MACOSX/m06_model.py": "x", "notes.py": ""}
    archive = zipped(tmp_path / "student-02.zip", files)
    assert texts(read(folder, MODULES)) == {"m06_model": "a = 1\n"}
    assert texts(read(archive, MODULES)) == {"m06_model": "a = 1\n"}
    assert read(archive, MODULES).name == "student-02"


@pytest.mark.parametrize(
    "content", [b"a = 1\r\n", b"\xef\xbb\xbfa = 1\n", b"# -*- coding: latin-1 -*-\r\na = 1\n"]
)
def test_line_ends_bom_and_coding_lines_are_read_as_python_does(
    tmp_path: Path, content: bytes
) -> None:
    """The same text arrives, whatever editor wrote it."""
    (tmp_path / "student.py").write_bytes(content)
    text = texts(read(tmp_path / "student.py", MODULES))[WHOLE]
    assert text.endswith("a = 1\n")
    assert "\r" not in text
    assert "\ufeff" not in text


def test_latin_1_without_a_coding_line_is_still_read(tmp_path: Path) -> None:
    """An accent in a comment does not cost a student the marks."""
    (tmp_path / "student.py").write_bytes("# \u00e9t\u00e9\na = 1\n".encode("latin-1"))
    assert texts(read(tmp_path / "student.py", MODULES))[WHOLE] == "# \u00e9t\u00e9\na = 1\n"


def test_a_notebook_gives_its_code_cells(tmp_path: Path) -> None:
    """Code cells become code, text and shell commands become comments."""
    cells: list[dict[str, object]] = [
        {"cell_type": "markdown", "metadata": {}, "source": "def no(): the text"},
        {"cell_type": "code", "metadata": {}, "source": "!pip install x\n%time 1\na = 1"},
    ]
    cells[1] |= {"outputs": [], "execution_count": None}
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "student.ipynb").write_text(json.dumps(notebook))
    scope: dict[str, object] = {}
    exec(texts(read(tmp_path / "student.ipynb", MODULES))[WHOLE], scope)
    assert scope["a"] == 1


def test_a_folder_with_one_file_of_any_name_is_that_file(tmp_path: Path) -> None:
    """A lone script in a zip stands for all modules."""
    archive = zipped(tmp_path / "student.zip", {"my work.py": "a = 1\n"})
    assert texts(read(archive, MODULES)) == {WHOLE: "a = 1\n"}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("student.zip", b"no zip", "student.zip is no readable zip"),
        ("student.ipynb", b"{", "student.ipynb is no readable notebook"),
        ("student.ipynb", b"[]", "student.ipynb is no readable notebook"),
        ("student.ipynb", b'{"cells": 3}', "student.ipynb is no readable notebook"),
        ("student.py", b"#" * (3 * 2**20), "student.py is over 2 MiB"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    """A damaged file becomes a problem in one line."""
    (tmp_path / name).write_bytes(content)
    problem = read(tmp_path / name, MODULES).problem
    assert problem is not None
    assert told in problem
    assert "\n" not in problem


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "there is no .py or .ipynb file in it"),
        ({"a.py": "", "b.py": ""}, "none of its 2 files is named after a module"),
        (
            {"m06_model.py": "", "copy/m06_model.py": ""},
            "it has m06_model.py and copy/m06_model.py",
        ),
    ],
)
def test_a_choice_that_is_not_ours_is_not_guessed(
    tmp_path: Path, files: dict[str, str], told: str
) -> None:
    """Nothing, too much and twice the same are told, not guessed."""
    problem = read(zipped(tmp_path / "student.zip", files), MODULES).problem
    assert problem is not None
    assert told in problem


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link in a submission may not point at somebody else's file."""
    (tmp_path / "other.py").write_text("secret = 1\n")
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / "m06_model.py").symlink_to(tmp_path / "other.py")
    assert read(folder, MODULES).problem == "there is no .py or .ipynb file in it"
    (tmp_path / "link.py").symlink_to(tmp_path / "other.py")
    assert "link.py is a link" in str(read(tmp_path / "link.py", MODULES).problem)


def test_a_class_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    """Entries that are no submissions are passed over."""
    for name in ("b.py", "a.py", "notes.txt", ".hidden.py"):
        (tmp_path / name).write_text("")
    assert [submission.name for submission in submissions(tmp_path, MODULES)] == ["a", "b"]


def test_two_entries_of_one_name_are_both_kept(tmp_path: Path) -> None:
    """`a.py` beside `a.zip` keep their full names, so that no result is overwritten."""
    (tmp_path / "a.py").write_text("")
    zipped(tmp_path / "a.zip", {"m06_model.py": ""})
    assert [submission.name for submission in submissions(tmp_path, MODULES)] == ["a.py", "a.zip"]
