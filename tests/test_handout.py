"""What a student gets, a release or what `descent start` wrote: each command works in it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path
from typing import TypeAlias

import pytest

from autograder.cli import main
from autograder.course import assignment
from autograder.inside import ROOT
from autograder.inside.errors import INSTALL
from autograder.student.start import start
from data.example_class import changed, solutions

from .at_desk import pytest_here
from .samples import python_in, unpacked

Ran: TypeAlias = dict[str, subprocess.CompletedProcess[str]]  # by command
COMMAND = r"(?:python -m autograder|descent) (list|\w+ \w+)"
IS_WHOLE = os.environ.get("DESCENT_CORPUS") == "whole"
NAMED = re.compile(rf"`{COMMAND}`|^ {{4}}{COMMAND}", re.MULTILINE)


def commands(text: str) -> list[str]:
    """Return what a README does by the command: `plot m12`, `hint mse`."""
    return ["".join(found) for found in NAMED.findall(text)]


@pytest.fixture(scope="module")
def path_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path, released and unpacked, with m12 done."""
    folder = unpacked("path", tmp_path_factory.mktemp("path"))
    (folder / "exercises/m12_line.py").write_text(solutions()["m12_line.py"], "utf-8")
    return folder


@pytest.fixture(scope="module")
def path_ran(path_copy: Path) -> Ran:
    """What the commands of the README did in this copy."""
    return ran_in(path_copy)


def ran_in(copy: Path) -> Ran:
    """Run each command of a copy's README in the copy; of those with the same first word the last
    one, and all in `make attacks`."""
    named = commands((copy / "README.md").read_text("utf-8"))
    if not IS_WHOLE:
        named = [*{command.split()[0]: command for command in named}.values()]
    return {command: python_in(copy, "-m", "autograder", *command.split()) for command in named}


def test_a_path_copy_draws_and_resets(path_copy: Path, path_ran: Ran) -> None:
    """A picture has the panels of what is there; a deeper exercise is no exercise of this copy."""
    drawn = path_ran["plot m12"]
    assert drawn.stdout.startswith("m12.png is written\n"), drawn.stderr
    assert "slice_minimum" not in drawn.stdout
    for command in (["reset", "slice_minimum"], ["run", "slice_minimum"], ["plot", "m03"]):
        done = python_in(path_copy, "-m", "autograder", *command)
        assert done.returncode == 2
        assert re.fullmatch(r"descent: .*\n", done.stderr), done.stderr
    assert "is a stub again" in python_in(path_copy, "-m", "autograder", "reset", "fit_line").stdout


@pytest.mark.parametrize("name", ["path", "m12_line"])
def test_what_the_readme_names_is_there(name: str, path_ran: Ran, tmp_path: Path) -> None:
    """Each command of the README of a released copy ends well, without a question left open."""
    ran = path_ran if name == "path" else ran_in(unpacked(name, tmp_path))
    assert {command.split()[0] for command in ran} == {
        *("hint", "list", "notebook", "plot", "predict", "reset", "try"),
    }
    for command, done in ran.items():
        stub = command.startswith("try ")  # nothing is written yet
        assert (done.returncode, done.stderr) == (int(stub), ""), command


def test_a_copy_offers_only_what_it_can(path_copy: Path) -> None:
    """It writes no further copies, and knows of no pictures of modules that it lacks."""
    told = python_in(path_copy, "-m", "autograder", "--help").stdout
    assert "hint" in told
    assert not re.search(r"^ *(start|grade)\b", told, re.MULTILINE)
    pictures = python_in(path_copy, "-m", "autograder", "plot", "m05").stderr
    assert "m06" in pictures and "m03" not in pictures


def test_a_path_that_was_started_says_what_it_is(tmp_path: Path) -> None:
    """Its files hold deeper exercises, too: the README tells which are asked."""
    start(tmp_path / "path", "path")
    told = " ".join((tmp_path / "path/README.md").read_text("utf-8").split())
    names = [exercise.name for exercise in assignment("path").exercises]
    assert f"{len(names)} of them are the assignment: `{names[0]}`" in told
    assert "earn no points" not in told
    start(tmp_path / "m06", "m06")
    assert "of them are" not in (tmp_path / "m06/README.md").read_text("utf-8")


