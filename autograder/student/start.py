"""Start: write a student's copy to work in, where the kit itself is installed by pip."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course import MODULE, Assignment, assignment, exercises, foundations
from autograder.course.handout import PYPROJECT, readme
from autograder.inside import ROOT
from autograder.inside.errors import UserError
from autograder.inside.words import counted

# The stubs, their public cases and what pytest needs; and the tables, which the screen names.
_COPIED = ("exercises/m*.py", "exercises/cases/*.json", "exercises/conftest.py", "data/*.csv")


def start(folder: Path, name: str = "course") -> str:
    """Write a copy into a new or empty folder: the modules of an assignment, and those that they
    build on; return what was written, in a line.

    Raises UserError for an unknown assignment, for a folder with anything in it, and where nothing
    can be written.
    """
    chosen = assignment(name)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UserError(f"{folder} is there already, and not empty: name a new folder")
        count = _write(folder, chosen)
    except OSError as error:
        raise UserError(f"{error.filename} cannot be written: {error.strerror}") from error
    return f"wrote {folder}: {counted(count, 'exercise')} in exercises/, and a README.md"


def _write(folder: Path, chosen: Assignment) -> int:
    """Write the files; return the number of their exercises."""
    used = foundations(exercise.name for exercise in chosen.exercises)
    modules = {exercises()[name].module for name in used}
    every = [exercise for exercise in exercises().values() if exercise.module in modules]
    for path in (path for pattern in _COPIED for path in sorted(ROOT.glob(pattern))):
        if MODULE.fullmatch(path.stem) and path.stem not in modules:
            continue
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)  # and not its mode: an installed file may be read-only
    text = readme(chosen.name, every, True, [exercise.name for exercise in chosen.exercises])
    (folder / "README.md").write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    return len(every)
