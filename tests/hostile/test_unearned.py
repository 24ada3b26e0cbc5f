"""Over the whole course, nothing is earned without computing: by tables, by words, by devices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from autograder.answers.keys import answer_keys
from autograder.batch.grade import Grader
from autograder.batch.result import Result
from autograder.cells.observer import LocalObserver
from autograder.course import assignment
from autograder.inside import ROOT
from autograder.inside.submission import WHOLE, Source, Submission
from autograder.judging.key import AnswerKey
from autograder.judging.public import read_tasks

from .unearned import UNEARNED, Unearned, rows

COURSE = assignment("course")
SECRET, ANOTHER = b"of this run", b"of another run"


@pytest.fixture(scope="module")
def keys(observer: LocalObserver) -> Mapping[str, AnswerKey]:
    """The keys of this run; which mistake a wrong answer is, is not asked here."""
    found = answer_keys(COURSE.exercises, observer, SECRET)
    return {name: replace(key, observe_mistakes=tuple) for name, key in found.items()}


@pytest.fixture(scope="module")
def results(observer: LocalObserver, keys: Mapping[str, AnswerKey]) -> dict[str, Result]:
    """What came of each program, all of them graded by one grader."""
    others = answer_keys(COURSE.exercises, observer, ANOTHER)
    public = read_tasks(ROOT / "exercises")
    tables = [
        {e.place: rows(every[e.name]) for e in COURSE.exercises}
        for every in (others, {name: task.key for name, task in public.items()})
    ]
    names = [name for exercise in COURSE.exercises for name in exercise.names]
    grader = Grader(COURSE, keys, observer)
    found = {}
    for one in UNEARNED:
        text = one.filled(tables[0], tables[1], names)
        found[one.name] = grader.grade(Submission(one.name, {WHOLE: Source("all.py", text)}))
    return found


@pytest.mark.parametrize("one", UNEARNED, ids=lambda one: one.name)
def test_nothing_is_earned(one: Unearned, results: dict[str, Result]) -> None:
    """No point in any of the exercises, and each is told as the program's own doing."""
    verdicts = results[one.name].verdicts
    assert {name: v.score for name, v in verdicts.items() if v.score} == {}
    assert {v.status for v in verdicts.values()} <= {"fail", "blocked"}
    assert all(v.message for v in verdicts.values())


def test_each_program_is_judged_by_what_it_sent(results: dict[str, Result]) -> None:
    """Nearly all forged replies are read to their end: it is the comparing that refuses them."""
    for name in ("table-by-place", "right-words-and-zeros", "says-meta", "returns-meta"):
        ran = [set(v.probes) != {"not_run"} for v in results[name].verdicts.values()]
        assert ran.count(True) > 90


def test_public_cases_are_known_by_heart(
    results: dict[str, Result], keys: Mapping[str, AnswerKey]
) -> None:
    """The control: what exercises/cases has passes every public case, and is worth nothing."""
    for name, verdict in results["public-cases-everywhere"].verdicts.items():
        public = [not case.hidden for case in keys[name].cases]
        seen = {p for p, is_public in zip(verdict.probes, public, strict=True) if is_public}
        assert seen == {"pass"}, name
