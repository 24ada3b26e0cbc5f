"""Messages: every kind of gap is told in one line, word by word."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from autograder.answers.keys import cases
from autograder.course import Exercise, exercises
from autograder.inside import ROOT
from autograder.inside.observation import Array, Items, Other, Returned, Value
from autograder.judging.compare import Gap
from autograder.judging.key import Case
from autograder.judging.label import tell_given
from autograder.judging.message import tell_gap, tell_value
from autograder.judging.public import read_tasks

EXERCISE = Exercise("m06.3", "mse", "m06_model", ("mse",), 3.0, True, (), ("a", "b", "c"))
PAIR = Array("float64", "cpu", (1, 2), np.array([[1.0, 2.0]]))
FLAT = Array("float32", "cuda", (2,), np.array([1.0, 2.0]))


def told(gap: Gap, hidden: bool = False) -> str:
    """Tell a gap on the plain case."""
    return tell_gap(gap, EXERCISE, Case("value", {}, hidden))


@pytest.mark.parametrize(
    ("aspect", "text"),
    [
        ("shape", "the shape of your loss is [2], expected [1, 2], on the plain case"),
        ("dtype", "the dtype of your loss is float32, expected float64, on the plain case"),
        (
            "device",
            "the device of your loss is cuda, expected cpu (is a device hard-coded?), on the plain "
            "case",
        ),
        (
            "kind",
            "loss: a tensor of shape [2]; expected a tensor of shape [1, 2], on the plain case",
        ),
    ],
)
def test_an_aspect_of_a_tensor_is_told_by_both_of_its_values(aspect: str, text: str) -> None:
    """Yours first, then what was expected."""
    assert told(Gap("loss", aspect, FLAT, PAIR)) == text


@pytest.mark.parametrize(
    ("yours", "expected", "where", "text"),
    [
        (1.5, 2.0, (), "your loss 1.5, expected 2, on the plain case"),
        (1.5, 2.0, (0, 1), "your loss 1.5 at [0, 1], expected 2, on the plain case"),
        (
            math.nan,
            2.0,
            (0,),
            "your loss: nan at [0], which is no finite number, on the plain case",
        ),
        (-math.inf, 2.0, (), "your loss: -inf, which is no finite number, on the plain case"),
        (True, False, (3,), "loss at [3]: True; expected False, on the plain case"),
        ("up", "down", (), "loss: up; expected down, on the plain case"),
        ("up", 2.0, (), "loss: up; expected 2, on the plain case"),
        (1 + 1e-8, 1.0, (), "your loss 1.00000001, expected 1, on the plain case"),
        (2, 2.0, (), "your loss 2, expected 2.0, on the plain case"),
        (0.5, 5e-17, (), "your loss 0.5, expected 0, on the plain case"),
        (2e-17, 5e-17, (), "your loss 2e-17, expected 5e-17, on the plain case"),
    ],
)
def test_a_value_is_told_with_its_place(
    yours: Value, expected: Value, where: tuple[int, ...], text: str
) -> None:
    """A public case shows the numbers."""
    assert told(Gap("loss", "value", yours, expected, where)) == text


@pytest.mark.parametrize(
    ("yours", "text"),
    [
        (1.5, "your loss: a wrong value, on a hidden case"),
        (math.inf, "your loss: inf at [1], which is no finite number, on a hidden case"),
    ],
)
def test_a_hidden_case_keeps_its_numbers(yours: float, text: str) -> None:
    """Only that a number is not finite is told of it."""
    assert told(Gap("loss", "value", yours, 2.0, (1,)), hidden=True) == text


@pytest.mark.parametrize(
    ("what", "yours", "text"),
    [
        ("loss", None, "loss: None; expected 2, on the plain case (is a `return` missing?)"),
        ("pair[0]", None, "pair[0]: None; expected 2, on the plain case"),
        ("raised", None, "mse raised nothing, expected 2.0, on the plain case"),
        ("raised", "ValueError: no", "mse raised ValueError: no, on the plain case"),
        ("raised", "ValueError: no.", "mse raised ValueError: no, on the plain case"),
        (
            "raised",
            "NotImplementedError",
            "the stub's `raise NotImplementedError` still runs at this line: "
            "delete it where your code is ready, on the plain case",
        ),
    ],
)
def test_nothing_and_exceptions_are_told(what: str, yours: Value, text: str) -> None:
    """A missing return is asked about where the function itself returned None, and only there."""
    assert told(Gap(what, "kind", yours, 2.0)) == text


@pytest.mark.parametrize(
    ("value", "raised", "text"),
    [
        ("None", "TypeError: x", "mse returned None, on the plain case (is a `return` missing?)"),
        (
            *("a float", "TypeError: x"),
            "mse returned a float; using it raised TypeError: x, on the plain case",
        ),
        (
            *("an int", "NotImplementedError"),
            "mse returned an int; using it raised NotImplementedError, on the plain case",
        ),
    ],
)
def test_what_was_returned_is_told_where_it_could_not_be_used(
    value: str, raised: str, text: str
) -> None:
    """The student reads what came back; the exception is the probe's."""
    gap = Gap("raised", "exception", raised, None, returned=Returned("mse", value))
    assert told(gap) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.123456789, "0.123457"),
        (PAIR, "a tensor of shape [1, 2]"),
        (Items("list", (1, 2, 3)), "a list of 3"),
        (Other("a.B"), "an object of type a.B"),
        (7, "7"),
    ],
)
def test_a_value_is_written_briefly(value: Value, text: str) -> None:
    """Numbers with six digits, containers by their length, objects by their type."""
    assert tell_value(value) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"rows": 5}, "the 5 rows of data/crop_yield.csv"),
        ({"rows": 15}, "the 15 rows of data/crop_yield_15.csv"),
        ({"n": 4, "n_in": 3, "seed": 9}, "a case with 4 rows, 3 features"),
        ({"seed": 9, "cpu_only": True, "device": "cpu", "dtype": "float64"}, "the plain case"),
        ({"n": 4, "dtype": "float32"}, "a case with n = 4 in float32"),
        ({"rows": 5, "device": "cuda"}, "the 5 rows of data/crop_yield.csv on the device cuda"),
        (
            {"n": 1, "dtype": "float32", "device": "stand-in"},
            "a case with n = 1 in float32 on the stand-in for a GPU",
        ),
        ({"n": 1, "n_in": 1, "bias": False}, "a case with 1 row, 1 feature, no bias"),
        ({"lead": [4], "again": True}, "a case with leading sizes [4], a second call"),
        ({"epochs": [1, 2], "twice": True}, "a case with epochs [1, 2], two calls of fit"),
        ({"losses": ["nan", 0.30000000000000004]}, "a case with losses [nan, 0.3]"),
        ({"x": [3, 2], "whole": ""}, "a case with x of shape [3, 2]"),
        ({"broken": ["x"], "before": "off"}, "a case with broken [x], recording off before"),
        ({"counts": list(range(11)), "by": "twins"}, "a case with 11 counts, many minima by twins"),
    ],
)
def test_a_case_is_told_by_its_sizes(given: dict[str, Any], text: str) -> None:
    """What every case has is left out; dtype and device are told where they are unusual."""
    assert tell_given(given) == text


