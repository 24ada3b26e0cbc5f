"""The course: exercises, assignments, questions, coverage."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course import (
    Exercise,
    Question,
    assignment,
    exercises,
    foundations,
    modules,
    questions,
    questions_of,
)
from autograder.inside import ROOT
from autograder.inside.errors import UserError
from autograder.teacher import coverage

# The exercises of the pipeline itself in m06 to m12; the other 14 of these go deeper.
PATH = {
    *("m06.1", "m06.2", "m06.3", "m07.1", "m07.2", "m07.4"),
    *("m08.1", "m08.2", "m08.3", "m08.4", "m08.6", "m09.1", "m09.2", "m09.4", "m09.8"),
    *("m10.1", "m10.2", "m10.3", "m11.2", "m11.3", "m11.4", "m11.5", "m11.6"),
    *("m12.1", "m12.2", "m12.3", "m12.4", "m12.5"),
}


def number(exercise: Exercise) -> tuple[int, ...]:
    """Return the numbers of an id, m06.3, by which exercises are ordered."""
    return tuple(int(part) for part in exercise.id[1:].split("."))


def test_the_exercises_are_in_the_order_of_their_ids() -> None:
    """Each id is there once, and belongs to the folder of its module."""
    every = assignment("course").exercises
    assert [*map(number, every)] == sorted(set(map(number, every)))
    assert {exercise.module[:3] == exercise.id[:3] for exercise in every} == {True}
    assert [*dict.fromkeys(exercise.module for exercise in every)] == [*modules()]


def test_the_path_has_the_exercises_of_the_pipeline() -> None:
    """`path` is a part of `core`, in its order."""
    path, core = (assignment(name).exercises for name in ("path", "core"))
    assert {exercise.id for exercise in path} == PATH
    assert [exercise for exercise in core if exercise in path] == [*path]


def test_who_starts_at_the_core_needs_nothing_else() -> None:
    """No exercise of m06 to m12 builds on the foundations, and none of these on the core."""
    for part in ("foundations", "core"):
        names = {exercise.name for exercise in assignment(part).exercises}
        assert foundations(names) == names


def test_an_unknown_assignment_names_the_known_ones() -> None:
    """A mistyped name is answered with the names there are."""
    with pytest.raises(UserError, match="there are foundations, core, deeper, course, path, m01"):
        assignment("cores")


def test_a_module_may_be_named_by_its_number() -> None:
    """`m06` is m06_model, and marks are kept under the whole name."""
    assert assignment("m06") == assignment("m06_model")


def test_every_document_has_all_its_questions() -> None:
    """207 ids: 45 of the tutorial, 60 and 60 of the lists, 15 sections, 27 topics."""
    counts = Counter(question.id.split(".")[0] for question in questions())
    assert counts == {"gd": 45, "lr": 60, "wf": 15, "m2": 27, "tb": 60}
    assert len({question.text for question in questions()}) == 207


def test_an_exercise_knows_its_questions() -> None:
    """The questions of mse are those that name its id."""
    assert {question.id for question in questions_of(exercises()["mse"])} == {
        *("gd.11", "gd.12", "gd.13", "lr.26", "wf.5", "m2.2d", "tb.8", "tb.18"),
    }


def test_answers_and_reasons_are_short() -> None:
    """What is shown after a pass fits on the screen: at most 35 words each, 8 at least for why."""
    assert all(8 <= len(exercise.why.split()) <= 28 for exercise in exercises().values())
    answers = [question.answer for question in questions() if question.answer]
    assert len(answers) > 100
    assert all(4 <= len(answer.split()) <= 35 for answer in answers)


def test_coverage_prints_the_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    """`descent coverage` has a line per question, names the wrong ways that fail because of it, and
    ends with 0: nothing waits."""
    assert main(["coverage"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "       not yet" not in lines
    assert sum(line[:1].isalpha() for line in lines) == 207
    at = lines.index("gd.12  How is the mean squared error defined?")
    assert lines[at + 1] == "       m06.3 mse: absolute"
    assert lines[-1] == "207 of 207 questions are answered by an exercise"


@pytest.mark.parametrize(
    ("answering", "asked", "told"),
    [
        ((), {}, "gd.12: no exercise answers it\n0 of 1 "),
        (("mse",), {}, "gd.12: no wrong way of m06.3 mse fails because of it\n1 of 1 "),
        (("mse",), {"gd.12": ["absolute"]}, ""),
    ],
)
def test_coverage_fails_where_something_is_missing(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answering: tuple[str, ...],
    asked: dict[str, list[str]],
    told: str,
) -> None:
    """A question without an exercise, or an exercise without a wrong way, is told; else it is 0."""
    question = Question("gd.12", "How?", tuple(exercises()[name] for name in answering), "")
    monkeypatch.setattr(coverage, "questions", lambda: (question,))
    monkeypatch.setattr(coverage, "asking", lambda exercise: asked)
    assert main(["coverage"]) == bool(told)
    printed = capsys.readouterr().out
    assert told in printed
    assert ("\ngd.12: " in printed) == bool(told)


def test_coverage_of_an_installed_kit_asks_for_no_wrong_ways(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Most wrong ways stand in the kit's own tests, which are not installed."""
    monkeypatch.setattr(coverage, "asking", lambda exercise: {})
    assert any("no wrong way" in fault for fault in coverage.faults())
    monkeypatch.setattr(coverage, "OTHER_WAYS", tmp_path / "nowhere")
    assert not any("no wrong way" in fault for fault in coverage.faults())


def test_a_closed_pipe_ends_a_command_quietly() -> None:
    """`descent coverage | head` has no traceback."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "autograder", "coverage"]
    done = subprocess.run(command, cwd=ROOT, stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (141, b"")


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
