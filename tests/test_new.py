"""`descent new` begins an exercise, and `descent check` leads through what is still to be written.

The steps of an author are taken literally here, in a copy of the kit.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.inside import ROOT
from autograder.inside.errors import UserError
from autograder.teacher.new import new

STEM = "m13_small/m13_1_double"
SOLUTION = '''\
# %% [markdown]
# # m13 small
#
# The smallest exercise there can be.

# %%
"""A small sum."""

from __future__ import annotations

from torch import Tensor


# %%
def double(x: Tensor) -> Tensor:
    """Return twice the numbers of x, which is [N], in a new tensor."""
    return x + x
'''
TABLE = """\
points = 1
path = true
builds_on = []
questions = ["gd.4"]
why = "Adding a number to itself gives twice the number, whatever its sign."
hints = ["What is twice 3?", "Add it to itself.", "Return x + x."]

[answers]
"gd.4" = "Hand the numbers over to torch.tensor."

[givens.value]
public = [{ n = 3 }]
hidden = [{ n = 1 }, { n = 4, dtype = "float32" }]
"""
MISTAKES = '''\
"""Mistakes of double."""

from __future__ import annotations

from torch import Tensor

from autograder.course.marks import mistake


@mistake("squared", asks="gd.4")
def squared(x: Tensor) -> Tensor:
    """You multiplied each number by itself: that is its square, and twice the number only where it
    is 0 or 2. Look at the operation."""
    return x * x
'''
PROBES = '''\
"""Probes of double."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("value")
def double_value(impl: Implementation, given: Given) -> Facts:
    """The doubled numbers."""
    return {"doubled numbers": impl.double(given.randn(given.n))}
'''
WAYS = '''\
"""Other ways to do double."""

from __future__ import annotations

from autograder.course.marks import right, wrong


@right()
def two_times(x):
    """Multiplies by 2."""
    return 2 * x


@wrong()
def three_times(x):
    """Multiplies by 3."""
    return 3 * x
'''
PROOF = '''\
"""The references of m13, proved by numbers."""

from __future__ import annotations

import torch
from m13_small import double


def test_double_of_numbers_worked_out_by_hand() -> None:
    """Twice 1 is 2, and twice -2 is -4."""
    assert double(torch.tensor([1.0, -2.0])).tolist() == [2.0, -4.0]
