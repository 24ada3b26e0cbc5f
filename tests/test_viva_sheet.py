"""`descent viva`: options of which one is true, sheets that nothing breaks, and the command."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.batch.ledger import Ledger
from autograder.batch.result import Result
from autograder.cli import main
from autograder.course import exercises
from autograder.inside import limits
from autograder.inside.observation import Array, Items, Observation
from autograder.judging.verdict import Verdict
from autograder.teacher.viva.asking import rank, telling
from autograder.teacher.viva.effect import Quantity, effect, quantities
from autograder.teacher.viva.question import Question, some
from autograder.teacher.viva.sheet import code_span, sheet

from .samples import MODEL, MSE, submission, told
from .test_viva import code_of


def array(*numbers: float, width: int = 2) -> Array:
    """Return a tensor of float64 with rows of this width."""
    values = np.array(numbers).reshape(-1, width)
    return Array("float64", "cpu", values.shape, values)


SERIES: dict[str, Callable[[list[float], list[float]], bool]] = {
    "It stays the same.": lambda a, b: a == b and len(a) == 1,
    "It is higher.": lambda a, b: len(a) == 1 and b[0] > a[0] and math.isfinite(b[0]),
    "It is lower.": lambda a, b: len(a) == 1 and b[0] < a[0] and math.isfinite(b[0]),
    "It is nan or infinite.": lambda a, b: len(a) == 1 and not math.isfinite(b[0]),
    "All stay the same.": lambda a, b: a == b,
    "Already the first is higher.": lambda a, b: b[0] > a[0],
    "Already the first is lower.": lambda a, b: b[0] < a[0],
    "The first stays the same; the next one that changes is higher.": lambda a, b: (
        a[0] == b[0]
        and len(a) == len(b)
        and next((y > x for x, y in zip(a, b, strict=False) if x != y), False)
    ),
    "The first stays the same; the next one that changes is lower.": lambda a, b: (
        a[0] == b[0]
        and len(a) == len(b)
        and next((y < x for x, y in zip(a, b, strict=False) if x != y), False)
    ),
    "The first that changes is nan or infinite.": lambda a, b: next(
        (not math.isfinite(y) for x, y in zip(a, b, strict=False) if x != y), False
    ),
    "There are more of them, or fewer.": lambda a, b: len(a) != len(b),
    "There is none: an exception ends the call.": lambda a, b: False,
}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([2.0], [2.0]),
        ([2.0], [3.0]),
        ([2.0], [-1.0]),
        ([2.0], [math.nan]),
        ([1.0, 0.5], [1.0, 0.5]),
        ([1.0, 0.5], [2.0, 0.1]),
        ([1.0, 0.5], [0.5, 0.9]),
        ([1.0, 0.5, 0.3], [1.0, 0.5, 0.9]),
        ([1.0, 0.5, 0.3], [1.0, 0.4, 0.9]),
        ([1.0, 0.5, 0.3], [1.0, math.nan, 0.9]),
    ],
)
def test_one_option_is_true_of_numbers(before: list[float], after: list[float]) -> None:
    """Of all options one is true by what it says, and it is the one that is found."""
    quantity = Quantity("loss", tuple(before))
    true = [text for text in quantity.options if SERIES[text](before, after)]
    assert [effect(quantity, Quantity("loss", tuple(after)))] == true


@pytest.mark.parametrize(
    ("after", "true"),
    [
        (array(1.0, 2.0, 3.0, 4.0), "It stays the same."),
        (array(2.0, 4.0, 6.0, 8.0), "Every number is 2 times what it was."),
        (array(-1.0, -2.0, -3.0, -4.0), "Every number has the opposite sign."),
        (array(7.0, 14.0, 21.0, 28.0), "Every number is 7 times what it was."),
        (array(1.0, 2.0, 3.0, 8.0), "Other numbers in the same shape, and not all by one factor."),
        (array(1.0, 2.0, 3.0, 4.0, width=4), "It has another shape."),
        (array(1.0, 2.0, 3.0, 4.0000001), "It stays the same."),
        (array(1.0, 2.0, 3.0, 4.01), None),
        (array(1.0, 2.0, 3.0, math.nan), None),
    ],
)
def test_what_becomes_of_a_tensor(after: Array, true: str | None) -> None:
    """A factor is told as such; a change that is too small to see is not asked about."""
    assert effect(Quantity("w", array(1.0, 2.0, 3.0, 4.0)), Quantity("w", after)) == true


def test_zeros_have_no_factor() -> None:
    """What was zero and is not any more is told, and by no factor."""
    before, after = (Quantity("gradient", array(*numbers)) for numbers in ((0, 0), (1.0, 2.0)))
    assert effect(before, after) == "Other numbers in the same shape, and not all by one factor."
    assert effect(before, before) == "It stays the same."


@pytest.mark.parametrize(
    ("raised", "asked"),
    [
        ("RuntimeError: a leaf Variable that requires grad", True),
        ("NameError: name 'loss' is not defined", False),
        ("TooManyCalls: 200 calls", False),
        (limits.named("RuntimeError: can't allocate memory"), False),
    ],
)
def test_an_exception_is_asked_about_if_it_says_something(raised: str, asked: bool) -> None:
    """That a name is gone, or the machine's memory, says nothing about training."""
    found = telling(Observation({"loss": 2.0}), Observation(raised=raised))
    assert (found is not None) is asked
    assert found is None or found[1] in found[0].options


