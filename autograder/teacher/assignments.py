"""Assignments that a teacher writes: a short TOML file, in place of the name of a bundled one.

    exercises = ["m06", "m07", "fit"]
    deadline = 2026-12-04T18:00:00+01:00

`descent new-assignment` writes one in which every key is explained.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from autograder.course import PARTS, Assignment, Exercise, assignment, exercises, parse_toml
from autograder.course.late import Late
from autograder.inside.errors import UserError
from autograder.inside.words import nearest

MOST_SECONDS = 110  # of processor time for an exercise; a submission is waited for 120 s in all
_NAME = re.compile(r"[\w-]{1,60}", re.ASCII)

NEW = """\
# An assignment of Graded Descent. Give this file in place of a name:
#     descent release {file} --out {name}.zip
#     descent grade submissions --assignment {file} --out out

# Modules, parts (foundations, core, path, deeper) and single exercises, in any order;
# `descent modules` lists the modules with their points, and hours to plan by.
exercises = ["m06", "m07"]

# Until when; with its distance from UTC. Whoever hands in later is told in grades.csv.
# deadline = 2026-12-04T18:00:00+01:00

# Seconds of processor time for all cases of an exercise (10), and where the cases run: "cpu",
# "cuda", or "auto": on a GPU as well where there is one.
# seconds = 10
# device = "auto"

# Whether the feedback that goes back to the students has the reference solutions.
# references = false

# What being late costs: each day that has begun takes this share of the marks; after so many days
# a submission earns nothing. Without this table it costs nothing.
# [late]
# each_day = 0.1
# days = 3
# grace_minutes = 10

# Points in place of the kit's own.
# [points]
# mse = 3
"""


def find(asked: str) -> Assignment:
    """Return a bundled assignment by its name, or the one that a .toml file describes.

    Raises UserError; for a mistake in a file it names the line and what to write there.
    """
    return read(Path(asked)) if asked.endswith(".toml") else assignment(asked)


def write_new(path: Path) -> None:
    """Write a commented assignment to begin with; UserError where a file is there already."""
    if path.suffix != ".toml" or not _NAME.fullmatch(path.stem):
        raise UserError(f"{path.name}: name it like week-3.toml, with letters, digits, - and _")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(NEW.format(file=path.name, name=path.stem))
    except FileExistsError:
        raise UserError(f"{path} is there already: give another name") from None
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error


def read(path: Path) -> Assignment:
    """Return the assignment in a TOML file; its name is the file's. Raises UserError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = parse_toml(text)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error
    except ValueError as error:  # no UTF-8, or no TOML: the message has the line
        raise UserError(f"{path}: {error}") from error
    return _Reader(path, text).assignment(content)


