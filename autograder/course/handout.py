"""Handout: what stands beside the exercises in a student's copy, released or started."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

PYPROJECT = """\
[tool.pytest.ini_options]
minversion = "8.1"
testpaths = ["exercises"]
pythonpath = ["."]
"""

_README = """\
# Graded Descent: {name}

{count} exercises on linear regression in PyTorch.{graded}
{begin}
    pytest exercises/

    pip install watchfiles rich         # then `{command} watch` judges every save
    pip install matplotlib              # for `{command} plot m12`
    pip install jupytext                # for `{command} notebook m06`

The last lines on the screen say which exercise comes next, in which file and line. Write the code
in place of `raise NotImplementedError`, save, and run pytest again. `pytest exercises/ -k mse` runs
one exercise; `{command} hint mse` gives a hint, `predict m08` asks you what code will do
before you write some, and `reset mse` gives the stub back and keeps your file aside. What you asked
and passed is remembered in `.progress`, on your machine only.

Hand in the folder `exercises`, or a zip of it.
"""

_WITHOUT_INSTALLING = """\
Python 3.10 or newer:

    pip install torch numpy pytest"""


def readme(name: str, count: int, installed: bool, graded: Sequence[str] = ()) -> str:
    """Return the README of a copy: of one that has the kit, or of one whose kit is installed.

    `graded` are the exercises that earn points, where those of the copy do not all.
    """
    begin = "In this folder:\n" if installed else _WITHOUT_INSTALLING
    command = "descent" if installed else "python -m autograder"
    told = _graded(graded) if len(graded) not in (0, count) else ""
    return _README.format(name=name, count=count, graded=told, begin=begin, command=command)


def _graded(names: Sequence[str]) -> str:
    listed = ", ".join(f"`{name}`" for name in names)
    others = "The others are here because these build on them, and earn no points."
    return "\n\n" + fill(f"{len(names)} of them are graded: {listed}. {others}", 100) + "\n"
