"""`descent report`: numbers of a class, its wrong behaviours, and what is sent to students."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.batch.ledger import Ledger
from autograder.batch.lookup import opened
from autograder.batch.overrides import Override, applied, note, overrides
from autograder.batch.people import Whose, note_whose
from autograder.batch.spent import Spent, last_spent, note_spent
from autograder.batch.standing import Standing, students
from autograder.cli import main
from autograder.course import assignment, exercises
from autograder.inside.errors import UserError
from autograder.teacher import feedback
from autograder.teacher.behaviours import behaviours, first_sentence, shared
from autograder.teacher.class_pages import write_report
from autograder.teacher.items import ENOUGH, Totals, discrimination, items, share
from autograder.teacher.packed import CHOSEN, packed

from .known_class import HOSTILE, MSE, class_of, right, wrong

TRAIN_STEP = exercises()["train_step"]
HALF = "You halved the mean. That is another convention."


def told(out: Path, **fields: object) -> str:
    """Return what a student reads about an mse with a verdict."""
    (student,) = class_of(out, one=wrong(**fields))  # type: ignore[arg-type]
    return "\n".join(feedback.message(student, student.standings["mse"]))


def test_discrimination_is_pearsons_r_with_the_rest() -> None:
    """Three sets whose correlation is known by hand; too few, or no spread, have none."""
    own = [0.0, 1.0] * (ENOUGH // 2)
    assert discrimination(own, [2 * one + 3 for one in own]) == pytest.approx(1)
    assert discrimination(own, [5 - one for one in own]) == pytest.approx(-1)
    rest = [0.0, 0.0, 1.0, 1.0] * (ENOUGH // 4)
    assert discrimination(own, rest) == pytest.approx(0)
    assert discrimination(own[1:], own[1:]) is None
    assert discrimination(own, [1.0] * ENOUGH) is None


def test_an_items_own_points_are_no_part_of_the_rest(tmp_path: Path) -> None:
    """In a class of one exercise nothing is left to correlate with."""
    names = {f"s{n}": (wrong() if n % 2 else right()) for n in range(ENOUGH)}
    (item,) = items(class_of(tmp_path, **names))
    assert item.difficulty == pytest.approx((2.0 + 0.5) / 2 / MSE.points)
    assert item.discrimination is None
    assert item.statuses == {"fail": ENOUGH // 2, "pass": ENOUGH // 2}


def test_totals_have_a_bar_of_all_points() -> None:
    """Every total is in one bar; those that are words are counted apart."""
    totals = Totals([0, 4.9, 5, 49.9, 50], 2, 50)
    rows = {row.text: row.count for row in totals.rows}
    assert sum(rows.values()) == 5
    assert (rows["50"], rows["45 to below 50"], rows["5 to below 10"], rows["0 to below 5"]) == (
        *(1, 1, 1),
        2,
    )
    assert totals.median == 5
    assert totals.mean == pytest.approx(21.96)


def test_a_behaviour_is_all_that_share_a_fingerprint(tmp_path: Path) -> None:
    """The commonest comes first, and its example is the shortest code; the rest has its message."""
    long = "def mse(pred, target):\n    '''Text.'''\n    x = pred\n    return x\n"
    short = "def mse(pred, target):\n    '''A much longer text.'''\n    return pred\n"
    of = class_of(
        tmp_path,
        a=wrong(fingerprint="", gap="mse is not defined"),
        b=wrong(long),
        c=wrong(short, gap="your loss 3, expected 4"),
        d=right(),
    )
    first, second = behaviours(of, MSE)
    assert [one.name for one in first.members] == ["b", "c"]
    assert first.example.code == "def mse(pred, target):\n    return pred"
    assert (first.is_unnamed, second.is_unnamed) == (True, False)
    assert second.example.gap == "mse is not defined"


def test_mistakes_are_ranked_by_how_many_share_them(tmp_path: Path) -> None:
    """Each has its name and the first sentence of what is said of it."""
    of = class_of(
        tmp_path,
        a=wrong(diagnosis="root", cause="named"),
        b=wrong(diagnosis="half", cause="named"),
        c=wrong(diagnosis="half, root", cause="named"),
        d=wrong(diagnosis="half", cause="at_least"),
    )
    half, root = shared(of, [MSE])
    assert (half.slug, half.names, root.names) == ("half", ("b", "c", "d"), ("a", "c"))
    assert half.text == "You halved the mean."


@pytest.mark.parametrize(
    ("text", "first"),
    [("One.  Two.", "One."), ("None ends", "None ends"), ("", ""), ("1/2.5 m. B", "1/2.5 m.")],
)
def test_a_sentence_ends_at_its_mark(text: str, first: str) -> None:
    """A dot within a number ends none."""
    assert first_sentence(text) == first


def test_a_public_case_is_told_with_its_numbers(tmp_path: Path) -> None:
    """What the student could see by pytest is in the feedback, too."""
    assert told(tmp_path, why=HALF) == f"your loss 1, expected 2\n{HALF}"


@pytest.mark.parametrize(
    ("fields", "reads"),
    [
        (
            {"gap": "your size 7 at [3], expected 8"},
            "mse is wrong on a hidden case, whose numbers are not told",
        ),
        ({"gap": "mse raised IndexError: x is 0.5"}, "mse raised IndexError on a hidden case"),
        (
            {"gap": "mse raised X05: 0.5"},
            "mse is wrong on a hidden case, whose numbers are not told",
        ),
        (
            {"cause": "named", "why": "You took 1/2."},
            "mse is wrong on a hidden case, whose numbers are not told\nYou took 1/2.",
        ),
        (
            {
                "cause": "at_least",
                "why": "Your loss: 3 times.\nBesides this difference: You took 1/2.",
            },
            "mse is wrong on a hidden case, whose numbers are not told\n"
            "Besides this difference: You took 1/2.",
        ),
        (
            {"cause": "error", "why": "`pred` is no index."},
            "mse is wrong on a hidden case, whose numbers are not told",
        ),
    ],
)
def test_a_hidden_case_is_told_without_its_numbers(
    tmp_path: Path, fields: Mapping[str, object], reads: str
) -> None:
    """Nothing that was seen or expected is sent, nor the text of an exception."""
    assert told(tmp_path, hidden=True, **fields) == reads


def test_where_the_ledger_does_not_know_the_case_nothing_is_told(tmp_path: Path) -> None:
    """A verdict of an earlier version has no index of the case that its gap is about."""
    hidden, public = tmp_path / "hidden", tmp_path / "public"
    hidden.mkdir()
    public.mkdir()
    assert "expected 2" not in told(hidden, hidden=True, told=None)
    assert "expected 2" in told(public, told=None, probes=("fail", "pass"))


def test_what_is_blocked_names_what_to_mend_first(tmp_path: Path) -> None:
    """Of what it builds on, that which does not pass."""
    (student,) = class_of(tmp_path, one=wrong())
    below = student.standings["mse"]
    above = replace(below, exercise=TRAIN_STEP, status="blocked")
    both = replace(student, standings={"mse": below, "train_step": above})
    assert feedback.message(both, above)[-1] == "It builds on mse: mend that first."


def test_what_is_said_of_several_is_said_once(tmp_path: Path) -> None:
    """A file that is missing is one paragraph, whatever stood in it."""
    (student,) = class_of(tmp_path, one=wrong(gap="the file is missing", line=None))
    standing = student.standings["mse"]
    of = {n: replace(standing, exercise=exercises()[n]) for n in ("mse", "model")}
    (one,) = feedback.told(replace(student, standings=of))
    assert [standing.exercise.name for standing in one.standings] == ["mse", "model"]


def test_a_files_name_is_safe() -> None:
    """Names cannot lead out of the folder, are not hidden, and none is another's."""
    names = ["../x", "..", ".ssh", "a/b", "a:b", HOSTILE, "Änne", "änne", "", "~x", "x."]
    files = feedback.file_names(names)
    assert len({name.casefold() for name in files.values()}) == len(names)
    assert not any(set(file) & set('/\\:<>"|?*#%') for file in files.values())
    assert not any(file.startswith((".", "~")) or not file for file in files.values())
    assert files["Änne"] == "Änne"


