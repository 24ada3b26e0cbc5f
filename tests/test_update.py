"""`descent update`: a newer release arrives, and what the student wrote stays."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from autograder.inside import ROOT
from autograder.inside.errors import UserError
from autograder.judging.public import read_tasks
from autograder.student.update import update
from data.example_class import solutions

from .samples import released, unpacked
from .test_progress import definition

M06 = solutions()["m06_model.py"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A student's copy of m06, in which mse is written."""
    (tmp_path / "old.zip").write_bytes(released("m06_model"))
    copy = unpacked("m06_model", tmp_path)
    path = copy / "exercises" / "m06_model.py"
    stub, own = (definition(text, "mse") for text in (path.read_text("utf-8"), M06))
    path.write_text(path.read_text("utf-8").replace(str(stub), str(own)), "utf-8")
    return copy


def newer(target: Path) -> Path:
    """Write a release of m07, m06 with it, in which the tasks of mse and model have changed."""
    with (
        zipfile.ZipFile(io.BytesIO(released("m07_gradients"))) as first,
        zipfile.ZipFile(target, "w") as second,
    ):
        for name in first.namelist():
            content = first.read(name)
            if "exercises/" in name and "m06" in name:
                text = content.decode("utf-8")
                for sentence in (
                    "Return the mean squared error",
                    "Return a linear model's predictions",
                ):
                    assert sentence in text
                    text = text.replace(sentence, f"Now: {sentence}")
                content = text.encode("utf-8")
            second.writestr(name, content)
    return target


def test_new_stubs_come_and_written_ones_stay(copy: Path, tmp_path: Path) -> None:
    """An untouched stub is replaced, a new module arrives, and the student's mse is as it was."""
    exercises = copy / "exercises"
    before = (exercises / "m06_model.py").read_text("utf-8")
    told = list(update(exercises, newer(tmp_path / "new.zip")))
    text = (exercises / "m06_model.py").read_text("utf-8")
    assert definition(text, "mse") == definition(M06, "mse")
    assert "Now: Return a linear model's" in str(definition(text, "model"))
    assert told == [
        "m06_model.py: the task of mse has changed; yours stays (reset shows it)",
        "up to date with new.zip",
    ]
    assert (exercises / "m07_gradients.py").exists()
    assert (
        "Now: "
        in json.loads((exercises / "cases/m06_model.json").read_text())["exercises"]["mse"][
            "stubs"
        ]["mse"]
    )
    assert set(read_tasks(exercises)) > {"make_params", "recover_params", "linreg_grads"}
    (aside,) = (copy / ".progress" / "aside").glob("*.py")
    assert aside.read_text("utf-8") == before
    assert list(update(exercises, tmp_path / "new.zip")) == ["up to date with new.zip"]


def test_a_lost_stub_comes_back(copy: Path, tmp_path: Path) -> None:
    """An exercise that is not in the file is added at its end."""
    path = copy / "exercises" / "m06_model.py"
    path.write_text("# mine\n", "utf-8")
    told = list(update(copy / "exercises", tmp_path / "old.zip"))
    assert "m06_model.py: mse is new" in told
    text = path.read_text("utf-8")
    assert text.startswith("# mine\n")
    assert definition(text, "recover_params")


def test_a_zip_that_macos_has_packed_again_is_a_release(copy: Path, tmp_path: Path) -> None:
    """Its own files are passed over, whatever the folder is called now; no other is."""
    again = tmp_path / "graded-descent-m07_gradients 2.zip"
    with (
        zipfile.ZipFile(newer(tmp_path / "new.zip")) as first,
        zipfile.ZipFile(again, "w") as packed,
    ):
        top = "graded-descent-m07_gradients 2"
        for name in first.namelist():
            own = name.replace("graded-descent-m07_gradients", top)
            packed.writestr(own, first.read(name))
            if not name.endswith("/"):
                folder, _, file = own.rpartition("/")
                packed.writestr(f"__MACOSX/{folder}/._{file}", b"\0\5\x16\7")
        for name in (".DS_Store", "exercises/.DS_Store", "._README.md", "exercises/cases/._x.json"):
            packed.writestr(f"{top}/{name}", b"\0")
    assert list(update(copy / "exercises", again))[-1] == f"up to date with {again.name}"
    assert (copy / "exercises" / "m07_gradients.py").exists()
    assert [path for path in copy.rglob("*") if path.name.startswith((".DS", "._", "__MAC"))] == []
    with zipfile.ZipFile(again, "a") as more:
        more.writestr(f"{top}/.progress/progress.json", "{}")
    with pytest.raises(UserError, match=r"\(.progress/progress.json is none of its files\)"):
        list(update(copy / "exercises", again))


@pytest.mark.parametrize("name", ["../evil.py", "/etc/x", "exercises/../../x", "torch.py"])
def test_what_is_no_release_is_refused(copy: Path, tmp_path: Path, name: str) -> None:
    """A zip with other files in it changes nothing, and the line names one."""
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("exercises/cases/m06_model.json", "{}")
        archive.writestr(name, "x")
    with pytest.raises(UserError, match=rf"bad.zip is no release of exercises \({name} "):
        list(update(copy / "exercises", tmp_path / "bad.zip"))
    (tmp_path / "no.zip").write_text("no zip")
    for missing, told in (("no.zip", "is no release"), ("absent.zip", "cannot be read: No such")):
        with pytest.raises(UserError, match=f"{missing} {told}"):
            list(update(copy / "exercises", tmp_path / missing))


def test_a_teachers_copy_is_left_alone(tmp_path: Path) -> None:
    """Beside the teacher's side nothing is replaced."""
    with pytest.raises(UserError, match="is a teacher's copy"):
        list(update(ROOT / "exercises", tmp_path / "any.zip"))
