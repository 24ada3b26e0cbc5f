"""The files, modules and node ids of pytest that a student types."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.course import case_files, exercises
from autograder.course.names import exercise_called, module_called
from autograder.inside.errors import UserError
from autograder.student.progress import exercises_folder


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
