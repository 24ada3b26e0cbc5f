"""The score: what an exercise that fails earns by the cases that pass."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.course import Exercise
from autograder.judging.key import AnswerKey


def score(exercise: Exercise, key: AnswerKey, probes: Sequence[str]) -> float:
    """Return the points earned: all of them, or the share of the cases that count.

    Nothing is earned unless the first case passes, and a hidden one of its probe whose answer
    changes with the secret: a refusal of bad input alone is worth nothing, and neither are numbers
    learnt by heart.
    """
    if "fail" not in probes:
        return exercise.points
    hidden = [case.hidden for case in key.cases]
    plain = key.cases[0].probe
    computed = [
        status
        for case, status, drawn in zip(key.cases, probes, key.drawn, strict=True)
        if drawn and case.probe == plain and case.hidden
    ]
    if probes[0] != "pass" or (any(hidden) and "pass" not in computed):
        return 0.0
    passed, of = share(hidden, probes)
    return round(exercise.points * passed / of, 2)


def share(hidden: Sequence[bool], probes: Sequence[str]) -> tuple[int, int]:
    """Return how many of the cases that count and ran have passed, and how many these are."""
    own = [status for status, does in zip(probes, counting(hidden, probes), strict=True) if does]
    return own.count("pass"), len(own) - own.count("not_run")


def counting(hidden: Sequence[bool], probes: Sequence[str]) -> list[bool]:
    """Say of each case whether it counts where one fails.

    The right answer of a public case is known to whoever reads exercises/cases, so where there are
    hidden cases a public one earns nothing by itself; failing it still costs.
    """
    return [
        own or not any(hidden) or status == "fail"
        for own, status in zip(hidden, probes, strict=True)
    ]
