"""Release: pack a student's copy of an assignment, without anything that answers it."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from autograder.answers.keys import answer_keys
from autograder.answers.ways import solution
from autograder.cells.observer import Observer
from autograder.course import (
    FOLDER,
    MODULE,
    STEM,
    Assignment,
    Exercise,
    exercises,
    file_of,
    foundations,
    parse_toml,
    read_toml,
)
from autograder.course.handout import PYPROJECT, readme
from autograder.inside import PACKAGE, ROOT
from autograder.inside.errors import UserError
from autograder.teacher.build import built_files

# The folders of the package that a student's copy has. The others stay with the teacher, and so do
# the mistakes and the hidden givens in `course/`.
STUDENT_SIDE = ("inside", "disk", "cells", "judging", "course", "student")

_DATE = (2026, 1, 1, 0, 0, 0)  # the same content makes the same zip
_FILE_MODE, _FOLDER_MODE = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755


def release(
    assignment: Assignment, target: Path, observer: Observer, self_study: bool = False
) -> int:
    """Write the zip of an assignment, a folder; return the number of its files.

    Exercises that those of the assignment build on are in it, too. A copy for self-study has the
    references as well, which the screen names when an exercise passes. The observer looks at the
    references and mistakes; BrokenProbe is raised where that is not possible.
    """
    files = dict(release_files(assignment, observer))
    if self_study:
        for module in {exercise.module for exercise in with_foundations(assignment.exercises)}:
            files[f"solutions/{module}.py"] = solution(module)
    top = PurePosixPath(f"graded-descent-{assignment.name}")
    folders = {folder for name in files for folder in (top / name).parents if folder.name}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in sorted(folders):
            archive.writestr(_entry(f"{folder}/", _FOLDER_MODE), b"")
        for name, content in sorted(files.items()):
            archive.writestr(_entry(f"{top}/{name}", _FILE_MODE), content, zipfile.ZIP_DEFLATED)
    return len(files)


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    """Return the entry of a file or folder: everybody on a shared machine may read it."""
    entry = zipfile.ZipInfo(name, _DATE)
    entry.external_attr = mode << 16
    return entry


def release_files(assignment: Assignment, observer: Observer) -> Iterator[tuple[str, str | bytes]]:
    """Yield the name and the content of every file of a student's copy."""
    chosen = with_foundations(assignment.exercises)
    asked = [exercise.name for exercise in assignment.exercises]
    due = assignment.deadline
    yield "README.md", readme(assignment.name, chosen, False, asked=asked, deadline=due)
    yield "pyproject.toml", PYPROJECT
    yield "exercises/conftest.py", _text(ROOT / "exercises" / "conftest.py")
    for name, text in built_files(chosen, answer_keys(chosen, observer)).items():
        yield f"exercises/{name}", text
    for path in _package_files({exercise.module for exercise in chosen}):
        yield f"autograder/{path.relative_to(PACKAGE).as_posix()}", _text(path)
    for exercise in chosen:
        yield f"autograder/course/{exercise.module}/{exercise.stem}.toml", _without_givens(exercise)
    for path in sorted((PACKAGE / "inside" / "seccomp").glob("*.bpf")):
        yield f"autograder/inside/seccomp/{path.name}", path.read_bytes()
    for path in sorted((ROOT / "data").glob("*.*")):
        if path.name != "example_class.py" and path.suffix in (".py", ".csv", ".md"):
            yield f"data/{path.name}", _text(path)


def with_foundations(chosen: tuple[Exercise, ...]) -> tuple[Exercise, ...]:
    """Return exercises with all that they build on, in the course's order."""
    wanted = foundations(exercise.name for exercise in chosen)
    return tuple(exercise for exercise in exercises().values() if exercise.name in wanted)


def _package_files(modules: Collection[str]) -> Iterator[Path]:
    """Yield the files of the student's side of the package, without those of other modules."""
    yield from PACKAGE.glob("*.py")
    for folder in STUDENT_SIDE:
        for path in sorted((PACKAGE / folder).rglob("*.*")):
            module = next((part for part in path.parts if MODULE.fullmatch(part)), None)
            if path.suffix not in (".py", ".toml", ".typed") or module not in (None, *modules):
                continue
            of_exercise = STEM.fullmatch(path.stem) and path.is_relative_to(FOLDER)
            if not of_exercise and path.parent.name != "seccomp":
                yield path


def _without_givens(exercise: Exercise) -> str:
    """Return an exercise's entry without its givens, of which some are hidden; they come last."""
    text, entry = _text(file_of(exercise)), read_toml(file_of(exercise))
    kept = re.split(r"^(?:#.*\n)*\[givens\b", text, maxsplit=1, flags=re.MULTILINE)[0]
    if parse_toml(kept) != {name: body for name, body in entry.items() if name != "givens"}:
        raise UserError(f"{file_of(exercise)}: the givens must come last")
    return kept.rstrip() + "\n"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
