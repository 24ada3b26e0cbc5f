"""Whose a submission is: what course systems write, rosters, and matching that never guesses."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.batch.download import class_folder
from autograder.batch.ledger import Ledger
from autograder.batch.matching import squeezed
from autograder.batch.people import Person, Whose, note_whose, whose
from autograder.batch.received import Received
from autograder.batch.roster import read_roster
from autograder.batch.systems import recognised
from autograder.batch.tables import write_grades
from autograder.course import assignment

from .layouts import LAYOUTS, Student, rosters, students, zipped

MODULES = ("m06_model",)
# Same last names, names that begin others, hyphens, accents in both forms, marks, digits at the
# end, signs of formulas, and names that are long.
NAMES = """
Anna|Lee Anna|Leeman Ann|Alee Anna-Maria|Lee Anna_Maria|Lu Kim|M\u00fcller Kim|Muller
Kim|Mu\u0308ller-Lee Kim|Mueller Student|1 Student|11 Student|20001 Se\u00e1n|O'Brien
Se\u00e1n|Obrian Jos\u00e9|de_la_Cruz Jos\u00e9|Cruz \u0130pek|\u015een Stra\u00dfe|Lang
=1+1|Formula -Dash|Formula \u5c71\u7530|\u592a\u90ce \u0915\u093f\u0930\u0923|\u0930\u093e\u092f
\u0915\u0930\u0923|\u0930\u093e\u092f Van|Dyke Vand|Yk LATE|Late Anon|Y_2 M._J.|Park_3 Text|Html
Lee|Annabel
"""
LONG = [("Long" * 25, "Name"), ("Long" * 25, "Namen")]


def the_class() -> list[Student]:
    """Return forty students whose names are easily mixed up."""
    names = [tuple(one.replace("_", " ").split("|")) for one in NAMES.split()]
    named = [Student(n, first, last) for n, (first, last) in enumerate([*names, *LONG], 1)]
    return named + [Student(n, "Robin", f"Common {n}") for n in range(len(named) + 1, 41)]


def received(
    path: Path, out: Path, roster: str = "", system: str = ""
) -> tuple[Received, dict[str, str], Mapping[str, str]]:
    """Take a class in; return it, the student of each name, and what is written in the works."""
    out.mkdir(exist_ok=True)
    people = None
    if roster:
        (out / "roster.csv").write_text(roster, encoding="utf-8")
        people = read_roster(out / "roster.csv")
    with Ledger(out) as ledger, class_folder(path, system) as folder:
        one = Received.of(folder, MODULES, recognised(folder, system), ledger, people)
        works = {s.name: [source.text for source in s.sources.values()] for s in one.submissions()}
        rows = whose(ledger)
    shown = {
        name: "; ".join(p.id or p.ids["github"] for p in row.known) for name, row in rows.items()
    }
    return one, shown, {name: text[0] for name, text in works.items() if text}


def texts_of(everybody: list[Student]) -> dict[str, str]:
    """Return works that say whose they are."""
    return {one.login: f"own = {one.id!r}\n" for one in everybody}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_system_gives_each_work_to_its_student(tmp_path: Path, layout: str) -> None:
    """Of forty whose names are easily mixed up, each finds the own work, in a folder and a zip."""
    everybody = the_class()
    folder = LAYOUTS[layout](tmp_path, everybody, texts_of(everybody))
    lists = rosters(everybody)
    by_system = {
        **{"GitHub, clones": "GitHub Classroom", "GitHub, clones of Classroom 50": "Classroom 50"},
        **{"Canvas": "Canvas", "Gradescope": "Gradescope", "plain": "office"},
        **{"Moodle, folders": "Moodle", "Moodle, flat": "Moodle", "Blackboard": "office"},
        "Brightspace": "spreadsheet",
    }
    for number, path in enumerate((folder, zipped(folder))):
        out = tmp_path / f"out{number}"
        one, shown, texts = received(path, out, lists[by_system[layout]])
        assert [matter.what for matter in one.matters] == []
        assert (one.missing, len(texts)) == ((), 40)
        for name, text in texts.items():
            own = next(s for s in everybody if f"own = {s.id!r}\n" == text)
            assert shown[name] == (own.login if "Classroom 50" in layout else own.id)
        label = layout.partition(" of ")[0]
        assert [*one.facts()][:-1] == [f"read as: {label}"] * (label != "plain")


def one_class(path: Path, names: list[str]) -> Path:
    """Write an entry of each name, with a work in it."""
    for name in names:
        file = path / name if name.endswith(".py") else path / name / "m06_model.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"own = {name!r}\n")
    return path


def moodle(*names: str) -> list[str]:
    """Return folders of Moodle; each name ends in its number."""
    return [f"{name}_assignsubmission_file" for name in names]


@pytest.mark.parametrize(
    ("names", "roster", "wanted", "told"),
    [
        # nobody, or a person off the roster who bears the name of one on it
        (moodle("Anna Lee_1"), "name,id\nBen Lu,7", {}, "nobody on the roster is found for Anna"),
        (moodle("Anna Lee_1"), "Identifier,name,email\nParticipant 2,Anna Lee,a@b", {}, "nobody"),
        # two on the roster, two submissions, or two ways to say it
        (
            moodle("Anna Lee_1"),
            "name,id\nAnna Lee,7\nLee Anna,8",
            {},
            "may be of Anna Lee (7), Lee",
        ),
        (moodle("Anna Lee_1", "Anna Lee_2"), "name,id\nAnna Lee,7", {}, "more than one submission"),
        (["7", "a@b"], "name,id,email\nAnna,7,a@b", {"7": "7", "a@b": "7"}, "more than one"),
        (["7"], "name,id,login\nAnna,7,x\nBen,8,7", {}, "what is known of it is of several: Anna"),
        # a number that is a team's, not the person's
        (
            moodle("Blue_1"),
            "Identifier,name,id\nParticipant 1,Anna,7",
            {},
            "it has the number of Anna (7), but another name: is it a group?",
        ),
        (
            ["blue"],
            "name,id,group,login\nAnna,7,Blue,\nBen,8,,blue",
            {},
            "it may be of Anna (7), Ben",
        ),
        (["m06-ab-x", "m06-ab-y"], "name,id,login\nA,1,x\nB,2,ab-y", {}, "nobody on the roster"),
    ],
)
def test_nothing_is_guessed(
    tmp_path: Path, names: list[str], roster: str, wanted: dict[str, str], told: str
) -> None:
    """What fits nobody, several, or one twice, is told, and whoever it may be of is not missing."""
    system = "github" if names[0].startswith("m06") else ""
    folder = one_class(tmp_path / "class", names)
    for name in names if system else ():
        (folder / name / ".git").mkdir()
    one, shown, _ = received(folder, tmp_path / "out", roster, system)
    assert {name: own for name, own in shown.items() if own} == wanted
    assert told in one.matters[0].what
    assert len(one.missing) == ("nobody" in told) * len(one.roster or ())


@pytest.mark.parametrize(
    ("names", "roster"),
    [
        (moodle("Blue Team_301"), "name,id,team\nA,1,blue team\nB,2,Blue Team\nC,3,red"),
        (["blueteam_20001_5001_m06_model.py"], "name,id,Groups\nA,1,Blue Team\nB,2,Blue Team"),
        (
            ["m06-blue-team", "m06-red"],
            "identifier,github_username,group_name\n1,a,Blue Team\n2,b,Blue Team\n3,c,red",
        ),
    ],
)
def test_a_group_is_all_of_its_people(tmp_path: Path, names: list[str], roster: str) -> None:
    """By the name of the group, whosever number the system has written."""
    folder = one_class(tmp_path / "class", names)
    for name in names[:2] if len(names) > 1 else ():
        (folder / name / ".git").mkdir()
    one, shown, _ = received(folder, tmp_path / "out", roster)
    assert "1; 2" in shown.values()
    assert one.matters == ()


def test_names_are_known_again(tmp_path: Path) -> None:
    """A new spelling in the system, and no roster: the submission keeps its name and its student;
    the name of another on the roster does not take them."""
    roster = "name,id\nAnna Lee,7\nAnna Lu,8\nBen Lu,9\n"
    out = tmp_path / "out"
    _, first, _ = received(one_class(tmp_path / "a", moodle("Anna Lee_1", "Ben Lu_2")), out, roster)
    assert first == {"Anna Lee_1": "7", "Ben Lu_2": "9"}
    again = one_class(tmp_path / "b", moodle("Anna Lu_1"))
    for known in ("", roster.replace("Anna Lee", "Anna Lu-Lee")):
        one, second, texts = received(again, out, known)
        assert second == first
        assert [*texts] == ["Anna Lee_1"]
    assert [person.id for person in one.missing] == ["8"]
    with Ledger(out) as ledger:
        assert whose(ledger)["Anna Lee_1"].written == tuple(moodle("Anna Lu_1"))
        ledger.publish("Anna Lee_1", "", {}, {"exercises": []})
        with ledger.transaction() as base:
            base.execute("INSERT INTO mark VALUES ('Anna Lee_1', 'mse', '', '', 'pass', 1.0)")
        ledger.forget("Anna Lee_1")
        assert [*whose(ledger)] == ["Ben Lu_2"]


def test_a_file_put_there_by_hand_is_the_submission_that_it_is_named_after(tmp_path: Path) -> None:
    """What a teacher asked for again lies there under the name of grades.csv."""
    out, roster = tmp_path / "out", "Identifier,name,id\nParticipant 1,Anna Lee,7\n"
    received(one_class(tmp_path / "a", moodle("Anna Lee_1")), out, roster)
    one, shown, texts = received(one_class(tmp_path / "b", ["Anna Lee_1.py"]), out, roster)
    assert (shown, [*texts], one.matters) == ({"Anna Lee_1": "7"}, ["Anna Lee_1"], ())
    with Ledger(out) as ledger:
        assert whose(ledger)["Anna Lee_1"].written == tuple(moodle("Anna Lee_1"))


def test_grades_say_whose_they_are(tmp_path: Path) -> None:
    """One row of a group, times and lateness as told; nothing in a cell runs or cannot be seen."""
    rows = {
        "a": Whose("gradescope", "1", told=(Person("=A", id="-1"), Person("B\u202e", id="2"))),
        "b": Whose("canvas", "2", persons=(Person("B", id="03"),), late=True),
        "c": Whose("plain", "3", persons=(Person("C", lateness="26:03:10"),), handed_in="2026"),
        "d": Whose("plain", "4", (), (Person("d", id="d"),)),
    }
    with Ledger(tmp_path) as ledger:
        note_whose(ledger, rows)
        kept = whose(ledger)
    assert kept == rows
    write_grades(((name, {}) for name in rows), assignment("m06"), tmp_path / "grades.csv", kept)
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as file:
        table = [[*row.values()][:5] for row in csv.DictReader(file)]
    assert table == [
        ["a", "'-1; 2", "'=A; B\\u202e", "", ""],
        ["b", "03", "B", "", "yes"],
        ["c", "", "C", "2026", "yes"],
        ["d", "", "", "", ""],
    ]


def test_hidden_names_are_nobodys(tmp_path: Path) -> None:
    """Canvas's anonymous names match no number, and nobody is told to be missing."""
    names = ["anon_20001_5001_m06_model.py", "LATE_anon_aBc1d_5002_m06_model.py"]
    roster = rosters(students(3))["Canvas"]
    one, shown, _ = received(one_class(tmp_path / "class", names), tmp_path / "out", roster)
    assert shown == {"anon_20001": "", "anon_aBc1d": ""}
    assert (one.matters, one.missing) == ((), ())
    assert "roster:  not used, since the names are hidden" in [*one.facts()]


def test_vowels_that_are_marks_tell_names_apart() -> None:
    """Canvas keeps them, and without them two names of India would be one."""
    assert squeezed("\u0915\u093f\u0930\u0923") != squeezed("\u0915\u0930\u0923")
    assert squeezed("Mu\u0308ller, Kim-Lee") == squeezed("M\u00dcLLER kimlee")
