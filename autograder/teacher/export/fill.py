"""Fill: put marks into a sheet, and tell all that is not in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.batch.final import costs_unknown, final_of
from autograder.batch.ledger import Ledger
from autograder.batch.people import Person, Whose, whose
from autograder.course import Assignment
from autograder.course.late import FREE, FinalMark
from autograder.inside.errors import UserError
from autograder.inside.words import counted, printable
from autograder.teacher.export.rows import place
from autograder.teacher.export.sheet import Sheet

_NEXT = {
    "error": "the grader failed on it: run `descent grade` again",
    "unreadable": "nothing of it can be read: give a mark by `descent override`, or ask for it",
}


@dataclass(frozen=True)
class Marks:
    """The final marks of a class by name, and whose they are."""

    assignment: Assignment
    final: Mapping[str, FinalMark]
    whose: Mapping[str, Whose]

    @classmethod
    def of(cls, ledger: Ledger, chosen: Assignment) -> Marks:
        """Return the marks of a ledger."""
        known = whose(ledger)
        names = ledger.names()
        final = {name: final_of(ledger.marks(name), chosen, known.get(name)) for name in names}
        return cls(chosen, final, known)

    @property
    def max_score(self) -> float:
        """The points of the assignment."""
        return round(sum(exercise.points for exercise in self.assignment.exercises), 2)

    def held_back(self, name: str) -> str:
        """Say why a name's mark is not to be exported; empty where it is."""
        mark = self.final[name].mark
        if isinstance(mark, str):
            return f"{mark}: {_NEXT[mark]}" if mark in _NEXT else ""
        if mark and costs_unknown(self.assignment, self.whose.get(name)):
            return "it is late, and nobody knows by how much: enter its mark by hand"
        return ""

    def about_lateness(self) -> list[str]:
        """Return a line for each mark that lateness has lowered, and one where it is not known."""
        lines, unknown = list[str](), 0
        for name, final in self.final.items():
            if final.share < 1 and not isinstance(final.mark, str):
                days = counted(final.days_late or 0, "day")
                lines.append(f"late:     {name}: {days}, {final.total:g} becomes {final.mark:g}")
            unknown += final.days_late is None and not self.held_back(name)
        if unknown and self.assignment.late != FREE:
            lines.append(f"lateness: not known of {unknown}, from whose marks nothing is taken")
        return lines


@dataclass(frozen=True)
class Target:
    """Where marks go in a sheet: a column, and the person of each row.

    `most` are the points that the system has for it, `locked` says why a row cannot be changed,
    `like` are columns whose numbers show how the system writes one, `comments` is the column of
    feedback, `excused` the system's word for who is excused.
    """

    column: int
    persons: Mapping[int, Person]
    most: float | None
    locked: Mapping[int, str] = field(default_factory=dict)
    like: Sequence[int] = ()
    comments: int | None = None
    excused: str = ""


def fill(
    sheet: Sheet, target: Target, marks: Marks, scale: bool, feedback: Mapping[str, str]
) -> tuple[list[str], int]:
    """Put marks into a sheet, and texts by name into its comments; return the lines to be told and
    the number of marks that are not in it. Raises UserError where the points are others."""
    _check_points(sheet, target, marks, scale)
    filling = _Filling(sheet, target, marks, scale, sheet.has_comma(target.column, *target.like))
    placed = place(target.persons, list(marks.final), marks.whose)
    filled, replaced, left, lines = 0, 0, list(placed.unclear), list[str]()
    for name, row in ((name, row) for name, rows in placed.rows.items() for row in rows):
        if why := filling.why_not(name, row):
            left.append(f"{name}: {why}")
            continue
        filled += 1
        replaced += filling.put(name, row)
        lines += filling.comment(name, row, feedback.get(name, ""))
    of_somebody = {row for rows in placed.rows.values() for row in rows}
    empty = [person for row, person in target.persons.items() if row not in of_somebody]
    others = f", {replaced} of them in place of another" if replaced else ""
    return [
        f"filled:   {counted(filled, 'mark')} in {sheet.header[target.column]!r}{others}",
        *marks.about_lateness(),
        *lines,
        *(f"left out: {line}" for line in left),
        *(f"no mark:  {printable(person.shown)}" for person in empty),
    ], len(left)


def _check_points(sheet: Sheet, target: Target, marks: Marks, scale: bool) -> None:
    own, there = marks.max_score, target.most
    if scale and not there:
        raise UserError(f"{sheet.path} does not say to how many points --scale is: leave it out")
    if there is not None and there != own and not scale:
        raise UserError(
            f"{sheet.path} has {there:g} points for it, this assignment {own:g}: "
            f"change that there and export it again, or give --scale"
        )


@dataclass(frozen=True)
class _Filling:
    """Puts one mark after the other into a sheet."""

    sheet: Sheet
    target: Target
    marks: Marks
    scale: bool
    comma: bool

    def why_not(self, name: str, row: int) -> str:
        """Say why a mark is not put into a row; empty where it is."""
        final = self.marks.final[name]
        if why := self.marks.held_back(name) or self.target.locked.get(row):
            return why
        if isinstance(final.mark, str):
            return "" if self.target.excused else "excused: enter it by hand"
        if final.max_score != self.marks.max_score and not self.scale:
            most = f"{final.max_score:g}, not {self.marks.max_score:g}"
            return f"a part is excused, so its maximum is {most}: give --scale"
        return ""

    def put(self, name: str, row: int) -> bool:
        """Put a mark into its cell, which stays as it is where it says the same; say whether it
        said something else."""
        sheet, column, value = self.sheet, self.target.column, self._value(name)
        text = value if isinstance(value, str) else _written(value, self.comma)
        before, number = sheet.cell(row, column).strip(), sheet.number(row, column)
        if before == text or number == value:
            return False
        sheet.fill(row, column, text)
        return bool(before)

    def _value(self, name: str) -> float | str:
        final = self.marks.final[name]
        if isinstance(final.mark, str):
            return self.target.excused
        most = self.target.most if self.scale else None
        return final.mark if most is None else round(final.mark * most / final.max_score, 2)

    def comment(self, name: str, row: int, text: str) -> list[str]:
        """Fill in a comment where there is none yet; return a line where there is one."""
        column = self.target.comments
        if column is None or not text:
            return []
        if self.sheet.cell(row, column).strip():
            return [f"kept:     the comment that {name} has already"]
        self.sheet.fill(row, column, text)
        return []


def _written(number: float, comma: bool) -> str:
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text
