"""Canvas: the gradebook that a teacher has exported, with one column of marks filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.batch.people import Person
from autograder.inside.errors import UserError
from autograder.inside.words import printable
from autograder.teacher.export.fill import Target
from autograder.teacher.export.sheet import Sheet

_NAMED = ("Student", "ID", "SIS User ID", "SIS Login ID")
_TITLE = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)")


def target(sheet: Sheet, assignment: str, asked: str | None) -> Target:
    """Return where the marks of an assignment go: into the column `asked` for, by its title or id,
    or into the one that has the assignment's name. Raises UserError."""
    header = sheet.header
    if header[0] != "Student" or "ID" not in header:
        raise UserError(f"{sheet.path}: its columns are not those of a Canvas gradebook export")
    places = {name: header.index(name) for name in _NAMED if name in header}
    column = _column(sheet, assignment, asked)
    persons = {}
    points = list[float]()
    for row in range(1, len(sheet.rows)):
        cells = {name: sheet.cell(row, place).strip() for name, place in places.items()}
        if not cells["ID"]:
            number = sheet.number(row, column)  # in the row "Points Possible", in any language
            points += [] if number is None else [number]
        elif cells["Student"] != "Student, Test":  # Canvas's own, by which teachers look around
            persons[row] = _person(cells)
    return Target(column, persons, points[0] if points else None, excused="EX")


def _person(cells: dict[str, str]) -> Person:
    return Person(
        cells["Student"],
        id=cells.get("SIS User ID", ""),
        login=cells.get("SIS Login ID", ""),
        ids={"canvas": cells["ID"]},
    )


def _column(sheet: Sheet, assignment: str, asked: str | None) -> int:
    wanted = (asked or assignment).strip().casefold()
    titles = [(place, name) for place, name in enumerate(sheet.header) if _TITLE.fullmatch(name)]
    found = [place for place, name in titles if wanted in _called(name)]
    if len(found) == 1:
        return found[0]
    what = "no column" if not found else "more than one column"
    raise UserError(
        f"{sheet.path}: {what} is {asked or assignment!r}: give --column one of "
        f"{_listed([name for _, name in titles])}"
    )


def _called(header: str) -> tuple[str, ...]:
    """Return what a column may be asked for by: the title with and without its id, and the id."""
    found = _TITLE.fullmatch(header)
    return (header.casefold(), *map(str.casefold, found.groups() if found else ()))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{printable(name)}"' for name in names) or "none: make the assignment there"