def test_the_readme_explains_the_words_of_the_screen(tmp_path: Path) -> None:
    """Those of its table are those that pytest prints in its copy, which it says how to install."""
    copy = unpacked("path", tmp_path)
    halved = "def mse(pred, target):\n    return ((pred - target) ** 2).mean() / 2"
    files = changed(solutions(), {"mse": halved})
    for name in ("m06_model.py", "m08_manual_training.py"):
        (copy / "exercises" / name).write_text(files[name], "utf-8")
    readme = (copy / "README.md").read_text("utf-8")
    words = re.findall(r"^\| ([A-Z]+) \|", readme, re.MULTILINE)
    assert words == ["FAIL", "WHY", "TRY", "NEXT", "LATER", "DONE"]
    printed = python_in(copy, "-m", "pytest", "exercises/").stdout
    for word in words:
        assert re.search(rf"^{word} ", printed, re.MULTILINE), printed
    last = printed[printed.index("\nDONE") :]
    assert all(state in last and state in readme for state in ("to fix", "blocked", "to do"))
    for line in (
        "python -m venv .venv",
        "pip install torch --index-url https://download.pytorch.org/whl/cpu ",
        "pip install numpy pytest",
        "python -m pytest exercises/",
    ):
        assert f"\n    {line}" in readme
    assert len(readme.splitlines()) <= 70


BESIDE = """
    from helpers import add
    from own.tools import scaled
    rows = np.loadtxt("data/crop_yield.csv", delimiter=",", skiprows=1, usecols=[2, 3])
    assert len(rows) == 5 and open("data/crop_yield.csv").readline()
    return add(scaled(x, w), b)
"""


def test_own_files_beside_the_exercises_are_found(tmp_path: Path, shared_cells: None) -> None:
    """Helpers and packages work, the tables open by one path wherever pytest is called, and other
    files are told to be out of reach, as they are when it is graded."""
    start(tmp_path / "copy", "m06")
    folder = tmp_path / "copy" / "exercises"
    (folder / "helpers.py").write_text(
        "from own import times\n\ndef add(x, b):\n    return x + b\n"
    )
    (folder / "own").mkdir()
    (folder / "own/__init__.py").write_text("def times(x, w):\n    return x @ w.t()\n")
    (folder / "own/tools.py").write_text("from helpers import times as scaled\n")
    (folder / "mine.csv").write_text("1\n")
    files = changed(
        {"m06_model.py": solutions()["m06_model.py"]},
        {
            "model": f"import numpy as np\n\ndef model(x, w, b):{BESIDE}",
            "mse": "def mse(pred, target):\n    return open('exercises/mine.csv')",
        },
    )
    (folder / "m06_model.py").write_text(files["m06_model.py"], "utf-8")
    for place, target in ((tmp_path / "copy", "exercises"), (folder, "m06_model.py")):
        done = pytest_here(place, target, "-k", "model or mse", "-v")
        told = " ".join(done.stdout.split())
        assert "m06_model.py::model PASS" in told
        assert "WHY Your code runs in a folder of its own, in which at first only `data` " in told


LACKING = """import sys
from importlib.machinery import ModuleSpec
class Lacks:
    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if name == {name!r} else None
    def create_module(self, spec):
        raise ModuleNotFoundError(f"No module named {{spec.name!r}}", name=spec.name)
    def exec_module(self, module):
        pass
sys.meta_path.insert(0, Lacks())
"""


@pytest.mark.parametrize("lacks", ["numpy", "torch"])
def test_what_is_not_installed_is_told_in_a_line(lacks: str, tmp_path: Path) -> None:
    """pytest and the command say what is missing, where they looked, and what to type."""
    start(tmp_path / "copy", "m06")
    (tmp_path / "sitecustomize.py").write_text(LACKING.format(name=lacks))
    for command in (["pytest", "exercises/"], ["autograder", "run", "mse"]):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path / "copy",
            env={"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        told = done.stdout + done.stderr
        assert done.returncode != 0
        line = f"No module named {lacks!r}, as {sys.executable} says: {INSTALL}"
        assert told.count(line) == 1, told
        assert "Traceback" not in told


def test_usage_names_the_command_that_was_typed(path_copy: Path) -> None:
    """A copy has no `descent`: what it is called by is repeated."""
    assert python_in(path_copy, "-m", "autograder", "hint").stderr.startswith(
        "usage: python -m autograder hint "
    )
    with pytest.raises(SystemExit), redirect_stderr(io.StringIO()) as told:
        main(["hint"])
    assert told.getvalue().startswith("usage: descent hint ")
