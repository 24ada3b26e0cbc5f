"""Rosters: the class as systems and offices list it, in any order, language and encoding."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.batch.people import Person
from autograder.batch.roster import MAX_CELL, read_roster
from autograder.inside.errors import UserError

from .layouts import rosters, students

CLASS = students(3)
ANNE = "Ann\u00e9"


def of(tmp_path: Path, content: str | bytes) -> list[Person]:
    """Return the people of a roster with this content."""
    path = tmp_path / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_roster(path)


@pytest.mark.parametrize("kind", rosters(CLASS))
def test_every_systems_own_list_is_read(tmp_path: Path, kind: str) -> None:
    """Names and all that the list knows of a student, whatever the columns are called."""
    people = of(tmp_path, rosters(CLASS)[kind])
    assert [one.name for one in people] == [student.name for student in CLASS]
    first, student = people[0], CLASS[0]
    ids = {
        "Canvas": {"canvas": student.of_system},
        "Moodle": {"moodle": student.of_system},
        "GitHub Classroom": {"github": student.login},
        "Classroom 50": {"github": student.login},
    }
    assert first.ids == ids.get(kind, {})
    assert first.id == ("" if kind == "Classroom 50" else student.id)
    assert first.email in ("", student.email)
    assert first.login == (student.login if kind in ("Canvas", "office", "spreadsheet") else "")


@pytest.mark.parametrize(
    ("header", "row", "wanted"),
    [
        ("E-Mail;Vollst\u00e4ndiger Name", f"a@b;{ANNE} Lee", Person(f"{ANNE} Lee", email="a@b")),
        ("Pr\u00e9nom\tNom", f"{ANNE}\tLee", Person(f"{ANNE} Lee", last_first=f"Lee, {ANNE}")),
        ("Apellido(s),Nombre", f"Lee,{ANNE}", Person(f"{ANNE} Lee", last_first=f"Lee, {ANNE}")),
        ("sep=;\nStudent_ID;team", "007;blue", Person(id="007", group="blue")),
        ("Identifier,Student", "s1234567,Lee", Person("Lee", id="s1234567")),
        ("ID,Name", "Teilnehmer/in 77,Lee", Person("Lee", ids={"moodle": "77"})),
        ("LOGIN , x", " Ann  ,y", Person(login="Ann")),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_headers_of_other_languages_and_encodings(
    tmp_path: Path, header: str, row: str, wanted: Person, encoding: str
) -> None:
    """With a mark of the order of bytes or without one, in UTF-8, UTF-16 or Latin-1."""
    assert of(tmp_path, f"\r\n{header}\r\n{row}\r\n{row}\r\n".encode(encoding)) == [wanted]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Foo,\u202eBar,=1\n1,2,3\n", "(columns: Foo, \\u202eBar, =1): name a column name, email"),
        ("", "(columns: none): name a column name, email, student_id or username"),
        ("name\n\n", "no row below the columns names a student"),
        (b"name\nAn\0na\n", "is no text: save it as CSV in UTF-8"),
        (b"PK\3\4\0\0\xff", "is no text: save it as CSV in UTF-8"),
        ("name\n" + '"' + "x" * 200_000, "is no CSV: field larger than field limit"),
        (b"name\n" + b"x\n" * 2**23, "is over 16 MiB"),
    ],
)
def test_what_is_no_roster_is_a_line(tmp_path: Path, content: str | bytes, told: str) -> None:
    """It names the file, and what to do."""
    with pytest.raises(UserError) as error:
        of(tmp_path, content)
    assert told in str(error.value)
    assert "roster.csv" in str(error.value)
    assert str(error.value).isprintable()


def test_a_roster_that_is_not_there_is_a_line(tmp_path: Path) -> None:
    """A folder, too, is no roster."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UserError, match="give --roster a CSV"):
            read_roster(path)


def test_a_cell_has_a_limit(tmp_path: Path) -> None:
    """A name of 200 characters is kept, one of pages is not."""
    people = of(tmp_path, f"name\n{'x' * 200}\n{'y' * 10_000}\n")
    assert [len(one.name) for one in people] == [200, MAX_CELL]