class _Reader:
    """Reads what a file says, and tells of a mistake where it stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def assignment(self, content: Mapping[str, Any]) -> Assignment:
        known = ["exercises", "deadline", "late", "points", "seconds", "device", "references"]
        self._check_keys(content, known)
        if not _NAME.fullmatch(self._path.stem):
            self._fail("", "name the file with letters, digits, - and _, like week-3.toml")
        if "exercises" not in content:
            self._fail("", 'exercises is missing: write exercises = ["m06", "m07"]')
        if self._path.stem in _bundled():
            self._fail("", f"{self._path.stem} is the name of a bundled one: give it another")
        seconds = self._number(content, "seconds", Assignment.seconds, 1, MOST_SECONDS)
        device, references = content.get("device", "auto"), content.get("references", False)
        if device not in ("auto", "cpu", "cuda"):
            self._fail("device", f'it is {device!r}: write "auto", "cpu" or "cuda"')
        if not isinstance(references, bool):
            self._fail("references", f"it is {references!r}: write true or false")
        chosen = self._with_points(self._exercises(content["exercises"]), content)
        deadline, late = self._deadline(content), self._late(content)
        name = self._path.stem
        return Assignment(name, tuple(chosen), deadline, late, seconds, device, references)

    def _exercises(self, asked: Any) -> list[Exercise]:
        """Return what is asked for, in the course's order."""
        if not isinstance(asked, list) or not asked:
            self._fail("exercises", 'write a list of names: exercises = ["m06", "m07"]')
        wanted = set[str]()
        for name in asked:
            if name in exercises():
                wanted.add(name)
            elif isinstance(name, str) and name in _bundled():
                wanted |= {one.name for one in assignment(name).exercises}
            else:
                near = nearest(str(name), [*exercises(), *_bundled()])
                self._fail("exercises", f"there is no {name!r}{near}", str(name))
        return [one for one in exercises().values() if one.name in wanted]

    def _with_points(
        self, chosen: Iterable[Exercise], content: Mapping[str, Any]
    ) -> Iterator[Exercise]:
        points = self._table(content, "points")
        named = {one.name: one for one in chosen}
        for name in points:
            if name not in named:
                near = nearest(name, named) or ": it is not among the exercises"
                self._fail(name, f"no points can be given to {name!r}{near}")
        for name, one in named.items():
            yield replace(one, points=self._number(points, name, one.points, 0, 1000))

    def _deadline(self, content: Mapping[str, Any]) -> datetime | None:
        deadline = content.get("deadline")
        if deadline is None:
            return None
        example = "write it like 2026-12-04T18:00:00+01:00, without quotes"
        if not isinstance(deadline, datetime):
            self._fail("deadline", f"it is no time: {example}")
        if deadline.tzinfo is None:
            self._fail("deadline", f"its distance from UTC is missing: {example}")
        return deadline

    def _late(self, content: Mapping[str, Any]) -> Late:
        table, standard = self._table(content, "late"), Late()
        if table and "deadline" not in content:
            self._fail("late", "without a deadline nobody is late: write one above it")
        self._check_keys(table, [field.name for field in fields(Late)])
        return Late(
            each_day=self._number(table, "each_day", standard.each_day, 0, 1),
            days=self._whole(table, "days", standard.days, 0, 365),
            grace_minutes=self._whole(table, "grace_minutes", standard.grace_minutes, 0, 1440),
        )

    def _table(self, content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        table = content.get(key, {})
        if not isinstance(table, dict):
            self._fail(key, f"write it as a table: [{key}], and its keys below")
        return table

    def _number(
        self, content: Mapping[str, Any], key: str, standard: float, low: float, high: float
    ) -> float:
        number = content.get(key, standard)
        if type(number) not in (int, float) or not low <= number <= high:
            self._fail(key, f"it is {number!r}: write a number from {low} to {high}")
        return float(number)

    def _whole(
        self, content: Mapping[str, Any], key: str, standard: int, low: int, high: int
    ) -> int:
        number = content.get(key, standard)
        if type(number) is not int or not low <= number <= high:
            self._fail(key, f"it is {number!r}: write a whole number from {low} to {high}")
        return number

    def _check_keys(self, content: Mapping[str, Any], known: list[str]) -> None:
        for key in content:
            if key not in known:
                near = nearest(key, known) or f"; there are {', '.join(known)}"
                self._fail(key, f"there is no such key{near}")

    def _fail(self, key: str, told: str, beside: str = "") -> NoReturn:
        """Raise UserError with the line of a key, or of a text behind it."""
        line = self._line(key, beside) if key else None
        where = f"{self._path}, line {line}: {key}" if line else f"{self._path}"
        raise UserError(f"{where}: {told}")

    def _line(self, key: str, beside: str) -> int | None:
        """Return the number of the line in which a key, or the text behind it, stands."""
        opening = re.compile(rf'\s*\[?\s*["\']?{re.escape(key)}["\']?\s*[]=.]')
        own = next((n for n, line in enumerate(self._lines) if opening.match(line)), None)
        if own is None:
            return None
        below = range(own, len(self._lines))
        return next((n for n in below if beside in self._lines[n]), own) + 1


def _bundled() -> list[str]:
    """Return the names of the bundled assignments, those of modules also in short."""
    modules = {one.module for one in exercises().values()}
    return ["course", "path", *PARTS, *sorted({*modules, *(m[:3] for m in modules)})]
