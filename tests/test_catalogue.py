"""The catalogue: exercises, assignments, questions, coverage."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course import assignment, exercises, modules, questions, questions_of
from autograder.inside import ROOT
from autograder.teacher import coverage

# The exercises of the pipeline itself; the other 14 go deeper.
PATH = (
    *("m06.1", "m06.2", "m06.3", "m07.1", "m07.2", "m07.4"),
    *("m08.1", "m08.2", "m08.3", "m08.4", "m08.6", "m09.1", "m09.2", "m09.4", "m09.8"),
    *("m10.1", "m10.2", "m10.3", "m11.2", "m11.3", "m11.4", "m11.5", "m11.6"),
    *("m12.1", "m12.2", "m12.3", "m12.4", "m12.5"),
)


def test_the_core_has_42_exercises_in_seven_modules() -> None:
    """m06 to m12, each id once, in order."""
    ids = [exercise.id for exercise in assignment("core").exercises]
    assert len(ids) == len(set(ids)) == 42
    assert ids == sorted(ids)
    assert [module[:3] for module in modules()] == ["m06", "m07", "m08", "m09", "m10", "m11", "m12"]


def test_the_path_has_the_28_exercises_of_the_pipeline() -> None:
    """`path` is a part of `core`, in its order."""
    assert [exercise.id for exercise in assignment("path").exercises] == list(PATH)


def test_an_unknown_assignment_names_the_known_ones() -> None:
    """A mistyped name is answered with the names there are."""
    with pytest.raises(KeyError, match="there are core, path, m06_model"):
        assignment("cores")


def test_every_document_has_all_its_questions() -> None:
    """207 ids: 45 of the tutorial, 60 and 60 of the lists, 15 sections, 27 topics."""
    counts = Counter(question.id.split(".")[0] for question in questions())
    assert counts == {"gd": 45, "lr": 60, "wf": 15, "m2": 27, "tb": 60}
    assert len({question.text for question in questions()}) == 207


def test_an_exercise_knows_its_questions() -> None:
    """The questions of mse are those that name its id."""
    assert {question.id for question in questions_of(exercises()["mse"])} == {
        *("gd.11", "gd.12", "gd.13", "lr.26", "wf.5", "m2.2d"),
    }


def test_answers_and_reasons_are_short() -> None:
    """What is shown after a pass fits on the screen: at most 35 words each, 8 at least for why."""
    assert all(8 <= len(exercise.why.split()) <= 28 for exercise in exercises().values())
    answers = [question.answer for question in questions() if question.answer]
    assert len(answers) > 100
    assert all(4 <= len(answer.split()) <= 35 for answer in answers)


def test_no_question_waits_for_a_module_that_is_built() -> None:
    """Whatever m06 to m12 should answer has an exercise with probes."""
    assert coverage.missing() == []


def test_coverage_prints_the_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    """`descent coverage` has a line per question and marks what still waits."""
    assert main(["coverage"]) == 0
    printed = capsys.readouterr().out
    assert sum(line[:1].isalpha() for line in printed.splitlines()) == 207
    assert "       m06.3 mse: value, refusal\n" in printed
    assert "       not yet: m01.1\n" in printed
    answered = sum(
        any(i[:3] in ("m06", "m07", "m08", "m09", "m10", "m11", "m12") for i in q.exercises)
        for q in questions()
    )
    assert printed.endswith(f"\n{answered} of 207 questions are answered by an exercise\n")


def test_a_closed_pipe_ends_a_command_quietly() -> None:
    """`descent coverage | head` has no traceback."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "autograder", "coverage"]
    done = subprocess.run(command, cwd=ROOT, stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (141, b"")


def test_coverage_fails_when_an_exercise_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without mse, the questions that only it answers are named and the status is 1."""
    fewer = {name: exercise for name, exercise in exercises().items() if name != "mse"}
    monkeypatch.setattr(coverage, "exercises", lambda: fewer)
    assert "gd.11" in coverage.missing()
    assert main(["coverage"]) == 1


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["hint", "mse"], 0, "1 of 3: If every row"),
        (["hint", "mse", "3"], 0, "3 of 3: "),
        (["hint", "mse", "4"], 2, "mse has hints 1 to 3"),
        (["hint", "mze"], 2, "no exercise is called 'mze'"),
    ],
)
def test_hints(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    told: str,
) -> None:
    """`descent hint` shows one hint of three."""
    (tmp_path / "exercises" / "cases").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == status
    captured = capsys.readouterr()
    assert told in captured.out + captured.err
