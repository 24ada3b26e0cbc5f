"""Hostile archives are refused in one line that names the entry; look-alikes are read."""

from __future__ import annotations

import random
import re
import tracemalloc
import unicodedata
from pathlib import Path

import pytest

from autograder.batch.intake import read, submissions
from autograder.inside.errors import UserError
from autograder.inside.submission import WHOLE, Submission
from autograder.inside.words import printable
from autograder.student.update import update

from .archives import ARCHIVES, MODULE, TEXT, Hostile, member, tarred, zipped

MODULES = ("m06_model", "m08_manual_training")
MEMORY = 64 * 2**20

each = pytest.mark.parametrize("hostile", ARCHIVES, ids=lambda hostile: hostile.name)


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder, with its content."""
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


def texts(submission: Submission) -> dict[str, str]:
    """Return what was read of a submission."""
    assert submission.problem is None
    return {name: source.text for name, source in submission.sources.items()}


def test_every_archive_is_its_own() -> None:
    """At least 28 archives with different names and mechanisms."""
    assert len(ARCHIVES) >= 28
    assert len({hostile.name for hostile in ARCHIVES}) == len(ARCHIVES)
    assert len({hostile.why for hostile in ARCHIVES}) == len(ARCHIVES)


@each
def test_a_hostile_archive_is_refused_in_one_line(
    hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line names the entry, can be shown, and nothing is written anywhere."""
    folder = tmp_path / "class" / "in" / "here"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    path = hostile.write(folder)
    before = tree(tmp_path)
    submission = read(path, MODULES)
    assert submission.problem is not None, hostile.why
    assert re.search(hostile.told, submission.problem), submission.problem
    assert submission.problem.isprintable()
    assert len(submission.problem) < 400
    assert submission.sources == {}
    assert tree(tmp_path) == before
    assert not Path("/etc/m06_model.py").exists()


@each
def test_a_hostile_archive_is_no_release(hostile: Hostile, tmp_path: Path) -> None:
    """`descent update` refuses it in a line, before anything is written."""
    exercises = tmp_path / "copy" / "exercises"
    (exercises / "cases").mkdir(parents=True)
    path = hostile.write(tmp_path)
    before = tree(tmp_path)
    with pytest.raises(UserError, match=r"is no release of exercises \(") as refused:
        list(update(exercises, path))
    assert printable(str(refused.value)) == str(refused.value)
    assert tree(tmp_path) == before


@each
def test_a_refusal_costs_little(hostile: Hostile, tmp_path: Path) -> None:
    """A bomb is not unpacked: no memory is spent on it."""
    path = hostile.write(tmp_path)
    read(path, MODULES)  # imports and caches
    read(path, MODULES)
    tracemalloc.start()
    try:
        read(path, MODULES)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "name",
    [
        "a..b/m06_model.py",
        "work../m06_model.py",
        ".../m06_model.py",
        "./m06_model.py",
        "work/./m06_model.py",
        "work//m06_model.py",
        "work\\exercises\\m06_model.py",
        "C/m06_model.py",
        "my homework (1)/m06_model.py",
        "etc/passwd/m06_model.py",
        "Übung 3/m06_model.py",
        unicodedata.normalize("NFD", "Übung 3/m06_model.py"),
        "宿題　三/m06_model.py",
        "%2e%2e/m06_model.py",
        "~/m06_model.py",
        "M06_Model.PY",
        "a/" * 30 + MODULE,
    ],
)
def test_a_name_that_only_looks_hostile_is_read(name: str, tmp_path: Path) -> None:
    """Dots, colons and accents in names are a student's own business."""
    path = tmp_path / "student.zip"
    path.write_bytes(zipped([name]))
    assert texts(read(path, MODULES)) == {"m06_model": TEXT.decode()}