@pytest.mark.parametrize("name", exercises())
def test_no_label_of_the_course_is_code(name: str) -> None:
    """Every case is told in words: no `again=True`, no names with underscores, no quotes."""
    for case in cases(exercises()[name]):
        label = "" if "rows" in case.given else tell_given(case.given)
        assert not re.search(r"\w=|_|True|False|['\"{}]", label), label


def test_a_gap_is_told_on_the_call_that_can_be_typed() -> None:
    """The call stands in place of the label; the crop table and a hidden case keep theirs."""
    gap, call = Gap("loss", "value", 1.5, 2.0), "mse(pred, target)"
    for case, place in (
        (Case("value", {"n": 4}), call),
        (Case("value", {"rows": 5}), "the 5 rows of data/crop_yield.csv"),
    ):
        assert tell_gap(gap, EXERCISE, case, call) == f"your loss 1.5, expected 2, on {place}"
    hidden = tell_gap(gap, EXERCISE, Case("value", {"n": 4}, hidden=True), call)
    assert hidden == "your loss: a wrong value, on a hidden case"


def test_two_numbers_never_stand_side_by_side() -> None:
    """A fact whose name ends in a number or a place is told with a colon."""
    for what in ("w after step 2", "losses[1]"):
        text = told(Gap(what, "value", 1.5, 2.0))
        assert text == f"your {what}: 1.5, expected 2, on the plain case"


def test_what_was_not_looked_at_is_no_missing_return() -> None:
    """A probe that stops early leaves facts out: they are missing, and None was not returned."""
    told_text = told(Gap("spread", "missing", None, "some"))
    assert told_text == "spread: missing; expected some, on the plain case"


def test_no_return_is_missing_where_a_gradient_is_none() -> None:
    """A .grad that is None is told in words: the message asks for a `return` at a bare None."""
    facts = (
        (name, what)
        for name, task in read_tasks(ROOT / "exercises").items()
        for one in (*task.key.expected, *(o for m in task.key.mistakes for o in m.observations))
        for what, value in (one.facts.items() if one else ())
        if value is None and "[" not in what
    )
    assert not [fact for fact in facts if re.search(r"\bgrads?\b", fact[1])]
