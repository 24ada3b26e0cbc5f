"""Our own tables of marks: a row for each person, as CSV or for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.batch.ledger import Ledger
from autograder.batch.people import Person
from autograder.batch.tables import write_table
from autograder.inside.errors import UserError
from autograder.inside.words import printable
from autograder.teacher.export.fill import Marks

Cell = float | str | None
_PERSON = ("student", "student_id", "email", "login")


def write_csv(ledger: Ledger, marks: Marks, path: Path) -> None:
    """Write the table as CSV. Raises UserError."""
    rows = ([_written(cell) for cell in row] for row in _table(ledger, marks))
    try:
        write_table(rows, path)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error


def write_xlsx(ledger: Ledger, marks: Marks, path: Path) -> None:
    """Write the table as a workbook, in which numbers are numbers and texts are never formulas.
    Raises UserError."""
    import xlsxwriter  # of the teacher's extra, as rich is

    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("marks")
    for number, row in enumerate(_table(ledger, marks)):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, column, cell)
            elif cell is not None:
                page.write_number(number, column, cell)
    page.freeze_panes(1, 1)
    try:
        book.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise UserError(f"{path} cannot be written: {error}") from error


def _table(ledger: Ledger, marks: Marks) -> Iterator[list[Cell]]:
    """Yield the header and the rows. A word stands where there is no mark, which no import takes
    for a zero."""
    exercises = [exercise.name for exercise in marks.assignment.exercises]
    last = ("total", "max", "handed_in", "days_late", "share_left", "mark")
    yield [*_PERSON, "submission", *exercises, *last]
    for name, final in marks.final.items():
        own = ledger.marks(name)
        row = marks.whose.get(name)
        mark = "late" if marks.held_back(name) and not isinstance(final.mark, str) else final.mark
        for person in (row.known if row else ()) or (Person(),):
            yield [
                *map(printable, (person.name, person.id, person.email, person.login)),
                *(name, *(own.get(exercise, "error") for exercise in exercises)),
                *(final.total, final.max_score, printable(row.handed_in) if row else ""),
                *(final.days_late, final.share, mark),
            ]


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else f"{cell:g}"
