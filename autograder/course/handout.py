"""Handout: what stands beside the exercises in a student's copy, released or started."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
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

{count} exercises on linear regression in PyTorch.{due}{asked}
{begin}
    python -m pytest exercises/

The last lines on the screen say which exercise comes next, in which file and line. Write the code
in place of `raise NotImplementedError`, save, and run pytest again. For the exercise `{exercise}`:

    python -m pytest exercises/{file}.py::{exercise}
    {command} hint {exercise}     # the next of three hints
    {command} try {exercise}      # runs one case in front of you: print and breakpoint() work
    {command} reset {exercise}    # gives the stub back and keeps your file aside
    {command} list          # all exercises and their state; `why NAME` after a pass
    {command} predict {module}    # asks what code will do before you write some

    pip install watchfiles rich         # then `{command} watch` judges every save
{plot}    pip install jupytext                # for `{command} notebook {module}`

## The words of the screen

| word | what it tells |
|---|---|
| FAIL | an exercise to fix: its file and line, and the first difference from what is expected |
| WHY | a cause, where it is proved, each by itself; after PASS, why your code works |
| TRY | the command that shows the next hint |
| NEXT | the exercise to do next, and what it asks for |
| ALSO, END | what you can do beside it; all exercises of the copy pass |
| LATER | exercises that are blocked: fix or write the one first that they use |
| DONE | how many pass, and how many are to fix, blocked, or to do, which means an untouched stub |

## Hidden cases

pytest judges your code on the public cases in `exercises/cases`. A grade also counts hidden cases:
they are of the same kinds, with other numbers and sizes. So write what the task says for any
input: code that returns the numbers of the screen earns nothing.

## Other files

Your own helpers beside the exercises, such as `exercises/helpers.py`, are imported by their names:
`from helpers import f`. They are handed in with the exercises. Of other files your code can open
the tables in `data`, as `data/crop_yield.csv`. What it writes is gone when it has been judged.

Hand in the folder `exercises`, or a zip of it. What you asked and passed is remembered in
`.progress`, on your machine only.
"""

_DUE = " Hand them in by {0:%Y-%m-%d %H:%M} ({0:%Z})."
_PLOT = "    pip install matplotlib              # for `{command} plot {module}`\n"

_WITHOUT_INSTALLING = """\
Python 3.10 or newer, in this folder:

    python -m venv .venv
    source .venv/bin/activate           # on Windows: .venv\\Scripts\\activate
    pip install torch --index-url https://download.pytorch.org/whl/cpu    # the small one, no CUDA
    pip install numpy pytest
"""


def readme(
    name: str,
    exercises: Sequence[Exercise],
    installed: bool,
    asked: Sequence[str] = (),
    deadline: datetime | None = None,
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
        due=_DUE.format(deadline) if deadline else "",
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
