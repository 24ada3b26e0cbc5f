"""The names that a student types: of an exercise, a module, files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.course import Exercise, exercises, modules
from autograder.inside.errors import UserError
from autograder.judging.public import case_files
from autograder.student.progress import exercises_folder


def exercise_called(name: str) -> Exercise:
    """Return the exercise of this name; raise UserError for any other."""
    if name not in exercises():
        near = _near(name, exercises()) or "; `descent list` shows them"
        raise UserError(f"no exercise is called {name!r}{near}")
    return exercises()[name]


def module_called(name: str) -> str:
    """Return the module of this name, short (m06) or whole; raise UserError for any other."""
    for module in modules():
        if name in (module, module.partition("_")[0]):
            return module
    if name in exercises():
        own = exercises()[name].module
        raise UserError(f"{name!r} is an exercise; its module is {own.partition('_')[0]}")
    near = _near(name, modules()) or f"; there are {', '.join(modules())}"
    raise UserError(f"no module is called {name!r}{near}")


def exercises_called(arguments: Sequence[str], start: Path) -> tuple[Path, list[str]]:
    """Return the folder of exercises, and the names of those that files, modules or node ids of
    pytest ask for; all of them without any, or for a folder.

    Raises UserError where there is no such exercise.
    """
    words = [argument.partition("::") for argument in arguments]
    paths = [start / file for file, _, _ in words]
    around = next(
        (path if path.is_dir() else path.parent for path in paths if path.exists()), start
    )
    folder = exercises_folder(around)
    named = _by_module(folder)
    chosen: list[str] = []
    for path, (file, _, name) in zip(paths, words, strict=True):
        if path.is_dir():
            return folder, []
        module = path.stem if path.suffix == ".py" else module_called(file)
        if module not in named:
            raise UserError(f"{file} has no exercises; watch one of {', '.join(named)}")
        chosen += [exercise_called(name).name] if name else named[module]
    return folder, chosen


def _by_module(folder: Path) -> dict[str, list[str]]:
    """Return the names of the exercises of a folder by module."""
    found = {path.stem: list[str]() for path in case_files(folder)}
    for name, exercise in exercises().items():
        if exercise.module in found:
            found[exercise.module].append(name)
    return found


def _near(name: str, names: Iterable[str]) -> str:
    """Ask for the name that is most like another one; empty where none is like it."""
    known = {one.lower(): one for one in names}
    found = difflib.get_close_matches(name.lower(), known, 1)
    return f": did you mean {known[found[0]]}?" if found else ""