def test_markdown_shows_what_a_student_wrote_as_it_is() -> None:
    """A fence and a span are longer than the backticks within."""
    assert feedback.fenced(["a ```` b", "c"]) == "`````\na ```` b\nc\n`````"
    assert feedback.code_span("a`b") == "`` a`b ``"
    assert feedback.code_span("mse") == "`mse`"


def test_moodles_zip_has_a_folder_for_each_known_one(tmp_path: Path) -> None:
    """Named as Moodle named it; without any there is no zip, and one that leads away is refused."""
    page, path = tmp_path / "page.html", tmp_path / "moodle.zip"
    page.write_text("text")
    folder = "student-01_20001_assignsubmission_file"
    assert feedback.write_moodle({"a": folder, "gone": "x"}, {"a": page, "b": page}, path) == 1
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [f"{folder}/feedback.html"]
        assert archive.read(f"{folder}/feedback.html") == b"text"
    assert feedback.write_moodle({}, {"a": page}, path) == 0
    assert not path.exists()
    with pytest.raises(UserError, match="cannot be a folder"):
        feedback.write_moodle({"a": "../x"}, {"a": page}, path)


def test_the_report_of_the_example_class(tmp_path: Path) -> None:
    """A page for the class, each exercise and each student; a second report replaces all of it."""
    class_of(tmp_path, a=wrong(), b=right(), c=wrong(cause="named", diagnosis="half"))
    (tmp_path / "report" / "feedback").mkdir(parents=True)
    (tmp_path / "report" / "feedback" / "withdrawn.md").write_text("old")
    with opened(tmp_path) as ledger:
        first = write_report(ledger, tmp_path)
    files = {str(p.relative_to(first.parent)) for p in first.parent.rglob("*.*")}
    assert files == {
        *("index.html", "exercises/m06_3_mse.html"),
        *(f"feedback/{name}.{ending}" for name in "abc" for ending in ("html", "md")),
    }
    text = first.read_text("utf-8")
    assert "You halved the mean." in text
    assert "too few" in text
    assert not list(tmp_path.glob(".report*"))


