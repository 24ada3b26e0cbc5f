"""Tables: the CSV files of a whole class."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields
from pathlib import Path

from autograder.batch.attention import Matter
from autograder.batch.final import final_of
from autograder.batch.moved import Moved
from autograder.batch.people import Whose
from autograder.course import Assignment
from autograder.inside.words import printable

_SPLIT = re.compile(r"([,;|\t\r\n])")  # where programs split a line into cells


def write_grades(
    marks: Iterable[tuple[str, Mapping[str, float | str]]],
    assignment: Assignment,
    path: Path,
    whose: Mapping[str, Whose] | None = None,
) -> None:
    """Write a row per name: whose it is as far as that is known of any, the mark of each exercise,
    the total, and after a deadline what is left of it.

    Where there is no score the status stands as a word, which no import takes for a zero.
    """
    whose = whose or {}
    marks, people = list(marks), _people(whose)
    shown = {column: cells for column, cells in people.items() if any(cells.values())}
    exercises = [exercise.name for exercise in assignment.exercises]
    ends = ("days_late", "mark") if assignment.deadline else ()
    rows = [["submission", *shown, *exercises, "total", "max", *ends]]
    for name, of_name in marks:
        of_whom = [cells.get(name, "") for cells in shown.values()]
        own = [_cell(of_name.get(exercise, "error")) for exercise in exercises]
        final = final_of(of_name, assignment, whose.get(name))
        late = "" if final.days_late is None else str(final.days_late)
        left = (late, _cell(final.mark)) if ends else ()
        rows.append([name, *of_whom, *own, _cell(final.total), f"{final.max_score:g}", *left])
    write_table(rows, path)


def _people(whose: Mapping[str, Whose]) -> dict[str, dict[str, str]]:
    """Return, by column and name, who handed in, and when; a group is in one cell."""
    known = {name: one.known for name, one in whose.items()}
    return {
        "student_id": {n: "; ".join(printable(p.id) for p in of) for n, of in known.items()},
        "student": {n: "; ".join(printable(p.name) for p in of) for n, of in known.items()},
        "handed_in": {name: one.handed_in for name, one in whose.items()},
        "late": {name: _late(one) for name, one in whose.items()},
    }


def _late(one: Whose) -> str:
    """Say whether a submission was late, as the system or Gradescope's table of scores says it."""
    told = {person.lateness.strip("0:") != "" for person in one.persons if person.lateness}
    late = one.late if one.late is not None else (any(told) if told else None)
    return "" if late is None else "yes" if late else "no"


def write_moved(moved: Iterable[Moved], path: Path) -> None:
    """Write a row for each mark that is not what it was, and why."""
    _write_rows(Moved, moved, path)


def write_attention(matters: Iterable[Matter], path: Path) -> None:
    """Write a row for each matter that somebody should look at."""
    _write_rows(Matter, matters, path)


def _write_rows(
    kind: type[Moved] | type[Matter], rows: Iterable[Moved | Matter], path: Path
) -> None:
    """Write a row for each of the dataclass's objects, below the names of its fields."""
    cells = (["" if value is None else str(value) for value in astuple(row)] for row in rows)
    write_table([[field.name for field in fields(kind)], *cells], path)


def write_whole(text: str, path: Path) -> None:
    """Write a file as a whole: whoever ends the run in between leaves the one from before."""
    write_whole_bytes(text.encode("utf-8"), path)


def write_whole_bytes(content: bytes, path: Path) -> None:
    """Write a file as a whole, like `write_whole`."""
    begun = path.parent / ".being-written"
    begun.write_bytes(content)
    begun.replace(path)


def write_table(rows: Iterable[Iterable[str]], path: Path) -> None:
    """Write rows of cells, in which no spreadsheet finds a formula."""
    text = io.StringIO()
    # all in quotes, since some programs split at ; or a tab as well
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(map(_harmless, row) for row in rows)
    write_whole(text.getvalue(), path)


def _cell(mark: float | str) -> str:
    return mark if isinstance(mark, str) else f"{mark:g}"


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running a name such as `=cmd()` as a formula, wherever it splits."""
    return "".join(f"'{part}" if _is_formula(part) else part for part in _SPLIT.split(cell))


def _is_formula(part: str) -> bool:
    """Say whether a part of a cell begins as a formula does, be it in full-width letters."""
    return unicodedata.normalize("NFKC", part).lstrip().startswith(("=", "+", "-", "@"))
