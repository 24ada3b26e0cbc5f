"""Here: the commands that a student can type where they stand."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from autograder.inside.errors import UserError
from autograder.student.progress import exercises_folder


def command_here(folder: Path, *words: str) -> str:
    """Return `descent ...` as it works here for a folder of exercises: by Python where there is no
    `descent`, and from the folder around the exercises where this one does not lead to them."""
    copy = folder.resolve().parent
    command = "descent" if _beside_python("descent") else f"{_python()} -m autograder"
    own_kit = (copy / "autograder").is_dir() and command != "descent"  # found from there alone
    line = f"{command} {' '.join(words)}"
    if _leads_to(folder) and not (own_kit and Path.cwd() != copy):
        return line
    return f"cd {shlex.quote(os.path.relpath(copy))} && {line}"


def _leads_to(folder: Path) -> bool:
    try:
        return exercises_folder().resolve() == folder.resolve()
    except UserError:
        return False


def _beside_python(program: str) -> bool:
    """Say whether a program on the path is that of the Python that runs."""
    found = shutil.which(program) or ""
    return bool(found) and Path(found).parent == Path(sys.executable).parent


def _python() -> str:
    name = next((name for name in ("python", "python3") if _beside_python(name)), None)
    return name or shlex.quote(sys.executable)
