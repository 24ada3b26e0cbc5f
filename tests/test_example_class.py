"""The example class, graded by the command: each submission gets what it is made for."""

from __future__ import annotations

import pytest

from autograder.course import assignment

from .conftest import GradedClass
from .test_readme import shown

CORE = assignment("core").exercises
FULL = sum(exercise.points for exercise in CORE)


def statuses(graded: GradedClass, student: str) -> dict[str, str]:
    """Return the status of each exercise of a submission."""
    return {e["name"]: e["status"] for e in graded.result(student)["exercises"]}


def test_the_references_have_full_marks(graded_class: GradedClass) -> None:
    """The solutions pass every case, public and hidden."""
    result = graded_class.result("student-01")
    assert result["score"] == result["max_score"] == FULL
    assert set(statuses(graded_class, "student-01").values()) == {"pass"}
    assert len(result["exercises"]) == len(CORE)


def test_another_style_in_one_script_has_full_marks(graded_class: GradedClass) -> None:
    """einsum and F.linear are as right as the reference's algebra."""
    assert graded_class.result("student-02")["score"] == FULL


def test_the_stubs_have_nothing_and_are_not_attempted(graded_class: GradedClass) -> None:
    """Every stub is `not_attempted`, with 0 points."""
    assert graded_class.result("student-03")["score"] == 0
    assert set(statuses(graded_class, "student-03").values()) == {"not_attempted"}


@pytest.mark.parametrize(
    ("student", "name", "slug"),
    [
        ("student-04", "mse", "half"),
        ("student-05", "train_step", "never-zeroed"),
    ],
)
def test_listed_mistakes_are_named(
    graded_class: GradedClass, student: str, name: str, slug: str
) -> None:
    """The diagnosis is the mistake's slug."""
    assert graded_class.exercise(student, name)["status"] == "fail"
    assert graded_class.exercise(student, name)["diagnosis"] == slug


def test_what_builds_on_a_failure_is_blocked_or_passes(graded_class: GradedClass) -> None:
    """With mse halved, train_step fails with it and is blocked; the rest is untouched."""
    found = statuses(graded_class, "student-04")
    assert found["train_step"] == "blocked"
    assert found["model"] == found["zero_grads_"] == "pass"
    assert sum(status == "fail" for status in found.values()) == 1


def test_a_notebook_and_a_zip_fail_in_one_exercise(graded_class: GradedClass) -> None:
    """student-06 (notebook) fails in predict only, student-07 (zip) in fit only."""
    for student, name in (("student-06", "predict"), ("student-07", "fit")):
        wrong = {n: s for n, s in statuses(graded_class, student).items() if s != "pass"}
        assert wrong == {name: "fail"}


@pytest.mark.parametrize(
    ("student", "name", "told"),
    [
        ("student-08", "train_step", "train_step is not defined, since this does not run: Syntax"),
        ("student-09", "train", "train ran longer than 10 s: is there a loop that never ends?"),
        ("student-12", "make_params", "make_params is not defined in this file"),
        (
            "student-12",
            "model",
            "model returned None, on a case with",
        ),
        ("student-13", "fit", "the file is missing: put it back"),
        ("student-14", "sgd_step_", "`raise NotImplementedError` still runs at this line"),
        ("student-14", "update_counts", "update_counts ended the process"),
    ],
)
def test_broken_work_has_its_own_line(
    graded_class: GradedClass, student: str, name: str, told: str
) -> None:
    """Each kind of trouble is told, and is no error of the grader."""
    entry = graded_class.exercise(student, name)
    assert entry["status"] in ("fail", "blocked")
    assert told in entry["message"]


@pytest.mark.parametrize(
    ("student", "lost"),
    [
        ("student-09", {"train"}),
        ("student-10", set()),
        ("student-11", {"mse", "nudge"}),
        ("student-14", {"sgd_step_", "update_counts"}),
    ],
)
def test_only_what_is_wrong_is_lost(
    graded_class: GradedClass, student: str, lost: set[str]
) -> None:
    """The other exercises of a broken submission are still judged."""
    wrong = {n for n, s in statuses(graded_class, student).items() if s == "fail"}
    assert wrong == lost


def test_unlisted_mistakes_are_caught_without_a_name(graded_class: GradedClass) -> None:
    """A factor of 1.001 is wrong; the grader abstains from naming a cause."""
    entry = graded_class.exercise("student-11", "mse")
    assert (entry["status"], entry["diagnosis"]) == ("fail", None)


def test_the_table_ends_with_the_paths_of_the_reports(graded_class: GradedClass) -> None:
    """The lines below it say where the grades and the results are."""
    assert "\ngrades:  out/demo/grades.csv\nresults: out/demo/results\n" in graded_class.printed
    rows = (graded_class.out / "grades.csv").read_text("utf-8").splitlines()
    assert len(rows) == 15


def test_the_demos_table_is_real(graded_class: GradedClass) -> None:
    """The table of the example class; the level is the one that this machine can have."""
    printed = [line.rstrip() for line in graded_class.printed.splitlines()]
    wanted = shown("make demo").splitlines()
    assert "kept in: level full, measured" in wanted
    level = ("kept in: level ",)
    assert [x for x in printed if not x.startswith(level)] == [
        x for x in wanted if not x.startswith(level)
    ]