def test_a_loss_is_asked_about_before_a_tensor_and_that_before_a_count() -> None:
    """Each tensor of a list is one to ask about; what came in is none."""
    seen = Observation(
        {
            "hooks left": 0,
            "gradients": Items("list", (array(1.0, 2.0), array(3.0, 4.0))),
            "w at the start": array(5.0, 6.0),
            "inputs afterwards": "unchanged",
            "loss before step 1": 0.5,
            "loss before step 2": 0.25,
        }
    )
    names = [quantity.name for quantity in sorted(quantities(seen), key=rank)]
    assert names == ["loss before step 1, 2", "gradients[0]", "gradients[1]", "hooks left"]


def test_the_true_option_is_always_among_those_shown() -> None:
    """It is there once, wherever it is drawn to, with others that are not it."""
    places = set()
    for seed in range(20):
        options, right = some("a", ["a", "b", "c", "d", "e", "b"], random.Random(seed))
        assert options[right] == "a"
        assert len({*options}) == len(options) == 4
        places.add(right)
    assert places == {0, 1, 2, 3}


def test_what_a_student_wrote_closes_no_fence() -> None:
    """Backticks and control characters in code and names are shown, and do nothing."""
    text = 'def mse(pred, target):\n    """Long."""\n    a = "```"  # \x1b[2J\n    return `a`\n'
    code = code_of("mse", m06=text.replace("`a`", "a  # ```` <b>"))
    question = Question("mse", "shape", 3, "What?", ("one", "two"), 1, "It was seen.")
    lines = [*sheet("a`b", [question], {"mse": code}, answers=True)]
    fences = [line for line in lines if line.startswith("```")]
    assert fences == ["`````python", "`````"]
    assert '   3      a = "```"  # \\x1b[2J' in lines
    assert not any("Long." in line for line in lines)
    assert "# Ten minutes about your code: ``a`b``, teacher's copy" in lines
    assert lines[-1] == "Answer: (b). It was seen."
    assert not any(
        "Answer" in line for line in sheet("a", [question], {"mse": code}, answers=False)
    )
    assert code_span("`x`") == "`` `x` ``"


def published(out: Path, text: str) -> None:
    """Make a ledger in which student-01 has passed mse with this text."""
    exercise = exercises()["mse"]
    verdict = Verdict(exercise, "pass", 2.0, probes=("pass",))
    result = Result("student-01", {"mse": verdict}, {"level": "basic"})
    with Ledger(out) as ledger:
        attempt = ledger.receive(submission({"m06_model": text}))
        ledger.keep(attempt.digest, {"mse": "checks"}, [verdict])
        ledger.publish("student-01", attempt.digest, {"mse": "checks"}, told(result))


def test_the_command_writes_both_sheets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One file for the student and one with the answers for the teacher."""
    published(tmp_path, MODEL + MSE)
    command = ["viva", "student-01", "--out", str(tmp_path), "--isolation", "basic"]
    assert main([*command, "--questions", "1", "--write", str(tmp_path / "viva")]) == 0
    assert capsys.readouterr().out.count("wrote ") == 2
    sheets = [(tmp_path / "viva" / f"student-01{end}.md").read_text() for end in ("", "-answers")]
    assert ["Answer: (" in text for text in sheets] == [False, True]
    assert all("def mse(pred, target):" in text and "**1. `mse`.**" in text for text in sheets)


@pytest.mark.parametrize(
    ("text", "arguments", "line"),
    [
        (MODEL, ["student-01"], "student-01 has too little code of their own that runs"),
        (MODEL + MSE, ["student-02"], "did you mean student-01?"),
        (MODEL + MSE, ["student-01", "--questions", "0"], "the number has to be 1 or more"),
    ],
)
def test_bad_input_gets_a_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    arguments: list[str],
    line: str,
) -> None:
    """The line says what is missing."""
    published(tmp_path, text)
    assert main(["viva", *arguments, "--out", str(tmp_path), "--isolation", "basic"]) == 2
    told = capsys.readouterr().err
    assert line in told
    assert told.count("\n") == 1


def test_code_that_cannot_be_written_again_is_left_alone() -> None:
    """A sum that is nested too deeply has no definitions to ask about."""
    deep = "def mse(pred, target):\n    return " + "-(" * 80 + "pred" + ")" * 80 + "\n"
    assert code_of("mse", m06=deep).definitions
    chain = "def mse(pred, target):\n    return " + " + ".join(["pred"] * 3000) + "\n"
    assert not code_of("mse", m06=chain).definitions
