"""Fingerprints: equal for what is wrong in the same way, and for nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.inside.observation import Array, Items, Observation, Value
from autograder.judging.fingerprint import fingerprint
from autograder.judging.key import AnswerKey, Case

CASES = (Case("value", {}), Case("value", {"dtype": "float32"}, hidden=True))


def column(*values: float) -> Array:
    """Return a tensor of float64."""
    return Array("float64", "cpu", (len(values),), np.array(values))


def seen(*losses: Value, grad: Array | None = None) -> tuple[Observation, ...]:
    """Return an observation for each case."""
    return tuple(Observation({"loss": loss, "grad": grad or column(1.0, 2.0)}) for loss in losses)


RIGHT = seen(8.0, 4.0)


def of(*observed: Observation) -> str:
    """Return the fingerprint of what was seen."""
    return fingerprint(AnswerKey(CASES, lambda: RIGHT), observed, range(len(CASES)))


def test_another_order_of_summation_is_the_same_way() -> None:
    """The last digits of a wrong number say nothing."""
    assert of(*seen(5.0, 3.0)) == of(*seen(5.0 + 1e-12, 3.0 + 1e-6))


def test_what_is_right_does_not_count() -> None:
    """A right gradient whose last digits differ is no difference."""
    assert of(*seen(5.0, 3.0)) == of(*seen(5.0, 3.0, grad=column(1.0, 2.0 + 1e-12)))


@pytest.mark.parametrize(
    "other",
    [
        seen(5.0, 2.0),
        seen(5.0, 4.0),
        seen(5.0, column(3.0)),
        seen(5.0, Items("list", (3.0,))),
        seen(5.0, "3.0"),
        seen(5.0, 3.0, grad=column(1.0, 3.0)),
        (seen(5.0)[0], Observation(raised="ValueError: shapes")),
    ],
)
def test_another_wrong_fact_is_another_way(other: tuple[Observation, ...]) -> None:
    """Another number, shape, kind, fact or exception tells two ways apart."""
    assert of(*seen(5.0, 3.0)) != of(*other)


def test_exceptions_are_told_apart_by_their_first_line() -> None:
    """The exception is what is wrong; the facts before it do not count."""
    one, same, other = (
        (RIGHT[0], Observation({"loss": loss}, raised=text))
        for loss, text in ((1.0, "ValueError: a"), (2.0, "ValueError: a"), (1.0, "ValueError: b"))
    )
    assert of(*one) != of(*other)
    assert of(*one) == of(*same)


def test_half_a_character_is_a_text_like_others() -> None:
    """Code can send it, and it has no bytes in UTF-8."""
    assert of(*seen("\ud800", 3.0)) != of(*seen("\ud801", 3.0))
