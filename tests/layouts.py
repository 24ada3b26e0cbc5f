"""One class of works, written as each course system gives it to a teacher, and its roster."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = "m06_model.py"


@dataclass(frozen=True)
class Student:
    """One student, by the number in the class."""

    number: int
    first: str
    last: str

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.first} {self.last}"

    @property
    def login(self) -> str:
        """The name of the account."""
        return f"student-{self.number:02}"

    @property
    def email(self) -> str:
        """The address."""
        return f"{self.login}@example.org"

    @property
    def id(self) -> str:
        """The university's number, with a zero in front."""
        return f"00{7000 + self.number}"

    @property
    def of_system(self) -> str:
        """The number that a course system gives."""
        return str(20000 + self.number)


Works = Mapping[str, str]  # by login: the text of FILE
Layout = Callable[[Path, Sequence[Student], Works], Path]


def students(count: int) -> list[Student]:
    """Return a class whose names are plain."""
    return [Student(number, "Student", f"{number:02}") for number in range(1, count + 1)]


def written(path: Path, text: str) -> None:
    """Write a file, and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def squeezed(student: Student) -> str:
    """Return a name as Canvas writes it: last name first, word characters only."""
    letters = re.sub(r"[^\w\u0300-\u036f\u0900-\u097f]", "", f"{student.last}{student.first}")
    return letters.lower()


def gradescope(folder: Path, students: Sequence[Student], works: Works) -> Path:
    """An export: a folder per submission, and a YAML file with Ruby's keys."""
    export = folder / "assignment_501_export"
    lines = ["---"]
    for student in students:
        name = f"submission_{90000 + student.number}"
        written(export / name / FILE, works[student.login])
        lines += [
            *(f"{name}:", "  :submitters:", f"  - :name: {json.dumps(student.name)}"),
            *(f"    :sid: '{student.id}'", f"    :email: {student.email}"),
            *(f"  :created_at: 2026-03-{student.number % 28 + 1:02} 16:50:17.000000000 -07:00",),
            *("  :score: 1.0", "  :results:", "    tests:", "    - name: test", "  :history: []"),
        ]
    written(export / "submission_metadata.yml", "\n".join(lines) + "\n")
    return export


def canvas(folder: Path, students: Sequence[Student], works: Works) -> Path:
    """A flat folder; every third is late, every fifth handed in again."""
    for student in students:
        late = "_LATE" * (student.number % 3 == 0)
        file = "m06_model-1.py" if student.number % 5 == 0 else FILE
        name = f"{squeezed(student)}{late}_{student.of_system}_{50000 + student.number}_{file}"
        written(folder / "gd-m06_submissions" / name, works[student.login])
    return folder / "gd-m06_submissions"


def moodle(folder: Path, students: Sequence[Student], works: Works) -> Path:
    """A folder per student."""
    for student in students:
        name = f"{student.name}_{student.of_system}_assignsubmission_file"
        written(folder / "GD-m06-77" / name / FILE, works[student.login])
    return folder / "GD-m06-77"


def moodle_flat(folder: Path, students: Sequence[Student], works: Works) -> Path:
    """A file per student."""
    for student in students:
        name = f"{student.name}_{student.of_system}_assignsubmission_file_{FILE}"
        written(folder / "flat" / name, works[student.login])
    return folder / "flat"


def github(folder: Path, students: Sequence[Student], works: Works) -> Path:
    """Clones of GitHub Classroom, as its command line writes them."""
    for student in students:
        clone = folder / "m06-submissions" / f"m06-{student.login}"
        written(clone / "exercises" / FILE, works[student.login])
        written(clone / ".git" / "config", "[core]\n\tfsmonitor = touch /tmp/never\n")
    return folder / "m06-submissions"


