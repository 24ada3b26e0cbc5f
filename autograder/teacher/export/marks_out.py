"""Marks out: `descent export`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.batch.ledger import Ledger
from autograder.batch.lookup import opened
from autograder.batch.standing import students
from autograder.inside.errors import UserError
from autograder.teacher.export import canvas, moodle
from autograder.teacher.export.fill import Marks, fill
from autograder.teacher.export.own import write_csv, write_xlsx
from autograder.teacher.export.sheet import Sheet
from autograder.teacher.feedback import comment
from autograder.teacher.packed import of_ledger

_OF_THE_SYSTEM = ("canvas", "moodle")  # files that are filled in, and not made
_GOES_WITH: dict[str, tuple[str, ...]] = {
    "to": _OF_THE_SYSTEM,
    "scale": _OF_THE_SYSTEM,
    "column": ("canvas",),
    "columns": ("moodle",),
    "feedback": ("moodle",),
}


@dataclass(frozen=True)
class Wanted:
    """What is to be written: for `canvas` or `moodle` the export at `path`, filled in, as `to`; for
    `csv` or `xlsx` the table `path`. The others are the command's options."""

    kind: str
    path: Path
    to: Path | None = None
    column: str | None = None
    columns: str | None = None
    scale: bool = False
    feedback: bool = False

    def check(self) -> None:
        """Raise UserError for options that do not go together."""
        for option, kinds in _GOES_WITH.items():
            if getattr(self, option) and self.kind not in kinds:
                goes = " or ".join(f"--{kind}" for kind in kinds)
                raise UserError(f"--{option} goes with {goes}: leave it out")
        if self.kind in _OF_THE_SYSTEM and self.to is None:
            raise UserError("--to FILE: say where the filled copy of your export is to be written")


def export(out: Path, wanted: Wanted) -> tuple[list[str], int]:
    """Write the marks of a folder; return lines on what is in it and what is not, and how many
    marks are not. Raises UserError."""
    wanted.check()
    with opened(out) as ledger:
        marks = Marks.of(ledger, of_ledger(ledger))
        if wanted.to:
            lines, left = _fill(ledger, marks, wanted, wanted.to)
            return [f"wrote:    {wanted.to}", *lines], left
        write = write_csv if wanted.kind == "csv" else write_xlsx
        write(ledger, marks, wanted.path)
    held = [f"no mark:  {name}: {why}" for name in marks.final if (why := marks.held_back(name))]
    return [f"wrote:    {wanted.path}", *marks.about_lateness(), *held], len(held)


def _fill(ledger: Ledger, marks: Marks, wanted: Wanted, to: Path) -> tuple[list[str], int]:
    sheet = Sheet.read(wanted.path)
    if wanted.kind == "canvas":
        target = canvas.target(sheet, marks.assignment.name, wanted.column)
    else:
        target = moodle.target(sheet, wanted.columns)
    if wanted.feedback and target.comments is None:
        raise UserError(f"{sheet.path} has no column for feedback comments: switch them on there")
    texts: Mapping[str, str] = {}
    if wanted.feedback:
        texts = {one.name: text for one in students(ledger) if (text := comment(one))}
    found = fill(sheet, target, marks, wanted.scale, texts)
    sheet.write(to)
    return found
