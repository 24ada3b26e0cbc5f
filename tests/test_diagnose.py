"""Diagnosis: which cause is named, as far as what was seen proves one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.inside.observation import Items, Observation, Value
from autograder.judging.diagnose import Cause, diagnose
from autograder.judging.key import AnswerKey, Case, Mistake

CASES = (
    Case("value", {"n": 4, "n_out": 3}),
    Case("value", {"n": 5, "n_out": 2}, hidden=True),
    Case("refusal", {"n": 6}),
    Case("device", {"n": 7}, hidden=True),
)


def seen(*facts: Value) -> tuple[Observation, ...]:
    """Return an observation of one fact for each case."""
    return tuple(Observation({"loss": fact}) for fact in facts)


RIGHT = seen(8.0, 4.0, "ValueError", "cpu")
HALF = Mistake("half", "You halved it.", seen(4.0, 2.0, "ValueError", "cpu"))
ACCEPTED = Mistake("accepted", "You accept all.", seen(8.0, 4.0, "none", "cpu"))
MOVED = Mistake("moved", "You move it.", seen(8.0, 4.0, "ValueError", "meta"))
KEY = AnswerKey(CASES, lambda: RIGHT, lambda: (HALF, ACCEPTED, MOVED))


def cause(*facts: Value, key: AnswerKey = KEY) -> Cause:
    """Return the cause of a failure with these facts."""
    return diagnose(key, seen(*facts), range(4))


def with_mistakes(*mistakes: Mistake) -> AnswerKey:
    """Return the key with other mistakes."""
    return replace(KEY, observe_mistakes=lambda: mistakes)


def test_what_a_mistake_gives_everywhere_is_named() -> None:
    """One mistake and nothing else."""
    found = cause(4.0, 2.0, "ValueError", "cpu")
    assert found == Cause("named", ("half",), "You halved it.")


def test_two_mistakes_that_different_probes_see_are_both_named() -> None:
    """The one whose case comes first is told first, whatever the order of the list."""
    told = Cause("named", ("half", "accepted"), "You halved it.\nYou accept all.")
    assert cause(4.0, 2.0, "none", "cpu") == told
    assert cause(4.0, 2.0, "none", "cpu", key=with_mistakes(ACCEPTED, HALF)) == told


def test_a_mistake_that_its_probe_proves_is_told_as_at_least() -> None:
    """Another probe saw something that no mistake explains."""
    found = cause(4.0, 2.0, "TypeError", "cpu")
    assert found == Cause("at_least", ("half",), "At least this: You halved it.")


def test_what_the_gap_does_not_show_comes_second() -> None:
    """The told gap is of the loss: its relation stands first, and the mistake is told besides."""
    found = cause(12.0, 6.0, "none", "cpu")
    assert (found.kind, found.slugs) == ("at_least", ("accepted",))
    relation, besides = found.text.splitlines()
    assert relation.startswith("Your loss: 1.5 times the expected numbers")
    assert besides == "Besides this difference: You accept all."


def test_a_feedback_that_calls_the_rest_right_is_told_alone_only() -> None:
    """Beside another fault it would be false."""
    praised = replace(HALF, feedback="Your gradient is right, but you halved it.")
    key = with_mistakes(praised, ACCEPTED)
    assert cause(4.0, 2.0, "ValueError", "cpu", key=key).kind == "named"
    assert cause(4.0, 2.0, "TypeError", "cpu", key=key).slugs == ()
    assert cause(4.0, 2.0, "none", "cpu", key=key).slugs == ("accepted",)


def test_nothing_is_told_besides_an_exception() -> None:
    """Code that refuses what is right, and accepts what is wrong, does look at its input."""
    observed = (Observation(raised="ValueError: x"), *seen(4.0, "none", "cpu"))
    assert diagnose(KEY, observed, range(4)) == Cause()


@pytest.mark.parametrize(
    "facts", [(4.0, 2.5, "none", "cpu"), (4.0, 4.0, "ValueError", "meta-like")]
)
def test_a_probe_proves_a_mistake_by_all_of_its_cases(facts: tuple[Value, ...]) -> None:
    """A mistake that gives the public case alone is not told."""
    assert "half" not in cause(*facts).slugs


def test_a_mistake_must_show_in_every_probe_that_it_fails() -> None:
    """What gives half the loss but refuses bad input is not a mistake that does neither."""
    both = Mistake("both", "You do both.", seen(4.0, 2.0, "none", "cpu"))
    assert cause(4.0, 2.0, "ValueError", "meta", key=with_mistakes(both)).slugs == ()


def test_two_mistakes_that_look_alike_to_a_probe_are_not_told() -> None:
    """Neither is proved, where what tells them apart is wrong in a third way."""
    twin = Mistake("twin", "You rounded.", seen(4.0, 2.0, "none", "cpu"))
    found = cause(4.0, 2.0, "TypeError", "cpu", key=with_mistakes(HALF, twin))
    assert found.kind == "related"
    same = replace(HALF, slug="same")
    assert cause(4.0, 2.0, "ValueError", "cpu", key=with_mistakes(HALF, same)) == Cause()


def test_a_mistake_that_gets_wrong_what_is_right_here_is_no_rival() -> None:
    """The twin would show on the device; what is right there is no twin."""
    twin = Mistake("twin", "You rounded.", seen(4.0, 2.0, "ValueError", "meta"))
    found = cause(4.0, 2.0, "TypeError", "cpu", key=with_mistakes(HALF, twin))
    assert (found.kind, found.slugs) == ("at_least", ("half",))


def test_what_is_seen_besides_ties_a_mistake_to_no_probe() -> None:
    """A call that draws from the wrong generator does so in every probe, whatever else is wrong."""

    def drawn(left: str, loss: float, repeated: str) -> tuple[Observation, ...]:
        facts = {"what the call leaves changed": left}
        return (
            Observation({**facts, "loss": loss}),
            Observation({**facts, "numbers drawn again": repeated}),
        )

    cases = (Case("value", {}), Case("generator", {}))
    ignored = Mistake("ignored", "You ignore it.", drawn("generators", 8.0, "different"))
    key = AnswerKey(cases, lambda: drawn("nothing", 8.0, "equal"), lambda: (ignored,))
    found = diagnose(key, drawn("generators", 5.0, "different"), range(2))
    assert (found.kind, found.slugs) == ("at_least", ("ignored",))


def test_facts_that_a_crash_hides_set_two_mistakes_at_no_odds() -> None:
    """The parameter that never moves is not seen where the missing gradient ends the case."""
    crash = Observation({"answer": "an error"})

    def moves(number: float) -> Observation:
        return Observation({"parameter": number})

    def passes(number: float) -> Observation:
        return Observation({"answer": "none", "parameter": number})

    cases = (Case("update", {}), Case("missing", {}))
    rebound = Mistake("rebound", "You rebind.", (moves(0.0), passes(0.0)))
    crashes = Mistake("crashes", "You crash.", (moves(1.0), crash))
    key = AnswerKey(cases, lambda: (moves(1.0), passes(1.0)), lambda: (rebound, crashes))
    assert diagnose(key, (moves(0.0), crash), range(2)).slugs == ("rebound", "crashes")


def test_none_in_place_of_a_value_is_told() -> None:
    """Whatever else is expected; beside a number it is no relation."""
    found = cause(None, None, "ValueError", "cpu")
    assert (found.kind, found.slugs) == ("related", ())
    assert found.text.startswith("None comes back where a value is expected")


def test_a_relation_is_told_with_the_cases_on_which_it_holds() -> None:
    """All of them, or those that differ; with nothing of what the student cannot see."""
    none = with_mistakes()
    assert cause(24.0, 12.0, "ValueError", "cpu", key=none).text == (
        "Your loss: 3 times the expected numbers, on both cases."
    )
    by_size = cause(12.0, 4.0, "ValueError", "cpu", key=none)
    assert (by_size.kind, by_size.slugs) == ("related", ())
    assert by_size.text.startswith("Your loss: n_out / 2 (n_out: the number of targets) times")
    assert cause(7.0, 4.0, "ValueError", "cpu", key=none) == Cause()


def test_the_first_wrong_numbers_decide() -> None:
    """Later ones follow from them, so that a relation there would say nothing."""
    key = AnswerKey(
        CASES[:1],
        lambda: (Observation({"note": "a", "w": 2.0, "losses": Items("list", (3.0, 2.0, 1.0))}),),
    )
    late = Items("list", (4.0, 3.0, 2.0))
    first = Observation({"note": "b", "w": 2.0, "losses": late})
    assert diagnose(key, (first,), [0]).text.startswith("Your losses: one step late")
    follows = Observation({"note": "b", "w": 2.7, "losses": late})
    assert diagnose(key, (follows,), [0]) == Cause()


def test_a_case_that_did_not_run_says_nothing() -> None:
    """Only the cases that ran count."""
    key = replace(KEY, observe_reference=lambda: (*RIGHT[:3], None))
    assert diagnose(key, seen(4.0, 2.0, "ValueError", "odd"), range(3)).slugs == ("half",)


def test_two_mistakes_of_one_probe_are_told_by_their_facts() -> None:
    """Together they give all that is wrong in it; with what none of them gives nothing is told."""

    def of(loss: float, mode: str, graph: str = "none") -> tuple[Observation, ...]:
        return (Observation({"mode": mode, "graph": graph, "loss": loss}),)

    half, left = (
        Mistake("half", "Halved.", of(4.0, "train")),
        Mistake("left", "Left.", of(8.0, "eval")),
    )
    recorded = Mistake("recorded", "Recorded, and left.", of(8.0, "eval", "some"))
    key = AnswerKey(CASES[:1], lambda: of(8.0, "train"), lambda: (half, left, recorded))
    assert diagnose(key, of(4.0, "eval"), [0]).slugs == ("left", "half")
    assert diagnose(key, of(4.0, "eval", "some"), [0]).slugs == ("recorded", "half")
    assert diagnose(key, of(3.0, "eval"), [0]) == Cause()  # 3.0 is nobody's


def test_a_case_that_stops_hides_its_facts() -> None:
    """A mistake is proved by the other cases of its probe, and by none where all of them stop."""
    stopped = Observation(raised="RuntimeError: x")
    observed = (RIGHT[0], stopped, *RIGHT[2:])
    assert diagnose(KEY, (HALF.observations[0], *observed[1:]), range(4)).slugs == ("half",)
    assert diagnose(KEY, (stopped, *observed[1:]), range(4)).slugs == ()
