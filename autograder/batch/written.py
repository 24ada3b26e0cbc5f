"""Written: the files of a grading folder, as the ledger tells them."""

from __future__ import annotations

from pathlib import Path

from autograder.batch.ledger import Ledger
from autograder.batch.moved import Moved
from autograder.batch.people import whose
from autograder.batch.tables import write_grades, write_moved, write_whole
from autograder.course import Assignment

GRADES = "grades.csv"
MOVED = "moved.csv"
RESULTS = "results"


def write_results(ledger: Ledger, out: Path) -> dict[str, str]:
    """Write the results that have no file yet, of a killed run too; return the reasons by name
    where that is not possible: one that cannot be written stops no other."""
    failed = {}
    for name, content in ledger.unwritten():
        try:
            write_whole(content, out / RESULTS / f"{name}.json")
        except OSError as error:
            failed[name] = str(error.strerror)
        else:
            ledger.note_written(name, content)
    return failed


def write_marks(ledger: Ledger, chosen: Assignment, out: Path) -> list[Moved]:
    """Write the marks of all names, and those that moved since a run was last finished; return
    these. Where none did, the file about them stays as it is."""
    names = ledger.names()
    marks = ((name, ledger.marks(name)) for name in names)
    write_grades(marks, chosen, out / GRADES, whose(ledger))
    moved = ledger.moved()
    if moved or not (out / MOVED).exists():
        write_moved(moved, out / MOVED)
    return moved
