"""`descent grade`: files, schema, and faults that are the grader's own."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from autograder.answers.keys import answer_keys
from autograder.batch import grade as grading
from autograder.batch.choose import choose
from autograder.batch.grade import Grader
from autograder.batch.ledger import Ledger
from autograder.batch.people import Whose
from autograder.batch.result import MAX_EXCERPT, _excerpt, to_json
from autograder.batch.tables import write_grades
from autograder.cells.forking import Zygote
from autograder.cells.host import GraderFault
from autograder.cells.isolation import UNKNOWN, Isolation
from autograder.cells.observer import LevelMoved, LocalObserver, WhenNeeded
from autograder.cli import main
from autograder.course import assignment
from autograder.course.late import Late
from autograder.inside import ROOT
from autograder.inside.observation import Outcome
from autograder.inside.submission import Submission
from autograder.judging.verdict import Verdict

from .samples import MODEL, MSE, TRAIN_STEP, submission

pytestmark = pytest.mark.usefixtures("shared_cells")
M06 = assignment("m06_model")
HALF = MSE.replace(".mean()", ".mean() / 2")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, shared_cells: None) -> Path:
    """Grade three submissions of m06 by the command; return its output folder."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "student-01").mkdir()
    (folder / "student-01" / "m06_model.py").write_text(MODEL + MSE)
    (folder / "student-02.py").write_text(MODEL + HALF)
    (folder / "=student-03.zip").write_bytes(b"no zip")
    target = folder.parent / "out"
    command = ["grade", str(folder), "--out", str(target), "--assignment", "m06_model"]
    options = ["--device", "cpu", "--workers", "1", "--isolation", "basic"]
    assert main([*command, *options]) == 0
    return target


def result(out: Path, name: str) -> dict[str, Any]:
    """Return a result file."""
    content: dict[str, Any] = json.loads((out / "results" / f"{name}.json").read_text("utf-8"))
    return content


