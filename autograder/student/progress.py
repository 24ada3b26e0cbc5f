"""What is remembered at the student's desk: `.progress/progress.json`, beside `exercises/`.

It is the student's own, readable and deletable; nothing in it earns or costs a mark.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from autograder.inside.errors import UserError

SCHEMA = 1


@dataclass
class Progress:
    """What a student has asked, predicted and passed so far."""

    hints: dict[str, int] = field(default_factory=dict)  # exercise -> the furthest hint shown
    passed: dict[str, str] = field(default_factory=dict)  # exercise -> the day of its first pass
    predictions: dict[str, str] = field(default_factory=dict)  # question -> the answer given first
    misconceptions: dict[str, int] = field(default_factory=dict)  # wrong idea -> times met


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
        return _decoded(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Progress()
    except (OSError, ValueError):
        aside = path.with_suffix(".damaged.json")
        try:
            path.replace(aside)
            print(f"{path} is damaged; it is kept as {aside.name}, and a new one begins")
        except OSError as error:
            print(f"{path} cannot be read ({error}); nothing is remembered")
        return Progress()


def save(folder: Path, progress: Progress) -> None:
    """Write what is to be remembered, whole or not at all; say so where that is not possible."""
    path = progress_file(folder)
    text = json.dumps({"schema": SCHEMA, **asdict(progress)}, indent=1, ensure_ascii=False)
    try:
        path.parent.mkdir(exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}.tmp")
        new.write_text(text + "\n", encoding="utf-8")
        new.replace(path)
    except OSError as error:
        print(f"{path} cannot be written ({error.strerror}); nothing new is remembered")


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
    kinds: dict[str, type] = {
        "hints": int,
        "passed": str,
        "predictions": str,
        "misconceptions": int,
    }
    if (
        not isinstance(data, dict)
        or data.get("schema") != SCHEMA
        or set(data) != {"schema", *kinds}
    ):
        raise ValueError("another schema")
    for name, kind in kinds.items():
        if not isinstance(data[name], dict) or any(
            type(v) is not kind for v in data[name].values()
        ):
            raise ValueError(name)
    return Progress(**{name: data[name] for name in kinds})