def test_what_students_wrote_is_escaped(tmp_path: Path) -> None:
    """A name, a line of code, a message and a note with markup are text on every page."""
    code = f'def mse(pred, target):\n    return "{HOSTILE}"\n'
    named = {HOSTILE: wrong(code, gap=HOSTILE, why=HOSTILE, file=HOSTILE), "../x": wrong(code)}
    class_of(tmp_path, **named)
    with opened(tmp_path) as ledger:
        report = write_report(ledger, tmp_path).parent
    pages = list(report.rglob("*.html"))
    assert len(pages) == 4
    assert {page.parent.parent for page in report.rglob("feedback/*")} == {report}
    for page in pages:
        assert "<script>alert" not in page.read_text("utf-8")
        assert "default-src &#39;none&#39;" in page.read_text("utf-8")
    # all but the page of the other student, which shows nothing of this one
    assert sum("&lt;script&gt;alert" in page.read_text("utf-8") for page in pages) == 3


def test_a_folder_without_a_ledger_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, with the next step."""
    assert main(["report", "--out", str(tmp_path)]) == 2
    told = "has no ledger.sqlite: give the --out of a `descent grade` run\n"
    assert capsys.readouterr().err.endswith(told)


def test_a_place_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line with the place, where a file of that name is in the way."""
    class_of(tmp_path)
    (tmp_path / "report").write_text("mine")
    assert main(["report", "--out", str(tmp_path)]) == 2
    told = f"the report cannot be written to {tmp_path / 'report'}: "
    assert capsys.readouterr().err.startswith(f"descent: {told}")
    assert (tmp_path / "report").read_text() == "mine"


