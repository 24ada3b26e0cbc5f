"""`descent report`: what a class has understood, as pages that open from the disk."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from autograder.answers.ways import references
from autograder.batch.ledger import Ledger
from autograder.batch.spent import last_spent
from autograder.batch.standing import Student, Texts, students
from autograder.inside.errors import UserError
from autograder.teacher import feedback
from autograder.teacher.behaviours import behaviours, most_shared, shared
from autograder.teacher.items import ENOUGH, Item, Totals, items
from autograder.teacher.packed import of_ledger
from autograder.teacher.report import STATUSES
from autograder.teacher.templates import rendered


def write_report(ledger: Ledger, out: Path, similar: str = "") -> Path:
    """Write the pages into `out`/report as a whole, in the place of older ones; return the first.

    `similar` is the file of a page beside them, to which the first one leads. Moodle's feedback zip
    is written, too, where it is known in which folders Moodle handed out the submissions. Raises
    UserError where nothing can be written.
    """
    try:
        return _written(ledger, out, similar)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"the report cannot be written to {out / 'report'}: {reason}") from error


def _written(ledger: Ledger, out: Path, similar: str) -> Path:
    begun, report = out / ".report-being-written", out / "report"
    shutil.rmtree(begun, ignore_errors=True)
    for name in ("exercises", "feedback"):
        (begun / name).mkdir(parents=True)
    pages = _Pages(ledger, begun)
    pages.write_class(similar)
    pages.write_exercises()
    pages.write_feedback(feedback.moodle_folders(ledger))
    shutil.rmtree(report, ignore_errors=True)
    begun.rename(report)
    return report / "index.html"


class _Pages:
    """The pages of one class, written into a folder."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        self._folder = folder
        self._assignment = ledger.fact("assignment") or ""
        self._spent = last_spent(ledger)
        self._students = list(students(ledger))
        chosen = of_ledger(ledger)
        self._references = Texts(references(chosen.modules if chosen.references else ()))
        self._files = feedback.file_names([student.name for student in self._students])
        self._items = items(self._students)
        self._wrong = {i.exercise.name: behaviours(self._students, i.exercise) for i in self._items}

    def write_class(self, similar: str) -> None:
        """Write index.html, the class at a glance."""
        of_all = [one for wrong in self._wrong.values() for one in wrong]
        self._write(
            "index.html",
            "index.html",
            similar=similar,
            totals=Totals.of(self._students),
            spent=self._spent,
            levels=Counter(student.isolation for student in self._students),
            shared=shared(self._students, (item.exercise for item in self._items)),
            unnamed=most_shared(one for one in of_all if one.is_unnamed),
            statuses=[s for s in STATUSES if any(item.statuses[s] for item in self._items)],
            items=self._items,
            students=self._students,
        )

    def write_exercises(self) -> None:
        """Write a page per exercise: its wrong behaviours, and whose they are."""
        exercises = [item.exercise for item in self._items]
        for index, item in enumerate(self._items):
            self._write(
                "exercise.html",
                f"exercises/{item.exercise.stem}.html",
                item=item,
                behaviours=self._wrong[item.exercise.name],
                others=self._others(item),
                statuses=STATUSES,
                before=exercises[index - 1] if index else None,
                after=exercises[index + 1] if index + 1 < len(exercises) else None,
            )

    def _others(self, item: Item) -> dict[str, list[str]]:
        """Return the names of those who are not wrong, by status."""
        found: dict[str, list[str]] = {status: [] for status in STATUSES}
        for student in self._students:
            standing = student.standings.get(item.exercise.name)
            if standing and not standing.wrong:
                found[standing.status].append(student.name)
        return found

    def write_feedback(self, folders: Mapping[str, str]) -> None:
        """Write what each student reads, as HTML and Markdown, and Moodle's zip."""
        pages = {}
        for student in self._students:
            file = f"feedback/{self._files[student.name]}"
            values = _of_student(student) | {"references": self._references_for(student)}
            self._write("feedback.md", f"{file}.md", **values)
            pages[student.name] = self._write("feedback.html", f"{file}.html", **values)
        feedback.write_moodle(folders, pages, self._folder / "moodle_feedback.zip")

    def _references_for(self, student: Student) -> dict[str, str]:
        """Return, by name, the references of what does not pass; none where they are not shown."""
        missed = (s.exercise for s in student.standings.values() if s.status != "pass")
        texts = {exercise.name: self._references.code(exercise) for exercise in missed}
        return {name: text for name, text in texts.items() if text}

    def _write(self, template: str, file: str, **values: object) -> Path:
        path = self._folder / file
        common = {"assignment": self._assignment, "files": self._files, "enough": ENOUGH}
        path.write_text(rendered(template, **common, **values), encoding="utf-8", newline="")
        return path


def as_markdown(student: Student, assignment: str) -> str:
    """Return what a student reads, as Markdown, with no references."""
    values = _of_student(student) | {"references": {}}
    return rendered("feedback.md", assignment=assignment, **values)


def _of_student(student: Student) -> dict[str, object]:
    """Return what a student's page shows."""
    by_status = {
        status: [s for s in student.standings.values() if s.status == status] for status in STATUSES
    }
    score = (
        "no total yet"
        if student.score is None
        else f"{student.score:g} of {student.max_score:g} points"
    )
    return {
        "student": student,
        "score": score,
        "by_status": by_status,
        "quiet": feedback.QUIET,
        "told": feedback.told(student),
        "first": by_status["fail"][0].exercise.name if by_status["fail"] else "",
    }
