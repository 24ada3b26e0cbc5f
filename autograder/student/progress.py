"""What is remembered at the student's desk: `.progress/progress.json`, beside `exercises/`.

It is the student's own, readable and deletable; nothing in it earns or costs a mark.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from autograder.disk.files import read_json, write_file
from autograder.inside.errors import UserError
from autograder.inside.words import printable

SCHEMA = 1
# What is remembered, and of which kind; no count is negative.
_KINDS: dict[str, Any] = {"hints": int, "passed": str, "predictions": str, "misconceptions": int}
_told: set[str] = set()


@dataclass
class Progress:
    """What a student has asked, predicted and passed so far."""

    hints: dict[str, int] = field(default_factory=dict)  # exercise -> the furthest hint shown
    passed: dict[str, str] = field(default_factory=dict)  # exercise -> the day of its first pass
    predictions: dict[str, str] = field(default_factory=dict)  # question -> the answer given first
    misconceptions: dict[str, int] = field(default_factory=dict)  # wrong idea -> times met
    kept: bool = field(default=True, compare=False)  # not where the file cannot be read


def exercises_folder(start: Path | None = None) -> Path:
    """Return the folder of exercises that a command means: here, below, or around.

    Raises UserError where there is none.
    """
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        for candidate in (folder, folder / "exercises"):
            if (candidate / "cases").is_dir():
                return candidate
    raise UserError(f"no exercises in {here}: change to the folder that holds exercises/")


def progress_file(folder: Path) -> Path:
    """Return the file that belongs to a folder of exercises."""
    return folder.parent / ".progress" / "progress.json"


def load(folder: Path) -> Progress:
    """Return what is remembered; a damaged file is put aside, and nothing is remembered then."""
    path = progress_file(folder)
    try:
        return _decoded(read_json(path, folder.parent))
    except FileNotFoundError:
        return Progress()
    except OSError as error:
        _tell(f"{path} cannot be read ({error.strerror}); nothing is remembered")
        return Progress(kept=False)
    except ValueError:
        return Progress(kept=_put_aside(path))


def _put_aside(path: Path) -> bool:
    """Keep a damaged file under a new name; return whether that could be done."""
    names = (f".damaged{number or ''}.json" for number in itertools.count())
    aside = next(new for name in names if not os.path.lexists(new := path.with_suffix(name)))
    try:
        path.replace(aside)
    except OSError as error:
        _tell(f"{path} is damaged, and cannot be moved ({error.strerror}); nothing is remembered")
        return False
    _tell(f"{path} is damaged; it is kept as {aside.name}, and a new one begins")
    return True


def save(folder: Path, progress: Progress) -> None:
    """Write what is to be remembered, whole or not at all; say so where that is not possible."""
    path = progress_file(folder)
    content = {"schema": SCHEMA, **{name: getattr(progress, name) for name in _KINDS}}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    try:
        if progress.kept:
            write_file(path, f"{text}\n".encode("utf-8", "backslashreplace"), folder.parent)
    except OSError as error:
        _tell(f"{path} cannot be written ({error.strerror}); nothing new is remembered")


def _tell(line: str) -> None:
    """Say a thing once, however often it is met."""
    if line not in _told:
        _told.add(line)
        print(printable(line))


def note_passed(folder: Path, passing: Iterable[str]) -> list[str]:
    """Remember which exercises pass; return those that do for the first time."""
    known = load(folder)
    new = [name for name in passing if name not in known.passed]
    if new:
        known.passed |= dict.fromkeys(new, date.today().isoformat())
        save(folder, known)
    return new


def _decoded(data: Any) -> Progress:
    """Read the content strictly; raise ValueError for anything else."""
    if (
        not isinstance(data, dict)
        or data.get("schema") != SCHEMA
        or set(data) != {"schema", *_KINDS}
    ):
        raise ValueError("another schema")
    for name, kind in _KINDS.items():
        if not isinstance(data[name], dict) or not all(
            type(value) is kind and value >= kind() for value in data[name].values()
        ):
            raise ValueError(name)
    return Progress(**{name: data[name] for name in _KINDS})