def classroom50(folder: Path, students: Sequence[Student], works: Works) -> Path:
    """Clones of Classroom 50."""
    for student in students:
        clone = folder / "clones" / f"gd-m06-{student.login}"
        written(clone / FILE, works[student.login])
        written(clone / ".git" / "HEAD", "ref: refs/heads/main\n")
    return folder / "clones"


def blackboard(folder: Path, students: Sequence[Student], works: Works) -> Path:
    """A text about each attempt, and the files of it."""
    for student in students:
        attempt = f"m06_{student.login}_attempt_2026-03-0{student.number % 9 + 1}-12-00-00"
        written(folder / "bb" / f"{attempt}.txt", "Name: ...\n")
        written(folder / "bb" / f"{attempt}_{FILE}", works[student.login])
    return folder / "bb"


def brightspace(folder: Path, students: Sequence[Student], works: Works) -> Path:
    """Flat, with dates in words."""
    for student in students:
        number = f"{13000 + student.number}-80551"
        name = f"{number} - {student.name} - Mar {student.number % 28 + 1}, 2026 905 AM - {FILE}"
        written(folder / "bs" / name, works[student.login])
    return folder / "bs"


def plain(folder: Path, students: Sequence[Student], works: Works) -> Path:
    """Folders under the students' logins."""
    for student in students:
        written(folder / "class" / student.login / FILE, works[student.login])
    return folder / "class"


LAYOUTS: dict[str, Layout] = {
    "Gradescope": gradescope,
    "Canvas": canvas,
    "Moodle, folders": moodle,
    "Moodle, flat": moodle_flat,
    "GitHub, clones": github,
    "GitHub, clones of Classroom 50": classroom50,
    "Blackboard": blackboard,
    "Brightspace": brightspace,
    "plain": plain,
}


def zipped(folder: Path) -> Path:
    """Pack a folder as a system does; return the zip beside it."""
    path = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return path


def _table(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def rosters(students: Sequence[Student]) -> dict[str, str]:
    """Return the class as each system, or an office, lists it, by what it is called."""
    canvas = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "m06 (881)"]]
    canvas += [["    Points Possible", "", "", "", "", "9"]]
    moodle = [["Identifier", "Full name", "ID number", "Email address", "Status", "Grade"]]
    scores = [["First Name", "Last Name", "SID", "Email", "Sections", "Lateness (H:M:S)"]]
    github = [["identifier", "github_username", "github_id", "name"]]
    fifty = [["username", "first_name", "last_name", "email", "section", "github_id"]]
    office = [["Matrikelnummer", "Nachname", "Vorname", "E-Mail-Adresse", "Benutzername"]]
    for s in students:
        canvas += [[f"{s.last}, {s.first}", s.of_system, s.id, s.login, "01", ""]]
        moodle += [[f"Participant {s.of_system}", s.name, s.id, s.email, "Submitted", ""]]
        scores += [[s.first, s.last, s.id, s.email, "01", f"0{s.number % 2}:00:00"]]
        github += [[s.id, s.login, str(s.number), s.name]]
        fifty += [[s.login, s.first, s.last, s.email, "01", str(s.number)]]
        office += [[s.id, s.last, s.first, s.email, s.login]]
    canvas += [["Student, Test", "999", "", "f00d", "01", ""]]
    return {
        "Canvas": _table(canvas),
        "Moodle": "\ufeff" + _table(moodle),
        "Gradescope": _table(scores),
        "GitHub Classroom": _table(github),
        "Classroom 50": _table(fifty),
        "office": _table(office, ";"),
        "spreadsheet": _table([row[::-1] for row in office], "\t"),
    }


def lay_out_gradescope(autograder: Path, base: Path) -> None:
    """Make the folders of Gradescope's container, with the zip of an autograder unpacked."""
    for folder in ("source", "submission", "results"):
        (base / folder).mkdir(parents=True)
    with zipfile.ZipFile(autograder) as archive:
        for entry in archive.infolist():
            archive.extract(entry, base / "source")
            (base / "source" / entry.filename).chmod(entry.external_attr >> 16)
