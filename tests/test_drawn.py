"""Points hang on numbers that are drawn for the run: a table of answers earns nothing."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from autograder.answers.keys import answer_keys, cases
from autograder.cells.observer import LocalObserver
from autograder.cells.replies import Wanted
from autograder.course import Exercise, exercises
from autograder.inside.observation import Observation, Outcome
from autograder.judging.key import AnswerKey
from autograder.judging.verdict import judge

from .samples import submission

SECRET = b"one run"
ALL = pytest.mark.parametrize("exercise", exercises().values(), ids=lambda exercise: exercise.id)


@pytest.fixture(scope="module")
def keys(observer: LocalObserver) -> dict[str, AnswerKey]:
    """The keys of a run."""
    return answer_keys(exercises().values(), observer, SECRET)


@pytest.fixture(scope="module")
def learnt(observer: LocalObserver) -> dict[str, AnswerKey]:
    """The keys of another run: what somebody who knows the kit can have learnt by heart."""
    return answer_keys(exercises().values(), observer, b"another run")


@ALL
def test_every_exercise_has_an_answer_that_must_be_computed(
    exercise: Exercise, keys: dict[str, AnswerKey]
) -> None:
    """A hidden case of the first probe, with numbers, whose answer changes with the secret."""
    key = keys[exercise.name]
    pairs = zip(key.cases, key.drawn, strict=True)
    drawn = [case for case, is_drawn in pairs if is_drawn]
    assert all(case.hidden for case in drawn)
    assert [c for c in drawn if c.probe == key.cases[0].probe]


@ALL
def test_a_table_of_answers_earns_nothing(
    exercise: Exercise, keys: dict[str, AnswerKey], learnt: dict[str, AnswerKey]
) -> None:
    """The right answers of another run, given to this run's cases, get no point."""
    seen = tuple(each or Observation() for each in learnt[exercise.name].expected)
    verdict = judge(exercise, keys[exercise.name], Outcome("table.py", observations=seen))
    assert (verdict.status, verdict.score) == ("fail", 0.0)


def test_a_range_is_drawn_from_the_secret() -> None:
    """Both ends belong to it, lists may hold one, and another draw is always another number."""
    counts = exercises()["update_counts"]
    secrets = [hmac.digest(b"", bytes([i]), hashlib.sha256) for i in range(200)]
    drawn = [[c.given for c in cases(counts, secret) if c.hidden] for secret in secrets]
    epochs = {rows[2]["epochs"] for rows in drawn}
    assert epochs == set(range(2, 10))
    assert all(isinstance(number, int) for number in epochs)
    again = [[c.given for c in cases(counts, s, another=True) if c.hidden] for s in secrets]
    assert all(a[2]["epochs"] != b[2]["epochs"] for a, b in zip(drawn, again, strict=True))
    sizes = [c.given["sizes"] for c in cases(exercises()["param_table"], SECRET) if c.hidden]
    assert 3 <= sizes[0][1] <= 40
    starts = [c.given["start"] for c in cases(exercises()["backoff_lr"], SECRET) if c.hidden]
    assert 0.03 <= starts[0] <= 0.07


# The graphs of the public cases and of the fixed hidden ones, known by heart: nothing is walked.
# Of the hidden ones only the checksum of the inputs changes with the secret.
BY_HEART = """
MSE = ["DivBackward0", "SumBackward0", "MulBackward0", "SubBackward0", "AddBackward0",
       "AccumulateGrad", "MmBackward0", "TBackward0", "ExpandBackward0", "AccumulateGrad"]
LAYER = ["MseLossBackward0", "AddmmBackward0", "AccumulateGrad", "TBackward0", "ExpandBackward0",
         "AccumulateGrad"]

def graph_ops(loss):
    if loss.grad_fn is None:
        return []
    return LAYER if "MseLoss" in type(loss.grad_fn).__name__ else MSE
"""


def test_the_checksum_of_the_inputs_is_no_answer(
    keys: dict[str, AnswerKey], observer: LocalObserver
) -> None:
    """Cases that another secret changes in their inputs alone earn nothing by themselves."""
    exercise, key = exercises()["graph_ops"], keys["graph_ops"]
    handed_in = submission({exercise.module: BY_HEART})
    [outcome] = observer.outcomes(handed_in, [Wanted(exercise, key.requests)])
    verdict = judge(exercise, key, outcome)
    passed = [
        c.given["kind"] for c, p in zip(key.cases, verdict.probes, strict=True) if p == "pass"
    ]
    assert {"layer", "untracked", "leaf"} <= set(passed)
    assert verdict.score == 0.0