'''
WRITTEN = {  # what an author writes, file by file
    f"autograder/course/{STEM}.toml": TABLE,
    f"autograder/course/{STEM}.py": MISTAKES,
    f"autograder/inside/probes/{STEM}.py": PROBES,
    f"tests/course/{STEM}.py": WAYS,
    "tests/test_m13_small.py": PROOF,
    "solutions/m13_small.py": SOLUTION,
}


@dataclass(frozen=True)
class Kit:
    """A copy of the kit, in which an author works."""

    folder: Path

    def run(self, *command: str) -> tuple[int, list[str]]:
        """Run a command; return its exit status and the lines that it prints."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([".", "solutions"])},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, (done.stdout + done.stderr).splitlines()

    def descent(self, *arguments: str) -> tuple[int, list[str]]:
        """Run `descent`."""
        return self.run("autograder", *arguments)

    def grade(self, **codes: str) -> dict[str, tuple[str, str | None]]:
        """Return the status, and the mistake, of double in some submissions by `descent grade`."""
        for name, code in codes.items():
            (self.folder / "class" / name).mkdir(parents=True)
            (self.folder / "class" / name / "m13_small.py").write_text(code, "utf-8")
        options = ["--assignment", "m13_small", "--isolation", "basic"]
        status, lines = self.descent("grade", "class", "--out", "out", *options)
        assert status == 0, lines
        results = {
            name: json.loads((self.folder / "out" / "results" / f"{name}.json").read_text("utf-8"))
            for name in codes
        }
        exercises = {name: result["exercises"][0] for name, result in results.items()}
        return {name: (one["status"], one["diagnosis"]) for name, one in exercises.items()}


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    """A copy of the kit with m06 only, which is quicker to build and check."""
    left_out = shutil.ignore_patterns("__pycache__", "m0[!6]_*", "m[12]*_*")
    for part in ("autograder", "solutions", "exercises", "data", "tests"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return Kit(tmp_path)


def test_an_author_writes_a_new_exercise_by_the_documented_steps(kit: Kit) -> None:
    """From `descent new` to a mark and a named mistake."""
    status, lines = kit.descent("new", "m13.1", "double", "--module", "m13_small")
    assert status == 0
    wrote = {line.removeprefix("wrote ") for line in lines if line.startswith("wrote ")}
    packages = {path for path in wrote if path.endswith("__init__.py")}
    assert (wrote - packages, len(packages)) == ({*WRITTEN}, 3)
    assert lines[-1] == "then: `descent build`, `descent check` and `pytest tests`"

    status, lines = kit.descent("build")
    assert (status, len(lines)) == (2, 1)
    assert "double is still a stub: write the reference" in lines[0]

    status, lines = kit.descent("check", "--assignment", "m13_small")
    told = {file for file in WRITTEN for line in lines if line.startswith(file)}
    assert (status, told) == (1, {*WRITTEN})

    for file, text in WRITTEN.items():
        (kit.folder / file).write_text(text, "utf-8")
    assert kit.descent("build")[0] == 0
    assert (kit.folder / "exercises" / "cases" / "m13_small.json").exists()
    assert kit.descent("check", "--assignment", "m13_small") == (0, ["0 faults"])
    assert kit.run("pytest", "-q", "tests/test_m13_small.py")[0] == 0
    right, wrong = (f"def double(x):\n    return {result}\n" for result in ("2 * x", "x ** 2"))
    assert kit.grade(right=right, wrong=wrong) == {
        "right": ("pass", None),
        "wrong": ("fail", "squared"),
    }


def test_a_second_exercise_goes_into_the_modules_files(kit: Kit) -> None:
    """The references of the module stay, and the new one stands below them."""
    before = (kit.folder / "solutions" / "m06_model.py").read_text("utf-8")
    status, lines = kit.descent("new", "m06.6", "Mse")  # there is mse: only another case
    assert (status, len(lines)) == (0, 7)
    after = (kit.folder / "solutions" / "m06_model.py").read_text("utf-8")
    assert after.startswith(before + "\n\n# %%\ndef Mse(")
    status, lines = kit.descent("check", "--assignment", "m06_model")
    assert (
        "tests/test_m06_model.py: Mse is not proved: test the reference by another route" in lines
    )
    status, lines = kit.descent("new", "m06.6", "again")
    assert (status, lines) == (
        2,
        ["descent: m06.6 is Mse already: choose the next free number"],
    )


@pytest.mark.parametrize(
    ("identity", "name", "module", "told"),
    [
        ("m99", "double", "m99_small", "'m99' is no id of an exercise: write one like m13.1"),
        ("m99.01", "double", "m99_small", "'m99.01' is no id"),
        ("m06.3", "double", None, "m06.3 is mse already"),
        ("m99.1", "mse", "m99_small", "mse is in m06_model already"),
        ("m99.1", "forgotten_zero_limit", "m99_small", "is in m08_manual_training already"),
        ("m99.1", "2nd", "m99_small", "'2nd' can be no function's name"),
        ("m99.1", "lambda", "m99_small", "'lambda' can be no function's name"),
        ("m99.1", "double", None, "there is no module m99 yet: add --module m99_TOPIC"),
        ("m99.1", "double", "m98_small", "'m98_small' is no module for m99.1"),
        ("m99.1", "double", "m99-small", "'m99-small' is no module for m99.1"),
        ("m99.1", "double", "../m99_small", "is no module for m99.1"),
        ("m06.9", "double", "m06_other", "m06 is m06_model already: leave --module out"),
    ],
)
def test_bad_input_is_answered_before_anything_is_written(
    identity: str, name: str, module: str | None, told: str
) -> None:
    """A line says what is wrong, and what to write instead."""
    with pytest.raises(UserError) as raised:
        next(new(identity, name, module))
    assert told in str(raised.value)


def test_a_file_that_exists_is_not_overwritten(kit: Kit) -> None:
    """What an author has begun by hand stays, and nothing else is written."""
    begun = kit.folder / "autograder" / "course" / "m06_model" / "m06_6_double.py"
    begun.write_text("begun\n", "utf-8")
    status, lines = kit.descent("new", "m06.6", "double")
    assert (status, len(lines)) == (2, 1)
    assert "m06_6_double.py exists already: remove it, or rename" in lines[0]
    assert begun.read_text("utf-8") == "begun\n"
    assert not begun.with_suffix(".toml").exists()