def rows(out: Path, file: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with (out / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def exercise(out: Path, name: str) -> dict[str, Any]:
    """Return what a result says of mse."""
    return next(e for e in result(out, name)["exercises"] if e["name"] == "mse")


def test_the_report_tells_what_a_run_wrote(out: Path) -> None:
    """The mistake that was named, whose it is and its code, what is unreadable, and the time."""
    assert main(["report", "--out", str(out)]) == 0
    text = (out / "report" / "index.html").read_text("utf-8")
    (page,) = (out / "report" / "exercises").glob("*_mse.html")
    behaviour = page.read_text("utf-8")
    assert "<td>You halved the mean.</td>" in text.replace(' class="told"', "")
    assert "The last run gave 15 verdicts about 3 submissions in " in text
    assert "<h3>1 student: half</h3>" in behaviour and "mean() / 2" in behaviour
    assert "<td>?</td>" in text
    feedback = (out / "report" / "feedback" / "student-02.md").read_text("utf-8")
    assert "## `mse`: fail, 0 of 2 points\n\n```\n" in feedback


def test_a_result_has_the_fields_of_schema_3(out: Path) -> None:
    """The fields that other tools read are there, and no others."""
    content = result(out, "student-01")
    assert list(content) == [
        *("schema", "submission", "score", "max_score", "isolation", "notes", "exercises"),
    ]
    assert (content["schema"], content["submission"]) == (3, "student-01")
    assert list(content["isolation"]) == ["level", "measured", "holes"]
    assert content["isolation"]["level"] == "basic"
    assert content["isolation"]["measured"]["answers_loaded"] is False
    assert content["isolation"]["measured"]["reads_answers"] is True
    assert "a submission can use the network" in content["isolation"]["holes"]
    entry = exercise(out, "student-01")
    assert list(entry) == [
        *("id", "name", "status", "score", "max_score", "file", "line", "excerpt"),
        *("cause", "diagnosis", "message", "by_hand", "probes"),
    ]
    assert list(entry["probes"][0]) == ["name", "status", "device", "hidden"]
    assert {probe["hidden"] for probe in entry["probes"]} == {True, False}


def test_right_wrong_and_unreadable(out: Path) -> None:
    """Each submission has its status, its cause and its points."""
    assert (exercise(out, "student-01")["status"], exercise(out, "student-01")["score"]) == (
        "pass",
        exercise(out, "student-01")["max_score"],
    )
    assert exercise(out, "student-02")["diagnosis"] == "half"
    unreadable = result(out, "=student-03")
    assert unreadable["score"] is None
    assert {(e["status"], e["score"]) for e in unreadable["exercises"]} == {("unreadable", None)}
    assert "is no readable zip" in unreadable["exercises"][0]["message"]


def test_a_result_names_file_and_line_with_its_code(out: Path) -> None:
    """Whoever reads "at this line" in a message finds the line beside it; a hidden case adds
    nothing, since the line is the student's own."""
    wrong = exercise(out, "student-02")
    assert (wrong["file"], wrong["line"]) == ("student-02.py", 4)
    assert wrong["excerpt"] == "def mse(pred, target):"


@pytest.mark.parametrize("inside", ["x", "\t", "\x1b"])
def test_a_huge_line_is_a_short_excerpt(inside: str) -> None:
    """All code may stand in a line of megabytes: a result holds its beginning, as can be shown."""
    given = submission({"m06_model": f"a = 1\nb{inside * 2**20}c"})
    file = given.sources["m06_model"].file
    wrong = Verdict(M06.exercises[0], "fail", 0.0, file=file, line=2)
    told = _excerpt(wrong, given)
    assert told.startswith("b")
    assert told.isprintable()
    assert len(told) <= 4 * MAX_EXCERPT


def test_a_result_has_an_exercise_a_line(out: Path) -> None:
    """The file is JSON, and grep finds an exercise of a class with all that was told of it."""
    text = (out / "results" / "student-02.json").read_text("utf-8")
    entries = json.loads(text)["exercises"]
    lines = [line for line in text.splitlines() if line.startswith('  {"id": ')]
    assert [json.loads(line.rstrip(",")) for line in lines] == entries


def test_what_cannot_be_read_is_no_zero(out: Path) -> None:
    """grades.csv has a word, which no import takes for a mark; needs_attention.csv what to do."""
    row = rows(out, "grades.csv")[0]
    assert (row["mse"], row["total"], row["max"]) == ("unreadable", "unreadable", "9")
    [matter] = rows(out, "needs_attention.csv")
    assert matter["submission"] == "'=student-03"
    assert "unreadable: =student-03.zip is no readable zip" in matter["what"]
    assert "ask for it again" in matter["next_step"]


def test_grades_have_a_row_per_submission(out: Path) -> None:
    """grades.csv has a column per exercise and the total; no name is a formula."""
    table = rows(out, "grades.csv")
    assert [row["submission"] for row in table] == ["'=student-03", "student-01", "student-02"]
    for row in table[1:]:
        scores = [float(row[e.name]) for e in M06.exercises]
        assert float(row["total"]) == pytest.approx(sum(scores), abs=0.01)
    assert float(table[1]["max"]) == sum(e.points for e in M06.exercises)


@pytest.mark.parametrize(
    "name", ["=1+1", "x;=1+1;y", "x\t+1", "x, @SUM(A1)", "\uff1d1+1", "\uff0b1", "\ufe631", "x\n-1"]
)
def test_no_part_of_a_cell_is_a_formula(name: str, tmp_path: Path) -> None:
    """Wherever a spreadsheet splits a line, and whichever width its letters have, it finds text."""
    write_grades([(name, {})], M06, tmp_path / "grades.csv")
    text = (tmp_path / "grades.csv").read_text("utf-8").split("\n", 1)[1]
    for cell in re.split(r"[,;\t\r\n]", text):
        assert not unicodedata.normalize("NFKC", cell.strip(' "')).startswith(tuple("=+-@"))


def test_after_a_deadline_grades_have_the_mark_that_is_left(tmp_path: Path) -> None:
    """A day late at a tenth a day; where the time is not known nothing is taken."""
    due = datetime(2026, 12, 4, 18, tzinfo=timezone.utc)
    chosen = replace(M06, deadline=due, late=Late(each_day=0.1))
    marks = {one.name: one.points for one in M06.exercises}
    late = {"student-01": Whose("gradescope", "1", handed_in="2026-12-05T12:00:00Z")}
    rows = [(name, marks) for name in ("student-01", "student-02")]
    write_grades(rows, chosen, tmp_path / "grades.csv", late)
    with (tmp_path / "grades.csv").open(encoding="utf-8") as file:
        found = [(row["days_late"], row["total"], row["mark"]) for row in csv.DictReader(file)]
    assert found == [("1", "9", "8.1"), ("", "9", "9")]


def test_a_second_run_draws_the_same_hidden_givens(tmp_path: Path) -> None:
    """The secret is recorded with the run."""
    secrets = set()
    for _ in range(2):
        with Ledger(tmp_path) as ledger:
            secrets.add(ledger.secret())
    assert [len(secret) for secret in secrets] == [16]


def test_the_graders_own_fault_is_no_zero(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When no cell can be had the status is `error` and there is no score."""

    def fail(self: Zygote) -> None:
        raise GraderFault("the zygote cannot fork a cell")

    with closing(LocalObserver("basic", warm=())) as observer:
        keys = answer_keys(M06.exercises, observer, b"secret")
        monkeypatch.setattr(Zygote, "cell", fail)
        handed_in = submission({"m06_model": MODEL + MSE})
        judged = Grader(M06, keys, observer).grade(handed_in)
    assert {verdict.status for verdict in judged.verdicts.values()} == {"error"}
    assert judged.score is None
    assert to_json(judged, keys, handed_in)["exercises"][0]["score"] is None
    marks = {name: verdict.status for name, verdict in judged.verdicts.items()}
    write_grades([("student-01", marks)], M06, tmp_path / "grades.csv")
    assert '"error","error",' in (tmp_path / "grades.csv").read_text()


def test_a_bug_of_the_grader_does_not_stop_the_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception in the grader's own code is an `error` of that submission, with its reason."""

    def fail(*arguments: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(grading, "judge", fail)
    with closing(LocalObserver("basic", warm=())) as observer:
        grader = Grader(M06, answer_keys(M06.exercises, observer), observer)
        judged = grader.grade(submission({"m06_model": MODEL}))
    assert {v.status for v in judged.verdicts.values()} == {"error"}
    assert "ZeroDivisionError: a bug" in judged.verdicts["mse"].message
    assert set(judged.isolation) == {"level", "measured", "holes"}


def test_a_submission_that_the_grader_fails_to_read_does_not_stop_the_class(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A bug in reading is an `error` of that submission, with its reason; the others are graded."""
    for name in ("student-01", "student-02"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "m06_model.py").write_text(MODEL + MSE)

    def fail(name: str, *arguments: Any) -> Submission:
        if name == "student-01":
            raise ZeroDivisionError("a bug")
        return choose(name, *arguments)

    monkeypatch.setattr("autograder.batch.intake.choose", fail)
    command = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out"), "--device", "cpu"]
    assert main([*command, "--assignment", "m06_model", "--isolation", "basic"]) == 1
    told = exercise(tmp_path / "out", "student-01")
    assert (told["status"], told["score"]) == ("error", None)
    assert "it could not be read: ZeroDivisionError: a bug" in told["message"]
    assert exercise(tmp_path / "out", "student-02")["status"] == "pass"


def test_ctrl_c_while_the_commands_are_imported_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first second of a command is its imports."""

    def ctrl_c(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("importlib.import_module", ctrl_c)
    assert main(["grade"]) == 130
    assert capsys.readouterr().err == "descent: stopped\n"


def test_the_command_is_ready_for_ctrl_c_before_it_imports() -> None:
    """The module of the command loads nothing but itself: an end while it loads is a traceback."""
    code = "import sys; before = set(sys.modules); import autograder.cli; "
    code += "print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert set(done.stdout.split()) == {"__future__", "autograder", "autograder.cli"}


def test_a_submission_with_a_problem_needs_no_cell() -> None:
    """What could not be read fails with that reason in every exercise."""

    class Nowhere:
        isolation = UNKNOWN
        cuda = False
        workers = 1

        def outcomes(self, *asked: object) -> Iterator[Outcome]:
            raise AssertionError("nothing is to run")

        def stop(self) -> None: ...

        close = stop

    grader = Grader(M06, answer_keys(M06.exercises, Nowhere()), Nowhere())
    judged = grader.grade(Submission("x", problem="x.zip is no readable zip"))
    assert {v.message for v in judged.verdicts.values()} == {"x.zip is no readable zip"}


def test_one_file_that_cannot_be_read_costs_its_own_exercises(observer: LocalObserver) -> None:
    """What builds on it is judged with the kit's own in its place; the total leaves it out."""
    chosen = assignment("path")
    sources = submission({"m08_manual_training": TRAIN_STEP}).sources
    handed_in = Submission("x", sources, problems={"m06_model": "m06_model.ipynb is no notebook"})
    judged = Grader(chosen, answer_keys(chosen.exercises, observer, b"secret"), observer).grade(
        handed_in
    )
    statuses = {name: verdict.status for name, verdict in judged.verdicts.items()}
    assert (statuses["mse"], statuses["train_step"]) == ("unreadable", "pass")
    assert judged.score == judged.verdicts["train_step"].score


def test_a_run_with_nothing_new_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is known needs no cell; it is told by the level that was measured before."""
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "student-01.py").write_text(MODEL + MSE)
    command = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out")]
    command += ["--assignment", "m06_model", "--device", "cpu", "--isolation", "basic"]
    assert main(command) == 0
    first = capsys.readouterr().out

    def fail(*arguments: object) -> None:
        raise AssertionError("nothing is to start")

    monkeypatch.setattr("autograder.teacher.grading.LocalObserver", fail)
    assert main(command) == 0
    again = capsys.readouterr().out
    known = "known:   5 verdicts, of earlier runs, or of the same work under another name\n"
    assert again.replace(known, "") == first


class Levelled:
    """An observer of a level that observes nothing."""

    def __init__(self, level: str) -> None:
        self.isolation = Isolation(level, {}, ())
        self.cuda, self.workers = False, 3

    def outcomes(self, *asked: object) -> Iterator[Outcome]:
        """Return nothing."""
        return iter(())

    def stop(self) -> None:
        """Do nothing."""

    close = stop


def test_another_level_than_before_is_told_at_the_first_look() -> None:
    """What was started is handed on, and every thread is told of the same."""
    observer = WhenNeeded(lambda: Levelled("basic"), Isolation("full", {}, ()))
    assert observer.isolation.level == "full"
    nothing = Submission("x")
    with pytest.raises(LevelMoved) as first:
        observer.outcomes(nothing, [])
    with pytest.raises(LevelMoved) as second:
        observer.outcomes(nothing, [])
    assert first.value.observer is second.value.observer
    same = WhenNeeded(lambda: Levelled("full"), Isolation("full", {}, ()))
    assert list(same.outcomes(nothing, [])) == []
    assert same.workers == 3


def test_a_command_without_its_packages_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where only the student's packages are installed, grading ends with a line."""

    def fail(options: object) -> int:
        raise ModuleNotFoundError("No module named 'rich'", name="rich")

    monkeypatch.setattr("autograder.teacher.commands.run_coverage", fail)
    assert main(["coverage"]) == 2
    assert capsys.readouterr().err == (
        "descent: this command needs rich: pip install 'graded-descent[desk,teacher]'\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere", "--out", "x"], "nowhere is not a folder of submissions"),
        (["{empty}", "--out", "x"], "holds no submission"),
        (["{empty}", "--out", "x", "--assignment", "m99"], "no assignment is called 'm99'"),
    ],
)
def test_bad_input_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    """Bad arguments end with status 2 and a line that says what to do."""
    command = [argument.format(empty=tmp_path) for argument in arguments]
    assert main(["grade", *command]) == 2
    printed = capsys.readouterr().err
    assert told in printed
    assert printed.count("\n") == 1
