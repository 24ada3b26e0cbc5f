"""A student's copy: complete, and without an answer."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.answers.keys import GIVENS, cases
from autograder.course import assignment, exercises, read_toml
from autograder.inside import ROOT
from autograder.teacher.release import release, release_files, with_foundations


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """The files of a student's copy of everything."""
    return dict(release_files(assignment("core")))


# Lines that any PyTorch code has, and calls that a task names.
IDIOMS = {
    *("with torch.no_grad():", "for p in params:", "super().__init__()", "return layer"),
    *(
        "return result",
        "return None",
        "else:",
        "try:",
        "finally:",
        "return {",
        "opt.step()",
        "opt.zero_grad()",
    ),
}


def test_no_line_of_a_solution_or_a_mistake_travels(files: dict[str, str]) -> None:
    """No line of code of a solution or a mistake stands in a student's copy, but for idioms."""
    stubs = {
        line for name in files if name.startswith("exercises/m") for line in lines(files[name])
    }
    released = {
        line for name, text in files.items() if name.endswith(".py") for line in lines(text)
    }
    folders = (ROOT / "solutions", ROOT / "autograder" / "mistakes")
    leaked = {
        f"{path.name}: {line}"
        for folder in folders
        for path in folder.glob("m*.py")
        for line in lines(path.read_text("utf-8")) & released - stubs - IDIOMS
    }
    assert leaked == set()


def lines(text: str) -> set[str]:
    """Return the lines of code, stripped, without imports, comments and brackets alone."""
    stripped = {line.strip() for line in text.splitlines()}
    return {
        line
        for line in stripped
        if len(line) > 4 and not line.startswith(("#", "from ", "import "))
    }


def test_no_hidden_given_travels(files: dict[str, str]) -> None:
    """The cases of a copy are the public ones, and no file of givens is in it."""
    assert not [name for name in files if "givens" in name or "mistakes" in name]
    for module in assignment("core").modules:
        released = json.loads(files[f"exercises/cases/{module}.json"])["exercises"]
        for name, body in released.items():
            public = [case.given for case in cases(exercises()[name])]
            assert [case["given"] for case in body["cases"]] == public
            hidden = [
                row
                for probe in read_toml(GIVENS / f"{module}.toml")[name].values()
                for row in probe.get("hidden", [])
            ]
            sent = [{k: v for k, v in given.items() if k != "seed"} for given in public]
            assert not [row for row in hidden if row in sent]


def test_what_an_assignment_builds_on_comes_along() -> None:
    """A release of m08 has the parts of m06 that it uses."""
    names = [
        exercise.name for exercise in with_foundations(assignment("m08_manual_training").exercises)
    ]
    assert {"mse", "model", "train_step"} <= set(names)
    assert names == [name for name in exercises() if name in names]


def test_the_same_release_is_the_same_zip(tmp_path: Path) -> None:
    """A release can be compared byte by byte."""
    for name in ("a.zip", "b.zip"):
        release(assignment("path"), tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_copy_for_self_study_has_the_references(tmp_path: Path) -> None:
    """It has what the other one has, and the solutions of its modules."""
    counts = [
        release(assignment("m07_gradients"), tmp_path / f"{name}.zip", self_study)
        for name, self_study in (("marks", False), ("self-study", True))
    ]
    with zipfile.ZipFile(tmp_path / "self-study.zip") as archive:
        found = {name for name in archive.namelist() if name.startswith("solutions/")}
    assert found == {"solutions/m06_model.py", "solutions/m07_gradients.py"}
    assert counts[1] == counts[0] + len(found)


def test_a_copy_runs_where_only_torch_numpy_and_pytest_are(tmp_path: Path) -> None:
    """`pytest exercises/` works in a copy that imports nothing of this clone or of its extras."""
    release(assignment("core"), tmp_path / "core.zip")
    with zipfile.ZipFile(tmp_path / "core.zip") as archive:
        archive.extractall(tmp_path)
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "sys.modules.update(dict.fromkeys(('rich', 'jupytext', 'otter')))\n"
        "sys.meta_path[:] = [f for f in sys.meta_path if '__editable__' not in str(f)]\n"
    )

    def python(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert python("-c", "import autograder.teacher").returncode == 1
    done = python("-m", "pytest", "exercises/")
    assert done.returncode == 1
    count = len(exercises())
    assert f"DONE  0 of {count}, {count} wait" in done.stdout
    assert "NEXT  make_params   exercises/m06_model.py:" in done.stdout
    assert len(done.stdout.splitlines()) <= 30
    assert "1 of 3: " in python("-m", "autograder", "hint", "mse").stdout
    assert "invalid choice: 'grade'" in python("-m", "autograder", "grade").stderr
