"""Handout: what stands beside the exercises in a student's copy, released or started."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

from autograder.course import Exercise, pictures

PYPROJECT = """\
[tool.pytest.ini_options]
minversion = "8.1"
testpaths = ["exercises"]
pythonpath = ["."]
"""

_README = """\
# Graded Descent: {name}

{count} exercises on linear regression in PyTorch.{asked}
{begin}
    pytest exercises/

    pip install watchfiles rich         # then `{command} watch` judges every save
{plot}    pip install jupytext                # for `{command} notebook {module}`

The last lines on the screen say which exercise comes next, in which file and line. Write the code
in place of `raise NotImplementedError`, save, and run pytest again. For the exercise `{exercise}`:

    pytest exercises/{file}.py::{exercise}
    {command} hint {exercise}     # the next of three hints
    {command} reset {exercise}    # gives the stub back and keeps your file aside
    {command} predict {module}    # asks what code will do before you write some

What you asked and passed is remembered in `.progress`, on your machine only.

Hand in the folder `exercises`, or a zip of it.
"""

_PLOT = "    pip install matplotlib              # for `{command} plot {module}`\n"

_WITHOUT_INSTALLING = """\
Python 3.10 or newer:

    pip install torch numpy pytest"""


def readme(
    name: str, exercises: Sequence[Exercise], installed: bool, asked: Sequence[str] = ()
) -> str:
    """Return the README of a copy: of one that has the kit, or of one whose kit is installed.

    `exercises` are those of the copy, `asked` those of the assignment: one whose kit is installed
    has the files of modules whole.
    """
    begin = "In this folder:\n" if installed else _WITHOUT_INSTALLING
    command = "descent" if installed else "python -m autograder"
    count, first = len(exercises), exercises[0]
    drawn = [m for m in pictures() if any(e.module.startswith(m) for e in exercises)]
    return _README.format(
        name=name,
        count=count,
        asked=_asked(asked, installed) if len(asked) not in (0, count) else "",
        begin=begin,
        command=command,
        plot=_PLOT.format(command=command, module=drawn[-1]) if drawn else "",
        file=first.module,
        module=first.module.partition("_")[0],
        exercise=first.name,
    )


def _asked(names: Sequence[str], installed: bool) -> str:
    listed = ", ".join(f"`{name}`" for name in names)
    kind = "the assignment" if installed else "graded"
    others = "The others are here because these build on them, and earn no points."
    if installed:
        others = "The others stand in the same files, or these build on them."
    return "\n\n" + fill(f"{len(names)} of them are {kind}: {listed}. {others}", 100) + "\n"