@pytest.mark.parametrize(
    "names",
    [
        ("__MACOSX/._m06_model.py", "__MACOSX/m06_model.py", ".DS_Store", "work/.DS_Store"),
        ("Thumbs.db", "desktop.ini", "work/Thumbs.db", "Desktop.ini"),
        ("Icon\r", "__MACOSX/._Icon\r"),
        ("conftest.py", "torch.py", "sitecustomize.py", "__init__.py", ".git/hooks/a.py"),
        ("README.txt", "notes:10-30.txt", "photo.JPG", "other/README.txt", "homework.zip"),
        (".ipynb_checkpoints/m06_model-checkpoint.py", "__pycache__/m06_model.cpython-311.pyc"),
        ("Work/a.txt", "work/b.txt"),
        ("\u202egnp.py", "a\u200db.txt"),
    ],
)
def test_what_else_students_pack_is_passed_over(names: tuple[str, ...], tmp_path: Path) -> None:
    """Files of macOS, Windows and editors are neither read nor a reason to refuse."""
    path = tmp_path / "student.zip"
    path.write_bytes(zipped([*names, MODULE]))
    assert texts(read(path, MODULES)) == {"m06_model": TEXT.decode()}


def test_text_before_and_after_a_zip_is_no_harm(tmp_path: Path) -> None:
    """A program that unpacks itself, and a comment at the end, leave the zip readable."""
    path = tmp_path / "student.zip"
    path.write_bytes(b"MZ" + bytes(500) + zipped([MODULE]))
    assert texts(read(path, MODULES)) == {"m06_model": TEXT.decode()}


def test_a_damaged_archive_is_refused_or_read_as_it_was(tmp_path: Path) -> None:
    """Of 1,000 archives with damaged bytes, none is read as another text, and none raises."""
    whole, draw = zipped(["README.txt", MODULE]), random.Random(6)
    path = tmp_path / "student.zip"
    refused = 0
    for _ in range(1_000):
        content = bytearray(whole)
        for _ in range(draw.randint(1, 3)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        path.write_bytes(content[: draw.choice([len(content), draw.randrange(len(content))])])
        submission = read(path, MODULES)
        if submission.problem is None:
            assert {source.text for source in submission.sources.values()} == {TEXT.decode()}
            assert submission.sources.keys() <= {"m06_model", WHOLE}
        else:
            refused += 1
            assert submission.problem.isprintable()
    assert refused > 300


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_a_damaged_tar_is_refused_or_read_as_it_was(ending: str, tmp_path: Path) -> None:
    """Of 200 tars of a kind with damaged bytes none raises, none is read as another text where it
    has checksums of its texts, and nothing is written beside it."""
    mode = {"tar": "w", "tar.gz": "w:gz", "tar.bz2": "w:bz2", "tar.xz": "w:xz"}[ending]
    whole, draw = tarred(member("README.txt"), member(MODULE), mode=mode), random.Random(ending)
    path = tmp_path / f"student.{ending}"
    refused = 0
    for _ in range(200):
        content = bytearray(whole)
        for _ in range(draw.randint(1, 3)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        path.write_bytes(content[: draw.choice([len(content), draw.randrange(len(content))])])
        submission = read(path, MODULES)
        assert submission.fault is None
        assert [*tmp_path.iterdir()] == [path]
        if submission.problem is not None:
            refused += 1
            assert submission.problem.isprintable()
        elif ending in ("tar.bz2", "tar.xz"):
            assert {source.text for source in submission.sources.values()} == {TEXT.decode()}
    assert refused > 60


def test_a_class_goes_on_after_a_hostile_archive(tmp_path: Path) -> None:
    """Every archive is one submission with a problem, and the honest one among them is read."""
    for hostile in ARCHIVES[:30]:
        hostile.write(tmp_path).rename(tmp_path / f"{hostile.name}.zip")
    (tmp_path / "honest.zip").write_bytes(zipped([MODULE]))
    found = {submission.name: submission.problem for submission in submissions(tmp_path, MODULES)}
    assert [name for name, problem in found.items() if problem is None] == ["honest"]
    assert len(found) == 31
