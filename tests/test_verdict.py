"""Verdicts: from observations to status, score, diagnosis and message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.course import Exercise
from autograder.inside.observation import Observation, Outcome, Returned, Trace
from autograder.judging.key import AnswerKey, Case, Mistake
from autograder.judging.message import tell_apart
from autograder.judging.verdict import Verdict, judge, settle

EXERCISE = Exercise("m06.3", "mse", "m06_model", ("mse",), 3.0, True, (), ("a", "b", "c"))


def seen(*losses: float) -> tuple[Observation, ...]:
    """Return an observation of one loss for each case."""
    return tuple(Observation({"loss": loss}) for loss in losses)


KEY = AnswerKey(
    cases=(
        Case("value", {"rows": 5}),
        Case("value", {"n": 4, "dtype": "float32"}),
        Case("value", {"n": 2}, hidden=True),
    ),
    observe_reference=lambda: seen(8.0, 4.0, 2.0),
    observe_mistakes=lambda: (
        Mistake("half", "You halved it.", seen(4.0, 2.0, 1.0)),
        Mistake("halves-too", "You divided by two.", seen(4.0, 2.0, 1.5)),
    ),
)


def judged(*losses: float, key: AnswerKey = KEY) -> Verdict:
    """Judge a submission with these losses."""
    outcome = Outcome("exercises/m06_model.py", 31, observations=seen(*losses))
    return judge(EXERCISE, key, outcome)


def test_equal_observations_pass() -> None:
    """All cases right: full marks and no message."""
    verdict = judged(8.0, 4.0, 2.0)
    assert (verdict.status, verdict.score, verdict.message) == ("pass", 3.0, "")
    assert verdict.probes == ("pass", "pass", "pass")


def test_a_mistake_that_fits_every_case_is_named() -> None:
    """The feedback of the one mistake with the same observations follows the gap."""
    verdict = judged(4.0, 2.0, 1.0)
    assert (verdict.status, verdict.diagnosis) == ("fail", "half")
    assert verdict.message == (
        "your loss 4, expected 8, on the 5 rows of data/crop_yield.csv\nYou halved it."
    )


def test_the_grader_abstains_when_no_mistake_fits_every_case() -> None:
    """A mistake that fits only some cases is not named."""
    verdict = judged(4.0, 2.0, 7.0)
    assert (verdict.status, verdict.diagnosis, verdict.why) == ("fail", None, "")


def test_the_grader_abstains_when_two_mistakes_fit() -> None:
    """Two mistakes that look the same name neither."""
    both = replace(
        KEY, observe_mistakes=lambda: (*KEY.mistakes, replace(KEY.mistakes[0], slug="again"))
    )
    assert judged(4.0, 2.0, 1.0, key=both).diagnosis is None


MORE = replace(
    KEY,
    cases=(*KEY.cases, Case("value", {"n": 3}, hidden=True), Case("refusal", {}, hidden=True)),
    observe_reference=lambda: seen(8.0, 4.0, 2.0, 1.0, 0.0),
    observe_mistakes=tuple,
    observe_others=lambda: seen(3.0, 1.5, 0.0),  # of the refusal the same
)


@pytest.mark.parametrize(
    ("losses", "score"),
    [
        ((8.0, 4.0, 2.0, 1.0, 0.0), 3.0),
        ((8.0, 4.0, 2.0, 1.0, 7.0), 2.0),  # two of three hidden cases
        ((8.0, 7.0, 2.0, 1.0, 0.0), 2.25),  # a public case that fails costs: three of four
        ((8.0, 4.0, 7.0, 1.0, 7.0), 1.0),  # one of three
        ((8.0, 4.0, 7.0, 7.0, 0.0), 0.0),  # the public answers learnt by heart, and a refusal
        ((7.0, 4.0, 2.0, 1.0, 0.0), 0.0),  # not even the plain case
    ],
)
def test_partial_credit_is_the_share_of_the_hidden_cases(
    losses: tuple[float, ...], score: float
) -> None:
    """A public case earns nothing by itself, for its answer stands in exercises/cases."""
    assert judged(*losses, key=MORE).score == score


def test_a_share_has_two_decimals_and_leaves_out_what_did_not_run() -> None:
    """One of three cases earns 1.0 of 3 points; one of two and a half-run key, the share of two."""
    cases = (
        Case("value", {}),
        Case("refusal", {}, hidden=True),
        *(Case("value", {"n": n}, hidden=True) for n in range(3)),
    )
    others = seen(4.0, 3.0, 2.0, 0.0)  # the last one is the same with every secret
    key = AnswerKey(cases, lambda: seen(8.0, 4.0, 2.0, 1.0, 0.0), observe_others=lambda: others)
    exercise = replace(EXERCISE, points=2.5)

    def score(*losses: float, key: AnswerKey = key) -> float | None:
        return judge(exercise, key, Outcome("m.py", observations=seen(*losses))).score

    assert score(8.0, 7.0, 2.0, 1.0, 7.0) == 1.25
    assert score(8.0, 4.0, 2.0, 1.0, 7.0) == 1.88
    assert score(8.0, 4.0, 7.0, 7.0, 7.0) == 0.0  # nothing that is computed
    assert score(8.0, 4.0, 7.0, 7.0, 0.0) == 0.0  # what a table can say
    without = replace(key, observe_reference=lambda: (*key.expected[:4], None))
    assert score(8.0, 7.0, 2.0, 1.0, 7.0, key=without) == 1.67


def test_a_verdict_says_where_and_shows_no_control_characters() -> None:
    """File and line of the definition stand there, whatever the outcome."""
    for outcome in (
        Outcome("a\x1b.py", 31, trouble="no\x1b such file"),
        Outcome("a\x1b.py", 31, stub=True),
        Outcome("a\x1b.py", 31, observations=seen(4.0, 4.0, 2.0)),
    ):
        verdict = judge(EXERCISE, KEY, outcome)
        assert (verdict.file, verdict.line) == ("a\\x1b.py", 31)
        assert verdict.gap.isprintable()
        assert verdict.gap == "no\\x1b such file" or not outcome.trouble
    stub = judge(EXERCISE, KEY, Outcome("m.py", stub=True))
    assert stub.message == "mse is still the stub"


def test_the_dtype_of_a_case_sets_its_tolerance() -> None:
    """What float32 rounds away passes, and does not hide which mistake it is."""
    assert judged(8.0, 4.0 + 1e-5, 2.0).status == "pass"
    assert judged(8.0, 4.0, 2.0 + 1e-5).status == "fail"
    assert judged(4.0, 2.0 + 1e-5, 1.0).diagnosis == "half"


def test_a_case_that_did_not_run_does_not_hide_the_mistake() -> None:
    """Only what ran is compared with the mistakes."""
    key = replace(KEY, observe_reference=lambda: (*KEY.expected[:2], None))
    assert judged(8.0, 2.0, 99.0, key=key).diagnosis is None
    only = replace(key, observe_mistakes=lambda: KEY.mistakes[:1])
    assert judged(4.0, 2.0, 99.0, key=only).diagnosis == "half"


def test_without_hidden_cases_the_public_ones_count() -> None:
    """At the student's desk the share is that of the public cases."""
    key = replace(KEY, cases=tuple(replace(case, hidden=False) for case in KEY.cases))
    assert judged(8.0, 4.0, 7.0, key=key).score == 2.0


