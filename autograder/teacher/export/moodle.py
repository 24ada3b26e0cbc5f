"""Moodle: the grading worksheet of an assignment, as a teacher has downloaded it, with grades."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.batch.people import Person
from autograder.inside.errors import UserError
from autograder.inside.words import printable
from autograder.teacher.export.fill import Target
from autograder.teacher.export.sheet import Sheet

# What the columns are called, in English and in German.
_HEADERS = {
    "identifier": ("Identifier", "ID"),
    "name": ("Full name", "Vollständiger Name"),
    "id": ("ID number", "ID-Nummer"),
    "email": ("Email address", "E-Mail-Adresse"),
    "grade": ("Grade", "Bewertung"),
    "maximum": ("Maximum Grade", "Maximum grade", "Bestwertung"),
    "open": ("Grade can be changed", "Bewertung kann geändert werden"),
    "comments": ("Feedback comments", "Feedback als Kommentar"),
}
_NEEDED = ("identifier", "grade", "maximum", "open")
_OPEN = ("yes", "ja", "oui", "sí", "si", "sim", "tak", "da", "ano", "áno", "igen", "evet", "kyllä")
_NUMBERED = re.compile(r"(?P<word>\D*)(?P<number>\d+)")  # `Participant 20001`, in any language


def target(sheet: Sheet, asked: str | None) -> Target:
    """Return where grades go. `asked` names columns whose headers are not known, such as
    `grade=Note,maximum=Note maximale`. Raises UserError."""
    places = _by_asked(sheet, asked)
    for part, names in _HEADERS.items():
        for name in names:
            if part not in places and name in sheet.header:
                places[part] = sheet.header.index(name)
    if missing := [part for part in _NEEDED if part not in places]:
        places = _by_place(sheet) | places
        missing = [part for part in _NEEDED if part not in places]
    if missing:
        example = ",".join(f"{part}=HEADER" for part in missing)
        raise UserError(
            f"{sheet.path}: no column is known as {', '.join(missing)}: give --columns "
            f'"{example}" (columns: {", ".join(map(printable, sheet.header))})'
        )
    rows = [row for row in range(1, len(sheet.rows)) if sheet.cell(row, places["identifier"])]
    persons = {row: _person(sheet, row, places) for row in rows}
    locked = {row: why for row in rows if (why := _locked(sheet.cell(row, places["open"])))}
    most = _maximum(sheet, rows, places["maximum"])
    return Target(
        places["grade"], persons, most, locked, (places["maximum"],), places.get("comments")
    )


def _by_asked(sheet: Sheet, asked: str | None) -> dict[str, int]:
    places = {}
    for pair in asked.split(",") if asked else ():
        part, _, name = (text.strip() for text in pair.partition("="))
        if part not in _HEADERS or name not in sheet.header:
            known, header = ", ".join(_HEADERS), ", ".join(map(printable, sheet.header))
            raise UserError(
                f"--columns {pair.strip()!r}: write PART=HEADER, a part of {known}, and a header "
                f"of {sheet.path}: {header}"
            )
        places[part] = sheet.header.index(name)
    return places


def _by_place(sheet: Sheet) -> dict[str, int]:
    """Return the columns of a worksheet in another language: first the identifiers; and the one in
    which all rows have the same number is the maximum, between the grade and whether that can be
    changed. Nothing where that is not so."""
    rows = range(1, len(sheet.rows))
    identifiers = [sheet.cell(row, 0) for row in rows]
    if not identifiers or not all(_NUMBERED.fullmatch(cell) for cell in identifiers):
        return {}
    columns = range(2, len(sheet.header) - 1)
    same = [c for c in columns if len({sheet.number(row, c) for row in rows} | {None}) == 2]
    same = [c for c in same if all(sheet.number(row, c) is not None for row in rows)]
    if len(same) != 1 or len(identifiers) < 2:
        return {}
    return {"identifier": 0, "grade": same[0] - 1, "maximum": same[0], "open": same[0] + 1}


def _person(sheet: Sheet, row: int, places: Mapping[str, int]) -> Person:
    cells = {
        p: sheet.cell(row, places.get(p)).strip() for p in ("identifier", "name", "id", "email")
    }
    number = _NUMBERED.fullmatch(cells["identifier"])
    ids = {"moodle": number["number"]} if number else {}
    # where names are hidden, a folder bears the word of the identifier; a group's does not
    name = cells["name"] or (number["word"].strip() if number else "")
    return Person(name, id=cells["id"], email=cells["email"], ids=ids)


def _locked(word: str) -> str:
    if word.strip().casefold() in _OPEN:
        return ""
    return f"the worksheet says {printable(word)!r}: its grade cannot be changed"


def _maximum(sheet: Sheet, rows: Sequence[int], column: int) -> float:
    found = {sheet.number(row, column) for row in rows}
    most = next(iter(found)) if len(found) == 1 else None
    if most is None:
        raise UserError(f"{sheet.path}: its maximum is not one number: are grades there words?")
    return most
