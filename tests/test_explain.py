"""`descent explain`: the mark, what it is made of, and whether it comes out again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.answers.keys import answer_keys
from autograder.batch import depends
from autograder.batch.grade import Grader
from autograder.batch.ledger import Ledger
from autograder.batch.run import Run
from autograder.batch.stored import read_verdict, write_verdict
from autograder.cells.host import GraderFault
from autograder.cells.observer import LocalObserver
from autograder.cli import main
from autograder.course import Assignment, exercises
from autograder.inside.observation import Observation
from autograder.judging import evidence
from autograder.judging.evidence import Evidence
from autograder.judging.key import Case
from autograder.judging.verdict import Verdict
from autograder.teacher import replay

from .samples import MODEL, MSE, TRAIN_STEP, submission

CHOSEN = Assignment("two", (exercises()["mse"], exercises()["train_step"]))
HALF = MSE.replace(".mean()", ".mean() / 2")
COUNTING = MSE.replace(".mean()", ".mean() + (len(CALLS) > 2)").replace(
    "    return", "    CALLS.append(1)\n    return"
)
CLASS = {
    "student-01": {"m06_model": MODEL + MSE},
    "student-02": {"m06_model": MODEL + HALF, "m08_manual_training": TRAIN_STEP},
    "student-03": {"m06_model": MODEL + HALF.replace(".mean() / 2", ".sum() / (2 * pred.numel())")},
    "student-04": {"m06_model": MODEL + MSE.replace("raise ValueError", "print")},
    "student-05": {"m08_manual_training": TRAIN_STEP.replace("p.grad = None", "pass")},
    "student-06": {"m06_model": f"{MODEL}CALLS = []\n{COUNTING}"},
}


@pytest.fixture(scope="module")
def out(observer: LocalObserver, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade the class into a folder, and return it."""
    folder = tmp_path_factory.mktemp("explain")
    with Ledger(folder) as ledger:
        secret = ledger.secret()
        keys = answer_keys(CHOSEN.exercises, observer, secret)
        checks = {
            e.name: depends.of_exercise(e, secret, False, observer.isolation.level)
            for e in CHOSEN.exercises
        }
        handed_in = [replace(submission(texts), name=name) for name, texts in CLASS.items()]
        list(Run(Grader(CHOSEN, keys, observer), ledger, checks).grade(handed_in, 1))
    return folder


def explained(out: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what `descent explain` prints."""
    assert main(["explain", *arguments, "--out", str(out)]) == 0
    return capsys.readouterr().out


def test_the_numbers_of_a_mark_stand_side_by_side(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was seen when it was graded, the reference's, the distance, the mistake, who else."""
    text = explained(out, capsys, "student-02", "mse")
    assert text.startswith("student-02, mse (m06.3): fail, 0 of 2 points\n")
    assert "case      1: public, probe value, the 5 rows of data/crop_yield.csv" in text
    assert "differs loss: by 5e+08 tolerances" in text
    assert "theirs    float64 []: 595.94" in text
    assert "reference float64 []: 1191.88" in text
    assert "equal   predictions afterwards: as before" in text
    assert "the listed mistake half" in text
    assert "also: student-03\n" in text
    assert "by        the checks of today, level basic, Python 3." in text
    assert "0: the first case does not pass" in text
    blocked = explained(out, capsys, "student-02", "train_step")
    assert "blocked   it builds on mse: mend that first" in blocked


def test_a_score_is_told_by_the_cases_that_count(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The marked cases, and nothing else, give the share that the score is."""
    text = explained(out, capsys, "student-04", "mse")
    shown = [line for line in text.splitlines() if line.startswith("        * ")]
    passed = sum(" pass " in line for line in shown)
    with Ledger(out) as ledger:
        (entry,) = (e for e in ledger.result("student-04")["exercises"] if e["name"] == "mse")
    assert 0 < passed < len(shown)
    assert entry["score"] == round(2 * passed / len(shown), 2)
    assert f"2 * {passed}/{len(shown)} = {entry['score']:g}\n" in text


def test_a_pass_and_what_was_not_attempted_are_told_in_few_lines(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no case to tell of, and no mistake."""
    passed = explained(out, capsys, "student-01", "mse")
    assert "score     all 10 cases that ran pass\n" in passed
    missing = explained(out, capsys, "student-01", "train_step")
    assert "score     0: nothing could be run\n" in missing
    assert "mistake" not in passed + missing


def test_what_was_lent_is_told(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An exercise without its foundations was judged with the kit's own, and runs so again."""
    text = explained(out, capsys, "student-05", "train_step", "--replay", "--isolation", "basic")
    assert "lent      judged with the kit's own `model`, `mse`" in text
    assert "replay    at level basic, the same comes out: " in text


def test_a_replay_tells_what_is_not_the_same(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What hangs on the cases before is right alone: another fingerprint, and both numbers."""
    text = explained(out, capsys, "student-06", "mse", "--replay", "--isolation", "basic")
    told = text[text.index("replay ") :]
    assert "something else comes out" in told
    assert "differs loss: by " in told
    assert told.index("now ") < told.index("then ")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["student-1", "mse"], "has no marks of 'student-1': did you mean student-01?"),
        (["student-01", "mes"], "has no exercise 'mes': did you mean mse?"),
        (["student-01", "mse", "--replay"], "no case is kept that could be run again"),
    ],
)
def test_a_wrong_name_gets_a_line(
    out: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], line: str
) -> None:
    """The line names what is near, or what can be done."""
    assert main(["explain", *arguments, "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert line in told
    assert told.count("\n") == 1


def test_a_folder_that_cannot_be_asked_gets_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without a ledger, with an empty one, and with one that a run is using."""
    command = ["explain", "student-01", "mse", "--out", str(tmp_path)]
    assert main(command) == 2
    assert "has no ledger.sqlite" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    with Ledger(tmp_path):
        assert main(command) == 2
        assert "another run is grading into" in capsys.readouterr().err
    assert main(command) == 2
    assert "nothing is graded yet" in capsys.readouterr().err


def test_evidence_is_kept_unless_it_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict comes back with what was seen; too much of it is left out, and nothing else."""
    seen = Evidence(
        Case("value", {"n": 3}, hidden=True),
        Observation({"loss": float("nan")}),
        Observation(raised="ValueError: shapes"),
    )
    verdict = Verdict(exercises()["mse"], "fail", 0.0, told=2, evidence=seen)
    back = read_verdict(verdict.exercise, write_verdict(verdict)).evidence
    assert back is not None
    assert (back.case, back.expected) == (seen.case, seen.expected)
    assert str(back.observed.facts["loss"]) == "nan"
    monkeypatch.setattr(evidence, "MOST_KEPT", 50)
    short = read_verdict(verdict.exercise, write_verdict(verdict))
    assert (short.evidence, short.told) == (None, 2)
    old = json.loads(write_verdict(verdict))
    del old["evidence"]
    assert read_verdict(verdict.exercise, json.dumps(old)) == verdict


def test_a_fault_of_the_grader_is_told_in_a_line(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no cell can be had, the command says why, with a status of its own and no traceback."""

    def fail(*anything: object, **options: object) -> None:
        raise GraderFault("no cell could be started: no memory")

    monkeypatch.setattr(replay, "LocalObserver", fail)
    assert main(["explain", "student-02", "mse", "--out", str(out), "--replay"]) == 1
    assert capsys.readouterr().err == "descent: no cell could be started: no memory\n"