def test_nothing_is_earned_without_the_plain_case() -> None:
    """The first case decides whether there is credit at all."""
    assert judged(7.0, 4.0, 2.0).score == 0.0


def test_a_hidden_case_is_told_without_its_numbers() -> None:
    """When only a hidden case fails, the message gives no value of it away."""
    verdict = judged(8.0, 4.0, 7.0)
    assert verdict.message == "your loss: a wrong value, on a hidden case"


def test_a_public_case_is_told_before_a_hidden_one() -> None:
    """The message prefers a case that the student can see."""
    key = replace(
        KEY,
        cases=(KEY.cases[2], KEY.cases[1], KEY.cases[0]),
        observe_reference=lambda: (KEY.expected[2], KEY.expected[1], KEY.expected[0]),
        observe_mistakes=tuple,
    )
    assert "on a case with n = 4 in float32" in judged(1.0, 1.0, 8.0, key=key).message


def test_a_case_that_cannot_run_here_neither_passes_nor_fails() -> None:
    """Without an expectation (no GPU) a case is not run and does not count."""
    key = replace(KEY, observe_reference=lambda: (*KEY.expected[:2], None), observe_mistakes=tuple)
    verdict = judged(8.0, 4.0, 99.0, key=key)
    assert (verdict.status, verdict.score) == ("pass", 3.0)
    assert verdict.probes == ("pass", "pass", "not_run")


def test_a_stub_is_not_attempted() -> None:
    """A stub earns nothing and is not called wrong."""
    verdict = judge(EXERCISE, KEY, Outcome("exercises/m06_model.py", 31, stub=True))
    assert (verdict.status, verdict.score, verdict.diagnosis) == ("not_attempted", 0.0, None)
    assert verdict.probes == ("not_run",) * 3


def test_trouble_is_the_message() -> None:
    """What kept the exercise from being observed is what the student reads."""
    verdict = judge(EXERCISE, KEY, Outcome("m06_model.py", trouble="the file is missing"))
    assert (verdict.status, verdict.score, verdict.message) == ("fail", 0.0, "the file is missing")


