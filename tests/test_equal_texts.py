"""An observation whose text equals the reference's is neither decoded nor compared: rightly."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from autograder.answers.keys import answer_keys
from autograder.batch.grade import Grader
from autograder.cells import replies
from autograder.cells.observer import LocalObserver
from autograder.cells.replies import MAX_KEPT, Loaded, Wanted, read_outcome
from autograder.course import Assignment, exercises
from autograder.inside.codec import encode_observation
from autograder.inside.observation import Array, Observation, Outcome
from autograder.judging.compare import compare
from autograder.teacher.quality import count

from .equal_texts import decoded_twice
from .hostile.corpus import WANTED
from .samples import MODEL, MSE, submission

M06 = [exercise for exercise in exercises().values() if exercise.module == "m06_model"]
NAN = Array("float64", "cpu", (2,), np.array([math.nan, 1.0]))


def read(*seen: Observation) -> tuple[Observation, ...]:
    """Return what is read of a reply with these observations."""
    texts = [json.dumps(encode_observation(one)) for one in seen]
    reply = {"stub": False, "missing": [], "observations": texts}
    wanted = Wanted(exercises()["mse"], [{}] * len(seen))
    return read_outcome(reply, wanted, Outcome("x.py"), Loaded()).observations


def test_whatever_is_sent_equals_itself() -> None:
    """Right and wrong ways, mistakes and mutants: two decoded copies of a text have no gap."""
    chosen = exercises().values() if WANTED == "whole" else M06
    with decoded_twice() as texts:
        assert sum(len(module.faults) for module in count(chosen)) == 0
    assert texts.unequal == []
    assert texts.again > texts.read / 10


def test_equal_texts_are_one_object_and_pass() -> None:
    """nan is among what equals itself, and a text that is too long to be kept is compared."""
    one, other = read(Observation({"a": NAN, "b": math.nan}), Observation({"a": NAN, "b": 0.5}))
    again, long = Observation({"a": NAN, "b": math.nan}), Observation({"a": "x" * 900})
    assert read(again)[0] is one
    assert compare(read(again)[0], one, "float64") is None
    assert compare(other, one, "float64") is not None
    many = Observation({f"{n}": long.facts["a"] for n in range(MAX_KEPT // 900 + 1)})
    assert read(many)[0] is not read(many)[0]
    assert compare(read(many)[0], read(many)[0], "float64") is None


HALF = MSE.replace(".mean()", ".mean() / 2")
APART = MSE.replace("(pred - target) ** 2", "pred.square() - 2 * pred * target + target.square()")


@pytest.mark.parametrize("mse", [MSE, HALF, APART])
def test_without_it_the_verdict_is_the_same(
    mse: str, observer: LocalObserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A right answer, a wrong one, and a right one with other last digits."""
    chosen = Assignment("", tuple(e for e in M06 if e.name in ("model", "mse")))
    handed_in = submission({"m06_model": MODEL + mse})
    keys = answer_keys(chosen.exercises, observer, b"equal")
    with_it = Grader(chosen, keys, observer).grade(handed_in).verdicts
    wanted = [Wanted(exercise, keys[exercise.name].requests) for exercise in chosen.exercises]
    for one, outcome in zip(wanted, observer.outcomes(handed_in, wanted), strict=True):
        pairs = zip(outcome.observations, keys[one.exercise.name].expected, strict=True)
        same = [seen is expected for seen, expected in pairs]
        assert any(same)
        assert one.exercise.name == "model" or mse is MSE or not all(same)
    monkeypatch.setattr(replies, "_read_once", replies._read)
    assert Grader(chosen, keys, observer).grade(handed_in).verdicts == with_it
