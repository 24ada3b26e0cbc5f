"""Handout: what stands beside the exercises in a student's copy, released or started."""

from __future__ import annotations

PYPROJECT = """\
[tool.pytest.ini_options]
minversion = "8.1"
testpaths = ["exercises"]
pythonpath = ["."]
"""

_README = """\
# Graded Descent: {name}

{count} exercises on linear regression in PyTorch. {begin}
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


def readme(name: str, count: int, installed: bool) -> str:
    """Return the README of a copy: of one that has the kit, or of one whose kit is installed."""
    begin = "In this folder:\n" if installed else _WITHOUT_INSTALLING
    command = "descent" if installed else "python -m autograder"
    return _README.format(name=name, count=count, begin=begin, command=command)
