"""Feedback: what is sent to a student, with nothing about the numbers of a hidden case.

A message tells the first public case that fails, or else a hidden one. Of a hidden one a student
reads that it fails, the kind of an exception and the listed mistake: not what was seen or expected,
nor the text of an exception, into which a submission could write what it was called with.
"""

from __future__ import annotations

import builtins
import html
import re
import textwrap
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.batch.ledger import Ledger
from autograder.batch.lend import told as told_lent
from autograder.batch.names import distinct
from autograder.batch.people import whose
from autograder.batch.standing import Standing, Student
from autograder.inside.errors import UserError

LINE = 80  # characters
QUIET = ("pass", "not_attempted")  # of which there is nothing to say
# before a feedback, as judging/diagnose.py tells
_OF_A_MISTAKE = ("At least this: ", "Besides this difference: ")
_UNSAFE = re.compile(r"[^\w.+ -]|^[.~ -]|[. ]$")  # in a file's name, on any system
_NOTHING_MOVED = (1980, 1, 1, 0, 0, 0)  # the same zip for the same feedback


@dataclass(frozen=True)
class Told:
    """What a student reads about one exercise, or about several of which the same is to be said."""

    standings: tuple[Standing, ...]
    paragraphs: tuple[str, ...]

    @property
    def status(self) -> str:
        """The status that they share."""
        return self.standings[0].status

    @property
    def place(self) -> str:
        """The place that the paragraphs mean by "here"; empty where there is none."""
        one = self.standings[0]
        return f"{one.file}:{one.line}" if one.line else one.file

    @property
    def excerpt(self) -> str:
        """The line of that place."""
        return self.standings[0].excerpt

    @property
    def lines(self) -> list[str]:
        """All of it, the place first."""
        return [part for part in (self.place, self.excerpt, *self.paragraphs) if part]


def told(student: Student) -> list[Told]:
    """Return what is to be said to a student about all that does not pass and was attempted."""
    groups: dict[tuple[object, ...], list[Standing]] = {}
    for one in student.standings.values():
        if one.status not in QUIET:
            key = (one.status, one.file, one.line, *message(student, one))
            groups.setdefault(key, []).append(one)
    return [Told(tuple(group), message(student, group[0])) for group in groups.values()]


def comment(student: Student) -> str:
    """Return what a student reads as HTML, for a cell of a table; empty where all is right."""
    return "".join(map(_paragraph, told(student)))


def _paragraph(one: Told) -> str:
    names = ", ".join(f"{s.exercise.name}: {s.status.replace('_', ' ')}" for s in one.standings)
    lines = html.escape("\n".join(one.lines)).replace("\n", "<br>")
    return f"<p><b>{names}</b><br>{lines}</p>"


def message(student: Student, standing: Standing) -> tuple[str, ...]:
    """Return the paragraphs that a student reads about an exercise."""
    if standing.status == "error":
        return ("The grader failed on this: it is not judged yet, and that is not your fault.",)
    if standing.by_hand:
        return (f"{_by_hand(standing)} by your teacher: {standing.by_hand['why']}",)
    if standing.hidden:
        parts = [_without_numbers(standing), *_causes(standing)]
        parts += [f"It was {told_lent(standing.lent)}."] if standing.lent else []
    else:
        parts = [standing.gap, *standing.why.split("\n")]
    if standing.status == "blocked" and (below := _below(student, standing)):
        parts.append(f"It builds on {', '.join(below)}: mend that first.")
    return tuple(filter(None, parts))


def _by_hand(standing: Standing) -> str:
    if standing.score is None:
        return "Excused"
    return f"{standing.score:g} of {standing.exercise.points:g} points, given"


def _without_numbers(standing: Standing) -> str:
    """Return what is said of a hidden case that fails."""
    name = standing.exercise.name
    raised = re.match(rf"{re.escape(name)} raised (\w+)\b", standing.gap)
    kind = getattr(builtins, raised[1], None) if raised else None
    if isinstance(kind, type) and issubclass(kind, Exception):
        return f"{name} raised {kind.__name__} on a hidden case"
    return f"{name} is wrong on a hidden case, whose numbers are not told"


def _causes(standing: Standing) -> list[str]:
    """Return what the kit says of the cause, without what may tell numbers of a hidden case."""
    lines = [line for line in standing.why.split("\n") if line]
    if standing.cause == "named":
        return lines
    if standing.cause == "error":
        return []
    plain = (line for line in lines if line.startswith(_OF_A_MISTAKE) or not re.search(r"\d", line))
    return list(plain)


def _below(student: Student, standing: Standing) -> list[str]:
    """Return the names of what is to be mended before a blocked exercise."""
    below = (name for name in standing.exercise.builds_on if name not in standing.lent)
    known = (student.standings[name] for name in below if name in student.standings)
    return [one.exercise.name for one in known if one.status != "pass"]


def file_names(names: Sequence[str]) -> dict[str, str]:
    """Return a file's name for each name, without an ending: it cannot lead out of its folder, is
    not hidden, and no two are alike."""
    safe = (_UNSAFE.sub("_", name) for name in names)
    return dict(zip(names, distinct([name or "_" for name in safe]), strict=True))


def fenced(paragraphs: Iterable[str]) -> str:
    """Return a block of Markdown that shows paragraphs as they are, in lines of LINE characters:
    its fence is longer than any row of backticks in them."""
    return fenced_code([line for paragraph in paragraphs for line in _wrapped(paragraph)])


def fenced_code(lines: Sequence[str]) -> str:
    """Return a block of Markdown that shows lines as they are."""
    rows = re.findall("`+", "\n".join(lines))
    fence = "`" * max(3, 1 + max(map(len, rows), default=0))
    return "\n".join([fence, *lines, fence])


def code_span(text: str) -> str:
    """Return Markdown that shows a text as it is, within a line."""
    fence = "`" * (1 + max((len(row) for row in re.findall("`+", text)), default=0))
    space = " " if len(fence) > 1 else ""
    return f"{fence}{space}{text}{space}{fence}"


def _wrapped(paragraph: str) -> list[str]:
    return textwrap.wrap(paragraph, LINE, break_long_words=False, break_on_hyphens=False)


def moodle_folders(ledger: Ledger) -> dict[str, str]:
    """Return, by the name of a submission, the folder in which Moodle handed it out; of a flat
    download the part of the file's name that would be the folder's."""
    found = {}
    for name, one in whose(ledger).items():
        folder = re.match(r".+_assignsubmission_file", one.written[0]) if one.written else None
        if one.system == "moodle" and folder:
            found[name] = folder[0]
    return found


def write_moodle(folders: Mapping[str, str], pages: Mapping[str, Path], path: Path) -> int:
    """Write Moodle's feedback zip; return the number of its folders.

    `folders` has, by the name of a submission, the folder in which Moodle handed it out, such as
    `student-01_20001_assignsubmission_file`; `pages` the page of each name. No zip is written, and
    an old one is taken away, where no folder is known. Raises UserError for a folder that is none.
    """
    chosen = {folder: pages[name] for name, folder in folders.items() if name in pages}
    for folder in chosen:
        if PurePosixPath(folder).name != folder or folder.startswith((".", "~")):
            raise UserError(f"{path}: {folder!r} cannot be a folder of Moodle's")
    path.unlink(missing_ok=True)
    if chosen:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for folder, page in sorted(chosen.items()):
                info = zipfile.ZipInfo(f"{folder}/feedback.html", _NOTHING_MOVED)
                archive.writestr(info, page.read_bytes(), zipfile.ZIP_DEFLATED)
    return len(chosen)
