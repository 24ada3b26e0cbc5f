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
from autograder.cells.replies import Loaded, Wanted, read_outcome
from autograder.course import Assignment, exercises
from autograder.inside.codec import encode_observation
from autograder.inside.observation import Array, Observation, Outcome
from autograder.judging.compare import compare
from autograder.teacher.quality import count

from .equal_texts import decoded_all
from .hostile.corpus import WANTED
from .samples import MODEL, MSE, submission

M06 = [exercise for exercise in exercises().values() if exercise.module == "m06_model"]
NAN = Array("float64", "cpu", (2,), np.array([math.nan, 1.0]))


def read(*seen: Observation, trusted: bool = False) -> tuple[Observation, ...]:
    """Return what is read of a reply with these observations."""
    texts = [json.dumps(encode_observation(one)) for one in seen]
    reply = {"stub": False, "missing": [], "observations": texts}
    wanted = Wanted(exercises()["mse"], [{}] * len(seen), trusted=trusted)
    return read_outcome(reply, wanted, Outcome("x.py"), Loaded()).observations


def test_what_is_known_equals_what_is_decoded() -> None:
    """Right and wrong ways, mistakes and mutants send texts of a reference's; none differs."""
    chosen = exercises().values() if WANTED == "whole" else M06
    with decoded_all() as texts:
        assert sum(len(module.faults) for module in count(chosen)) == 0
    assert texts.unequal == []
    assert texts.known > texts.read / 10


def test_a_reference_s_text_is_its_object_and_passes() -> None:
    """nan is among what equals itself; what only a submission has sent is not kept."""
    sent = Observation({"a": NAN, "b": math.nan})
    (own,) = read(sent, trusted=True)
    same, other = read(sent, Observation({"a": NAN, "b": 0.5}))
    assert same is own
    assert compare(same, own, "float64") is None
    assert compare(other, own, "float64") is not None
    assert read(Observation({"a": 0.5}))[0] is not read(Observation({"a": 0.5}))[0]
    numbers = own.facts["a"]
    assert isinstance(numbers, Array) and numbers.values is not None
    assert not numbers.values.flags.writeable


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
    monkeypatch.setattr(replies, "_observation", lambda text, trusted: replies._decoded(text))
    assert Grader(chosen, keys, observer).grade(handed_in).verdicts == with_it
