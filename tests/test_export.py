"""`descent export`: marks in the files of course systems, of which nothing else is changed."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from autograder.batch.final import days_late
from autograder.batch.ledger import Ledger
from autograder.batch.overrides import Override, applied, note, overrides
from autograder.batch.people import Person, Whose, note_whose
from autograder.cli import main
from autograder.course import Assignment, exercises
from autograder.course.late import FinalMark, Late
from autograder.judging.verdict import Verdict
from autograder.teacher.export import canvas
from autograder.teacher.export.fill import Marks, fill
from autograder.teacher.export.sheet import Sheet
from autograder.teacher.packed import CHOSEN, packed

from .known_class import HOSTILE, MSE, class_of, right, wrong

WEEK = Assignment("week-3", (MSE,))
LATE = replace(
    WEEK, deadline=datetime.fromisoformat("2026-12-04T18:00:00+01:00"), late=Late(0.25, 3)
)
UNREADABLE = ("# no text", Verdict(MSE, "unreadable", None, "m06_model.py"))
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,week-3 (501),Other (502),Final Score\r\n"
    ",,,,,Manual Posting,,\r\n"
    '    Points Possible,,,,,2,10,"(read only)"\r\n'
    '"01, Student",20001,007001,student-01,"A, B",,=1+1,\r\n'
    '"02, Student",20002,007002,student-02,A,1.0,7,\r\n'
    '"03, Student",20003,007003,student-03,A,,,\r\n'
    '"Student, Test",30000,,0a1b,A,,,\r\n'
)
MOODLE = (
    'ID;"Vollständiger Name";E-Mail-Adresse;Status;Bewertung;Bestwertung;'
    '"Bewertung kann geändert werden";"Zuletzt geändert (Bewertung)";"Feedback als Kommentar"\n'
    'Teilnehmer/in20001;"Student 01";student-01@example.org;x;;2,00;Ja;-;\n'
    'Teilnehmer/in20002;"Student 02";student-02@example.org;x;"1,00";2,00;Ja;-;"Gut; <b>sehr</b>"\n'
    'Teilnehmer/in20003;"Student 03";student-03@example.org;x;;2,00;Nein;-;\n'
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder in which student-01 has 2 of 2 points, and student-02 has 0.5."""
    graded(tmp_path, {"student-01": right(), "student-02": wrong("# two")})
    return tmp_path


def graded(
    out: Path, verdicts: Mapping[str, tuple[str, Verdict]], chosen: Assignment = WEEK
) -> None:
    """Write the ledger of a class that was graded by an assignment of nothing but mse."""
    class_of(out, **verdicts)
    with Ledger(out) as ledger:
        ledger.note(CHOSEN, json.dumps(packed(chosen)))


def know(out: Path, **rows: Whose) -> None:
    """Let the ledger know whose submissions are; `_` in a name stands for `-`."""
    with Ledger(out) as ledger:
        note_whose(ledger, {name.replace("_", "-"): row for name, row in rows.items()})


def excuse(out: Path, name: str) -> None:
    """Excuse a name's mse by hand."""
    with Ledger(out) as ledger:
        note(ledger, name, Override("mse", "excused", None, "ill", "staff", "2026-12-01"))
        ledger.replace(name, applied(ledger.result(name), overrides(ledger, name)))


def export(out: Path, kind: str, text: str, *options: str, encoding: str = "utf-8") -> str:
    """Fill in a file, and return what is in it then."""
    given, filled = out / "given.csv", out / "filled.csv"
    given.write_bytes(text.encode(encoding))
    main(["export", "--out", str(out), f"--{kind}", str(given), "--to", str(filled), *options])
    return filled.read_bytes().decode(encoding) if filled.exists() else ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("text", [CANVAS, MOODLE, 'a,"b\r\n""c"""\r, "d" ,e"f\n\n"g', "a\tb\n\t"])
