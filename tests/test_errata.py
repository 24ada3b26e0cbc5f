"""Errata: every claim of the documents that the course refutes is refuted by an experiment."""

from __future__ import annotations

import warnings
from collections import Counter

import pytest

from autograder.answers.ways import solution
from autograder.cli import main
from autograder.course import Exercise, questions
from autograder.course.experiments import KINDS, Erratum, every_erratum, printed_by

EVERY = list(every_erratum())
DOCUMENTS = {question.id.split(".")[0] for question in questions()}


@pytest.mark.parametrize(("exercise", "one"), EVERY, ids=lambda it: getattr(it, "source", ""))
def test_an_experiment_shows_the_fact(exercise: Exercise, one: Erratum) -> None:
    """It prints what is written down, twice the same, and torch warns of nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert {printed_by(one.code) for _ in range(2)} == {one.prints.strip()}


@pytest.mark.parametrize(("exercise", "one"), EVERY, ids=lambda it: getattr(it, "source", ""))
def test_an_erratum_is_short_and_gives_no_answer_away(exercise: Exercise, one: Erratum) -> None:
    """Its source exists, its sentences are short, and no telling line is one of the reference."""
    assert one.source in DOCUMENTS | {question.id for question in questions()}
    assert one.kind in KINDS
    assert all(6 <= len(text.split()) <= 30 for text in (one.claim, one.fact))
    assert one.fact.endswith(".")
    code = [line.strip() for line in one.code.strip().splitlines()]
    assert len(code) <= 12
    code = [line for line in code if len(line) > len("finally:") and "import" not in line]
    reference = {line.strip() for line in solution(exercise.module).splitlines()}
    assert not set(code) & reference


def test_no_claim_is_refuted_twice() -> None:
    """Each fact stands in one place."""
    assert Counter(one.fact for _, one in EVERY).most_common(1)[0][1] == 1


def test_errata_prints_what_the_experiments_print(capsys: pytest.CaptureFixture[str]) -> None:
    """`descent errata` runs every experiment, here and now."""
    assert main(["errata"]) == 0
    printed = capsys.readouterr().out
    assert printed.endswith(f"{len(EVERY)} claims\n")
    assert printed.count("\n  prints") == len(EVERY)