def test_an_empty_ledger_has_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody has handed anything in: the page says so and divides by nothing."""
    class_of(tmp_path)
    assert main(["report", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"report: {tmp_path / 'report' / 'index.html'}\n"
    assert "0 submissions" in (tmp_path / "report" / "index.html").read_text("utf-8")


def test_the_time_is_that_of_the_last_run_that_judged(tmp_path: Path) -> None:
    """A run in which all was known leaves it; without any nothing is said of time."""
    with Ledger(tmp_path) as ledger:
        assert last_spent(ledger) is None
        note_spent(ledger, Spent(2, 84, 12.3))
        note_spent(ledger, Spent(2, 0, 0.1))
        assert last_spent(ledger) == Spent(2, 84, 12.3)
        text = write_report(ledger, tmp_path).read_text("utf-8")
    assert "The last run gave 84 verdicts about 2 submissions in 12 s." in text


@pytest.mark.parametrize(("r", "text"), [(-0.001, "0.00"), (-0.125, "-0.12"), (1.0, "1.00")])
def test_a_correlation_has_two_digits_and_no_minus_zero(
    r: float, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is rounded to 0 has no sign."""
    monkeypatch.setattr("autograder.teacher.items.discrimination", lambda own, rest: r)
    class_of(tmp_path, a=wrong(), b=right())
    with opened(tmp_path) as ledger:
        report = write_report(ledger, tmp_path).parent
    page = (report / "exercises" / "m06_3_mse.html").read_text("utf-8")
    assert f"Item-rest correlation: {text}." in page


def test_a_share_is_of_the_exercises_points(tmp_path: Path) -> None:
    """No score is no points."""
    (student,) = class_of(tmp_path, one=wrong(score=0.5))
    standing: Standing = student.standings["mse"]
    assert math.isclose(share(standing), 0.25)
    assert share(replace(standing, score=None)) == 0


def test_moodles_folders_are_those_that_it_wrote(tmp_path: Path) -> None:
    """Of a download in folders and of a flat one; of another system there is none."""
    of = {
        "one": Whose("moodle", "1", ("Student 01_20001_assignsubmission_file",)),
        "two": Whose("moodle", "2", ("Student 02_20002_assignsubmission_file_m06_model.py",)),
        "three": Whose("canvas", "3", ("student03_1_2_assignsubmission_file.py",)),
    }
    with Ledger(tmp_path) as ledger:
        note_whose(ledger, of)
        found = feedback.moodle_folders(ledger)
    assert found == {
        "one": "Student 01_20001_assignsubmission_file",
        "two": "Student 02_20002_assignsubmission_file",
    }


def test_a_mark_by_hand_is_told_and_an_excused_one_is_no_zero(tmp_path: Path) -> None:
    """The student reads who decided and why; the map has a letter in place of a number."""
    class_of(tmp_path, one=wrong(), two=wrong())
    with Ledger(tmp_path) as ledger:
        given = Override("mse", "by_hand", 1.5, "it was ill", "staff", "today")
        for name, override in (("one", given), ("two", replace(given, kind="excused", score=None))):
            note(ledger, name, override)
            ledger.replace(name, applied(ledger.result(name), overrides(ledger, name)))
        one, two = students(ledger)
        write_report(ledger, tmp_path)
    assert feedback.message(one, one.standings["mse"]) == (
        "1.5 of 2 points, given by your teacher: it was ill",
    )
    assert feedback.message(two, two.standings["mse"]) == ("Excused by your teacher: it was ill",)
    assert "<td>x</td>" in (tmp_path / "report" / "index.html").read_text("utf-8")


@pytest.mark.parametrize("shown", [True, False])
def test_references_are_in_the_feedback_where_the_assignment_says_so(
    tmp_path: Path, shown: bool
) -> None:
    """Of what does not pass, whole and with its decorators; and of nothing else."""
    class_of(tmp_path, one=wrong(), two=right())
    with Ledger(tmp_path) as ledger:
        ledger.note(CHOSEN, json.dumps(packed(replace(assignment("m06"), references=shown))))
        write_report(ledger, tmp_path)
    for name, wanted in (("one", shown), ("two", False)):
        for ending in ("md", "html"):
            text = (tmp_path / "report" / "feedback" / f"{name}.{ending}").read_text("utf-8")
            assert ("def mse(pred" in text) is wanted
            assert ("A right" in text) is wanted
