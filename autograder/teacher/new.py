"""Begin an exercise: `descent new` writes its files; `descent check` tells what they still lack."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from autograder.answers.ways import OTHER_WAYS, PROBES, SOLUTIONS, solution
from autograder.course import FOLDER, MODULE, exercises, modules
from autograder.inside import ROOT
from autograder.inside.errors import UserError
from autograder.inside.syntax import definitions, parse

ID = re.compile(r"m\d\d\.[1-9]\d*")

REFERENCE = '''

# %%
def $name(x: Tensor) -> Tensor:
    """TODO say in one sentence what it returns.

    TODO say what x is (shape, dtype, device), what is returned, and when an exception is raised.
    """
    raise NotImplementedError
'''

SOLUTION = '''\
# %% [markdown]
# # $short $topic
#
# TODO say in a few sentences what this module is about, and which letters stand for which sizes.

# %%
"""TODO say in one sentence what is written here."""

from __future__ import annotations

from torch import Tensor
'''

TABLE = """\
points = 1
path = true
builds_on = []
questions = []
why = ""
hints = []

[answers]

[givens.value]
public = [{ n = 3 }]
hidden = [{ n = 1 }, { n = 4, dtype = "float32" }]
"""

MISTAKES = '''\
"""Mistakes of $name."""

from __future__ import annotations

from torch import Tensor

from autograder.course.marks import mistake


@mistake("TODO-a-short-name-of-the-mistake")
def first_mistake(x: Tensor) -> Tensor:
    """TODO tell the student what was done, why it is wrong, and where to look."""
    raise NotImplementedError
'''

PROBE = '''\
"""Probes of $name."""

from __future__ import annotations

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe


@probe("value")
def ${name}_value(impl: Implementation, given: Given) -> Facts:
    """TODO say what is looked at; name each fact as a student should read it."""
    return {"result": impl.$name(given.randn(given.n))}
'''

WAYS = '''\
"""Other ways to do $name."""

from __future__ import annotations

from autograder.course.marks import right, wrong


@right()
def another_way(x):
    """TODO say how a right way differs from the reference."""
    raise NotImplementedError


@wrong()
def wrong_way(x):
    """TODO say what is wrong here; it is no listed mistake, yet it must be caught."""
    raise NotImplementedError
'''

PROOF = '''\
"""The references of $short, proved by other routes."""

from __future__ import annotations

import torch
from $module import $name


def test_${name}_of_numbers_worked_out_by_hand() -> None:
    """TODO say what is expected, and by which route: a closed form, differences, torch's own."""
    assert $name(torch.tensor([1.0, -2.0])).tolist() == ["TODO the expected numbers"]
'''

PACKAGE_TEXT = '"""$short: $topic."""\n'


def new(identity: str, name: str, module: str | None = None) -> Iterator[str]:
    """Write the files of a new exercise; yield a line for each, and the next step.

    `module` is needed for the first exercise of a module. UserError is raised before anything is
    written: where the id or the name exists or is none, or a file of the exercise is there.
    """
    if not OTHER_WAYS.is_dir():
        raise UserError(f"{ROOT} has no tests/course: run this in a clone of the kit")
    _check(identity, name)
    topic = _module(identity, module)
    own, shared = _files(identity, name, topic)
    if there := [path for path in own if path.exists()]:
        raise UserError(f"{there[0].relative_to(ROOT)} exists already: remove it, or rename")
    words = {"name": name, "module": topic, "short": topic[:3]}
    words["topic"] = topic[4:].replace("_", " ")
    for path, text in (shared | own).items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(Template(text).substitute(words), encoding="utf-8")
            yield f"wrote {path.relative_to(ROOT)}"
    with (SOLUTIONS / f"{topic}.py").open("a", encoding="utf-8") as file:
        file.write(Template(REFERENCE).substitute(words))
    yield f"added {name} to {(SOLUTIONS / topic).relative_to(ROOT)}.py"
    yield "next: fill in what `descent check` lists"
    yield "then: `descent build`, `descent check` and `pytest tests`"


def _files(identity: str, name: str, module: str) -> tuple[dict[Path, str], dict[Path, str]]:
    """Return the files of an exercise, and those of its module, with their templates."""
    stem = f"{identity.replace('.', '_')}_{name}"
    own = {
        FOLDER / module / f"{stem}.toml": TABLE,
        FOLDER / module / f"{stem}.py": MISTAKES,
        PROBES / module / f"{stem}.py": PROBE,
        OTHER_WAYS / module / f"{stem}.py": WAYS,
    }
    folders = [folder / module for folder in (FOLDER, PROBES, OTHER_WAYS)]
    shared = {SOLUTIONS / f"{module}.py": SOLUTION}
    shared |= {folder / "__init__.py": PACKAGE_TEXT for folder in folders}
    shared[ROOT / "tests" / f"test_{module}.py"] = PROOF
    return own, shared


def _check(identity: str, name: str) -> None:
    if not ID.fullmatch(identity):
        raise UserError(f"{identity!r} is no id of an exercise: write one like m13.1")
    if not name.isidentifier() or keyword.iskeyword(name):
        raise UserError(f"{name!r} can be no function's name in Python")
    for exercise in exercises().values():
        if identity == exercise.id:
            raise UserError(f"{identity} is {exercise.name} already: choose the next free number")
        if name in (exercise.name, *definitions(parse(solution(exercise.module)))):
            raise UserError(f"{name} is in {exercise.module} already: choose another name")


def _module(identity: str, asked: str | None) -> str:
    """Return the module to which an id belongs."""
    number = identity[:3]
    there = [module for module in modules() if module.startswith(f"{number}_")]
    if there and asked in (None, *there):
        return asked or there[0]
    if there:
        raise UserError(f"{number} is {there[0]} already: leave --module out")
    if asked is None:
        raise UserError(f"there is no module {number} yet: add --module {number}_TOPIC")
    if not MODULE.fullmatch(asked) or not asked.startswith(f"{number}_"):
        raise UserError(f"{asked!r} is no module for {identity}: write one like {number}_topic")
    return asked