@pytest.mark.parametrize(
    ("below", "own", "expected"),
    [
        ("fail", "fail", "blocked"),
        ("not_attempted", "fail", "blocked"),
        ("pass", "fail", "fail"),
        ("fail", "pass", "pass"),
        ("fail", "not_attempted", "not_attempted"),
        ("error", "fail", "fail"),
    ],
)
def test_blocked_means_it_fails_and_so_does_what_it_builds_on(
    below: str, own: str, expected: str
) -> None:
    """Only a failure can be blocked, and only by a failure that is the student's."""
    base = replace(judged(8.0, 4.0, 2.0), status=below)  # type: ignore[arg-type]
    upper = Exercise("m08.3", "train_step", "m08", ("train_step",), 3, True, ("mse",), ())
    top = replace(base, exercise=upper, status=own)  # type: ignore[arg-type]
    assert settle({"mse": base, "train_step": top})["train_step"].status == expected


@pytest.mark.parametrize(
    ("raised", "returned", "told"),
    [
        ("NotImplementedError", None, "delete it where your code is ready"),
        (
            "AttributeError: x",
            Returned("mse", "None"),
            "mse returned None, on the 5 rows of data/crop_yield.csv (is a `return`",
        ),
        ("TypeError: x", Returned("mse", "a float"), "a float; using it raised TypeError"),
        ("TypeError: unsupported", None, "mse raised TypeError: unsupported"),
    ],
)
def test_exceptions_are_told_in_one_line(raised: str, returned: Returned | None, told: str) -> None:
    """The message names the exception, or what made it, at the line it came from."""
    failed = Observation(raised=raised, returned=returned, line=35)
    outcome = Outcome("m06_model.py", 31, observations=(failed, failed, failed))
    verdict = judge(EXERCISE, KEY, outcome)
    assert told in verdict.message
    assert verdict.line == 35


LEAF = Trace(
    "RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.",
    "def f(w):\n    w -= 1",
    2,
)


def test_an_exception_tells_its_cause_where_no_mistake_is_named() -> None:
    """The words follow the gap; no mistake is named by them."""
    failed = Observation(raised=LEAF.raised, trace=LEAF)
    verdict = judge(EXERCISE, KEY, Outcome("m06_model.py", observations=(failed,) * 3))
    assert verdict.why.startswith("`w` is a leaf that requires its gradient")
    assert verdict.diagnosis is None


@pytest.mark.parametrize(
    ("fact", "told"), [("RuntimeError", True), ("ValueError", False), (3.0, False)]
)
def test_an_exception_that_a_probe_has_caught_is_told_where_it_makes_the_gap(
    fact: str | float, told: bool
) -> None:
    """Another gap of the same case is not its doing."""
    expected = Observation({"answer": "no exception"})
    key = AnswerKey((Case("value", {}),), lambda: (expected,))
    failed = Observation({"answer": fact}, trace=LEAF)
    assert bool(judge(EXERCISE, key, Outcome("x", observations=(failed,))).why) is told


def test_numbers_are_written_with_the_digits_that_tell_them_apart() -> None:
    """1.0000001 is not told as `1, expected 1`."""
    assert tell_apart(1.0000001, 1.0) == ("1.0000001", "1")
    assert tell_apart(3381.6, 6763.2) == ("3381.6", "6763.2")


def test_a_device_fault_besides_hides_no_mistake() -> None:
    """Where cases of the CPU fail, they tell the mistake; where none does, it is the device's."""
    key = AnswerKey(
        cases=(Case("value", {}), Case("value", {"device": "stand-in"})),
        observe_reference=lambda: seen(8.0, 4.0),
        observe_mistakes=lambda: (
            Mistake("half", "You halved it.", seen(4.0, 2.0)),
            Mistake("on-the-cpu", "It lies on the CPU.", (*seen(8.0), Observation(raised="mixed"))),
        ),
    )
    for first, slug in ((4.0, "half"), (8.0, "on-the-cpu"), (7.0, None)):
        observed = (*seen(first), Observation(raised="mixed"))
        assert judge(EXERCISE, key, Outcome("m.py", observations=observed)).diagnosis == slug


def test_a_fault_that_every_machine_shows_is_told_before_a_device_fault() -> None:
    """The gap that is shown belongs to the cause: both come from the cases of the CPU."""
    cases = (Case("value", {"device": "stand-in"}), Case("value", {"n": 2}, hidden=True))
    key = AnswerKey(cases=cases, observe_reference=lambda: seen(4.0, 8.0))
    observed = (Observation(raised="mixed"), *seen(7.0))
    message = judge(EXERCISE, key, Outcome("m.py", observations=observed)).message
    assert message == "your loss: a wrong value, on a hidden case"