def test_a_file_that_is_not_changed_is_the_same(text: str, encoding: str, tmp_path: Path) -> None:
    """Whatever its encoding, delimiter, quotes and line ends are."""
    given = text.removeprefix("\ufeff") if encoding != "utf-8" else text
    (tmp_path / "a.csv").write_bytes(given.encode(encoding))
    Sheet.read(tmp_path / "a.csv").write(tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_canvas_gets_one_column(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All else is as it was, formulas of the teacher's too, and who has no mark is listed."""
    filled = export(out, "canvas", CANVAS)
    assert filled == CANVAS.replace('"A, B",,', '"A, B",2,').replace("A,1.0,7", "A,0.5,7")
    told = capsys.readouterr().out
    assert "filled:   2 marks in 'week-3 (501)', 1 of them in place of another" in told
    assert "no mark:  03, Student (007003)" in told
    assert "Test" not in told


def test_without_a_match_nothing_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file comes back byte for byte, and both sides are listed."""
    graded(tmp_path, {"somebody": right()})
    assert export(tmp_path, "canvas", CANVAS) == CANVAS
    assert export(tmp_path, "moodle", MOODLE) == MOODLE
    told = capsys.readouterr().out
    assert told.count("left out: somebody: no row is found") == 2
    assert "no mark:  Student 01 (student-01@example.org)" in told


def test_canvas_refuses_a_column_that_is_not_there(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would make a new assignment there: the columns are listed, and one may be asked for."""
    renamed = CANVAS.replace("week-3 (501)", "Week three (501)")
    assert not export(out, "canvas", renamed)
    assert '--column one of "Week three (501)", "Other (502)"' in capsys.readouterr().err
    for asked in ("Week three (501)", "week three", "501"):
        assert '"A, B",2,' in export(out, "canvas", renamed, "--column", asked)
    (out / "filled.csv").unlink()
    assert not export(out, "canvas", CANVAS.replace("Other (", "week-3 ("))
    assert "more than one column is 'week-3'" in capsys.readouterr().err


def test_a_cell_that_has_the_mark_already_stays(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """However its number is written; it is in place of nothing."""
    twice = CANVAS.replace('"A, B",,', '"A, B",2.00,')
    assert export(out, "canvas", twice) == twice.replace("A,1.0,7", "A,0.5,7")
    assert "2 marks in 'week-3 (501)', 1 of them in place of" in capsys.readouterr().out


def test_a_part_that_is_excused_is_not_scaled_in_silence(tmp_path: Path) -> None:
    """The maximum of that student is another one: listed, or scaled when that is asked for."""
    two = Assignment("week-3", (MSE, exercises()["train_step"]))
    marks = Marks(two, {"student-01": FinalMark(1.0, 2.0, None, 1.0, 1.0)}, {})
    (tmp_path / "given.csv").write_text(CANVAS, encoding="utf-8", newline="")
    sheet = Sheet.read(tmp_path / "given.csv")
    target = replace(canvas.target(sheet, "week-3", None), most=marks.max_score)
    lines, left = fill(sheet, target, marks, False, {})
    assert left == 1
    assert any("student-01: a part is excused, so its maximum is 2, not" in line for line in lines)
    assert fill(sheet, target, marks, True, {})[1] == 0
    assert sheet.number(3, target.column) == marks.max_score / 2


def test_other_points_are_never_scaled_in_silence(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are refused with both numbers, and scaled when that is asked for."""
    other = CANVAS.replace(",2,10,", ",30,10,")
    assert not export(out, "canvas", other)
    assert "30 points for it, this assignment 2" in capsys.readouterr().err
    filled = export(out, "canvas", other, "--scale")
    assert '"A, B",30,' in filled
    assert "A,7.5,7" in filled


def test_a_word_is_no_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be read is listed and its cell left; who is excused has Canvas's own word."""
    graded(tmp_path, {"student-01": right(), "student-02": UNREADABLE})
    excuse(tmp_path, "student-01")
    assert export(tmp_path, "canvas", CANVAS) == CANVAS.replace('"A, B",,', '"A, B",EX,')
    assert "left out: student-02: unreadable: nothing of it can be read" in capsys.readouterr().out
    assert export(tmp_path, "moodle", MOODLE) == MOODLE


def test_the_number_of_the_system_decides(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not the name; and a number that has another name may be a group's, and is listed."""
    of_canvas = Whose("canvas", "20003", told=(Person("03student", ids={"canvas": "20003"}),))
    group = Whose("canvas", "20001", told=(Person("thegroup", ids={"canvas": "20001"}),))
    know(out, student_01=of_canvas, student_02=group)
    assert export(out, "canvas", CANVAS) == CANVAS.replace("student-03,A,,", "student-03,A,2,")
    assert "left out: student-02 (thegroup (20001)): no row is found" in capsys.readouterr().out


def test_a_folder_may_be_named_after_a_login_or_a_name(out: Path) -> None:
    """What the ledger notes of such a folder is a guess, and no person's id."""
    for name in ("student-01", "Student 01"):
        guess = (Person(name, id=name, email=name, login=name, ids={"github": name}),)
        graded(out, {name: right()})
        know(out, **{name: Whose("plain", name, told=guess)})
        assert '"A, B",2,' in export(out, "canvas", CANVAS)
        assert {row["student_id"] for row in table(out)} == {""}
        (out / "ledger.sqlite").unlink()


def test_two_of_one_name_are_not_mixed_up(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the name alone neither gets the mark, and both are listed; by an id one does."""
    twins = CANVAS.replace("02, Student", "01, Student")
    know(out, student_01=Whose("brightspace", "x", told=(Person("Student 01"),)))
    assert '"A, B",,' in export(out, "canvas", twins)
    told = capsys.readouterr().out
    assert "it may be of 01, Student (007001) or 01, Student (007002)" in told
    know(out, student_01=Whose("plain", "x", persons=(Person("Student 01", id="007001"),)))
    assert '"A, B",2,' in export(out, "canvas", twins)
    other = Person("Student 01", ids={"canvas": "29999"})  # of one name, and not in the file
    know(out, student_01=Whose("canvas", "29999", told=(other,)))
    assert '"A, B",,' in export(out, "canvas", CANVAS)


def test_two_submissions_of_one_student_are_both_left(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which of them counts is not guessed."""
    same = (Person("Student 01", id="007001"),)
    know(
        out,
        student_01=Whose("plain", "x", persons=same),
        student_02=Whose("plain", "y", persons=same),
    )
    assert export(out, "canvas", CANVAS) == CANVAS
    assert capsys.readouterr().out.count("another submission is of 01, Student (007001), too") == 2


def test_all_of_a_group_get_its_mark(out: Path) -> None:
    """One submission, two persons, two rows."""
    persons = (Person("Student 01", id="007001"), Person("Student 03", email="student-03"))
    know(out, student_01=Whose("plain", "x", persons=persons))
    filled = export(out, "canvas", CANVAS)
    assert '"A, B",2,' in filled
    assert "student-03,A,2," in filled


def test_moodle_gets_grades_as_it_writes_them(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its comma, in rows that are not locked; all else is as it was."""
    know(
        out,
        student_01=Whose("moodle", "20003", told=(Person("Student 03", ids={"moodle": "20003"}),)),
    )
    filled = export(out, "moodle", MOODLE.replace("student-02@example.org", "student-02"))
    assert filled == MOODLE.replace("student-02@example.org", "student-02").replace(
        '"1,00"', '"0,5"'
    )
    assert "left out: student-01: the worksheet says 'Nein'" in capsys.readouterr().out


def test_moodle_in_any_language(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The columns are found by what is in them, or as they are named; else they are asked for."""
    other = MOODLE.replace("Bewertung;Bestwertung", "Note;Maximum possible").replace("ID;", "No;")
    other = other.replace('"Bewertung kann geändert werden"', "Modifiable").replace(";Ja;", ";Oui;")
    know(out, student_01=Whose("moodle", "1", persons=(Person(email="student-01@example.org"),)))
    other = other.replace("E-Mail-Adresse", "Email address")
    assert "Oui;-" in (filled := export(out, "moodle", other))
    assert "student-01@example.org;x;2;2,00" in filled
    unlike = other.replace(";2,00;Nein", ";;Nein").replace(";2,00;Oui", ";2,00;Oui")
    (out / "filled.csv").unlink()
    assert not export(out, "moodle", unlike)
    assert "no column is known as identifier, grade, maximum, open" in capsys.readouterr().err
    named = "identifier=No,grade=Note,maximum=Maximum possible,open=Modifiable"
    assert export(out, "moodle", other, "--columns", named) == filled


def test_feedback_is_escaped_and_replaces_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a student wrote is no markup in Moodle, and a teacher's own comment is kept."""
    hostile = wrong(f"# {HOSTILE}", gap=f"your loss {HOSTILE}\nexpected 2")
    graded(tmp_path, {"student-01@example.org": hostile, "student-02@example.org": hostile})
    filled = export(tmp_path, "moodle", MOODLE, "--feedback")
    assert "<p><b>mse: fail</b><br>" in filled
    assert HOSTILE not in filled
    assert "Gut; <b>sehr</b>" in filled
    assert "kept:     the comment that student-02@example.org has" in capsys.readouterr().out


def test_lateness_lowers_a_mark(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the time is known; told in a line, and in a column of our own table."""
    graded(tmp_path, {"student-01": right(), "student-02": wrong("# b")}, LATE)
    at = "2026-12-05T19:00:00"
    know(tmp_path, student_01=Whose("plain", "x", handed_in=f"{at}+01:00"))
    assert '"A, B",1,' in export(tmp_path, "canvas", CANVAS)
    told = capsys.readouterr().out
    assert "late:     student-01: 2 days, 2 becomes 1" in told
    assert "lateness: not known of 1, from whose marks nothing is taken" in told
    row = table(tmp_path)[0]
    assert [row[key] for key in ("total", "days_late", "share_left", "mark")] == [
        *("2", "2", "0.5", "1")
    ]


@pytest.mark.parametrize(
    ("handed_in", "days"),
    [
        ("2026-12-04T18:00:00+01:00", 0),
        ("2026-12-04T17:59:59", 0),  # by the deadline's own clock
        ("2026-12-04 16:50:17.000000000 -08:00", 1),  # as Gradescope writes it
        ("2026-12-05T17:00:01Z", 2),
        ("2026-12-05T17:00", 1),
        ("2026-13-05T17:00", None),
        ("", None),
    ],
)
def test_times_are_read_as_systems_write_them(handed_in: str, days: int | None) -> None:
    """With and without a distance from UTC; what is no time is not known."""
    assert days_late(LATE, Whose("plain", "x", handed_in=handed_in)) == days
    assert days_late(LATE, Whose("canvas", "x", late=False)) == 0


def test_late_by_nobody_knows_how_much_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Canvas says that something is late, and not when it came."""
    graded(tmp_path, {"student-01": right()}, LATE)
    know(tmp_path, student_01=Whose("plain", "x", late=True))
    assert export(tmp_path, "canvas", CANVAS) == CANVAS
    assert "left out: student-01: it is late, and nobody knows" in capsys.readouterr().out
    assert table(tmp_path)[0]["mark"] == "late"


def test_hidden_names_are_found_by_their_number(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As Moodle numbers its participants; the number of a group is none of theirs."""
    hidden = "\n".join(
        ["Identifier,Status,Grade,Maximum Grade,Grade can be changed"]
        + [f"Participant {number},x,,2.00,Yes" for number in (20001, 20002)]
    )
    one = Person("Participant", ids={"moodle": "20001"})
    group = Person("Group A", ids={"moodle": "20002"})
    know(out, student_01=Whose("moodle", "20001", told=(one,)))
    know(out, student_02=Whose("moodle", "20002", told=(group,)))
    assert export(out, "moodle", hidden) == hidden.replace("20001,x,,", "20001,x,2,")
    assert "left out: student-02 (Group A (20002)): no row is found" in capsys.readouterr().out


def test_an_encoding_without_a_letter_is_told(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be written is not left out in silence."""
    graded(out, {"student-02": wrong("# two", gap="\u2207 is missing")})
    own = MOODLE.replace('"Gut; <b>sehr</b>"', "").replace("02@example.org", "02")
    assert not export(out, "moodle", own, "--feedback", encoding="cp1252")
    assert "is in cp1252, which has no '\u2207': save it as CSV in UTF-8" in capsys.readouterr().err


def table(out: Path) -> list[dict[str, str]]:
    """Write our own table, and return its rows."""
    main(["export", "--out", str(out), "--csv", str(out / "marks.csv")])
    with (out / "marks.csv").open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def test_our_own_table_has_a_row_per_person(out: Path) -> None:
    """With names and ids, and without formulas."""
    persons = (Person("=cmd()", id="007001"), Person("Student 03", email="student-03@example.org"))
    know(out, student_01=Whose("plain", "x", persons=persons))
    rows = table(out)
    assert [row["student"] for row in rows] == ["'=cmd()", "Student 03", ""]
    assert [row["submission"] for row in rows] == ["student-01", "student-01", "student-02"]
    assert [(row["mse"], row["mark"], row["max"]) for row in rows][2] == ("0.5", "0.5", "2")


def test_a_workbook_has_numbers_and_no_formula(out: Path) -> None:
    """A name that begins as a formula is a text in it."""
    know(out, student_01=Whose("plain", "x", persons=(Person("=1+1", id="007001"),)))
    assert main(["export", "--out", str(out), "--xlsx", str(out / "marks.xlsx")]) == 0
    with zipfile.ZipFile(out / "marks.xlsx") as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<v>0.5</v>" in page
    assert "<f>" not in page
    assert "<t>=1+1</t>" in texts


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--gradescope"], "`descent gradescope` builds"),
        (["--canvas", "given.csv"], "--to FILE: say where"),
        (["--csv", "a.csv", "--scale"], "--scale goes with --canvas or --moodle"),
        (["--canvas", "no.csv", "--to", "b.csv"], "no.csv: No such file"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    options: list[str], told: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the next step."""
    assert main(["export", "--out", str(out), *options]) == 2
    assert told in capsys.readouterr().err


def test_the_teachers_own_file_stays(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is not written over."""
    given = str(out / "given.csv")
    (out / "given.csv").write_text(CANVAS, encoding="utf-8", newline="")
    assert main(["export", "--out", str(out), "--canvas", given, "--to", given]) == 2
    assert "stays as it is: give --to another name" in capsys.readouterr().err
