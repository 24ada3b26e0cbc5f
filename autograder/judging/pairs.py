"""Pairs: one fact of an observation beside the expected one, on every case that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.inside.observation import Array, Items, Logged, Observation, Value
from autograder.inside.words import with_article
from autograder.judging.compare import Numbers, near, whole
from autograder.judging.key import Case

CROP_TABLE = {"n_in": 3, "n_out": 2}  # the sizes that a given with `rows` has
STEP = "first wrong step of the "


@dataclass(frozen=True)
class Pair:
    """One fact on one case: your numbers and the expected ones.

    `start` are the numbers from before the step, where they were observed; `kinds` says what both
    values are (`a float`, `a float64 tensor`); `sizes` are those of the given.
    """

    yours: Numbers
    expected: Numbers
    dtype: str = "float64"
    start: Numbers | None = None
    kinds: tuple[str, str] = ("", "")
    sizes: Mapping[str, float] = field(default_factory=dict)

    def near(self, yours: Numbers, expected: Numbers) -> bool:
        """Say whether both have one shape and, within the tolerance, the same numbers."""
        return near(np.asarray(yours), np.asarray(expected), self.dtype)

    @property
    def sequence(self) -> bool:
        """Whether both are sequences of the same length, one entry after the other in time."""
        lists = all(kind.startswith(("a list", "a tuple")) for kind in self.kinds)
        return lists and self.yours.ndim > 0 and self.yours.shape == self.expected.shape

    @property
    def differs(self) -> bool:
        """Whether yours is not what was expected."""
        return self.kinds[0] != self.kinds[1] or not self.near(self.yours, self.expected)


def subjects(what: str) -> Iterator[str]:
    """Yield the facts in which a gap may show a relation: itself, the list it is in, the sequence
    of all facts that differ in their number only, as a pattern; of a path its first wrong step."""
    yield what
    if what.startswith("path"):
        yield STEP + what
    if whole(what) != what:
        yield whole(what)
    elif len(numbers := re.findall(r"\d+", what)) == 1:
        yield what.replace(numbers[0], "{}")


def pairs_of(
    subject: str,
    cases: Sequence[Case],
    observed: Sequence[Observation],
    expected: Sequence[Observation | None],
) -> list[Pair]:
    """Return the subject's pair on each case where both sides have numbers for it."""
    return [
        pair
        for case, yours, theirs in zip(cases, observed, expected, strict=True)
        if theirs is not None and (pair := _pair(subject, case, yours.facts, theirs.facts))
    ]


def _pair(
    subject: str, case: Case, yours: Mapping[str, Value], expected: Mapping[str, Value]
) -> Pair | None:
    fact = subject.removeprefix(STEP)
    mine, theirs = (_numbers(_at(fact, facts)) for facts in (yours, expected))
    if mine is None or theirs is None:
        return None
    if fact != subject:
        return _first_wrong_step(mine[0], theirs[0], theirs[1], sizes(case.given))
    start = _start(subject, yours, expected)
    return Pair(
        mine[0],
        theirs[0],
        dtype=theirs[1] or case.dtype,
        start=None if start is None or start.shape != theirs[0].shape else start,
        kinds=(mine[2], theirs[2]),
        sizes=sizes(case.given),
    )


def _first_wrong_step(
    yours: Numbers, expected: Numbers, dtype: str, own: Mapping[str, float]
) -> Pair | None:
    """Return the first row of a path that is wrong; the row before it is where it starts."""
    if yours.shape != expected.shape or not yours.ndim:
        return None
    rows = zip(yours, expected, strict=True)
    wrong = (i for i, (mine, theirs) in enumerate(rows) if not near(mine, theirs, dtype))
    if not (row := next(wrong, 0)):
        return None
    return Pair(yours[row], expected[row], dtype, start=expected[row - 1], sizes=own)


def sizes(given: Mapping[str, Any]) -> dict[str, float]:
    """Return the sizes of a given by their names."""
    own = {**CROP_TABLE, "n": given["rows"], **given} if "rows" in given else dict(given)
    own["batch"] = next((own[name] for name in ("batch", "batch_size", "size") if name in own), 0)
    numbers = {name: own.get(name) for name in ("n", "n_in", "n_out", "batch", "lr")}
    return {
        name: value for name, value in numbers.items() if isinstance(value, int | float) and value
    }


def _at(subject: str, facts: Mapping[str, Value]) -> Value:
    """Return the value of a fact, of an entry of it (`losses[2]`), or of a whole sequence."""
    if "{}" in subject:
        pattern = r"\d+".join(map(re.escape, subject.split("{}")))
        every = tuple(value for name, value in facts.items() if re.fullmatch(pattern, name))
        return Items("list", every) if len(every) > 1 else None
    if subject in facts:
        return facts[subject]
    value = facts.get(whole(subject))
    for place in re.findall(r"\d+", subject[len(whole(subject)) :]):
        if not isinstance(value, Items) or len(value.items) <= int(place):
            return None
        value = value.items[int(place)]
    return value


def _numbers(value: Value) -> tuple[Numbers, str, str] | None:
    """Return a value's numbers, their dtype (empty for that of the case) and what it is."""
    if isinstance(value, Array):
        if value.values is None or value.values.dtype == bool:
            return None
        return value.values, value.dtype, with_article(f"{value.dtype} tensor")
    if isinstance(value, Items):
        every = [None if isinstance(item, Items) else _numbers(item) for item in value.items]
        known = [one for one in every if one is not None]
        same = len({(one[0].shape, one[1], one[2]) for one in known}) == 1
        if len(known) < len(every) or not same:
            return None
        _, dtype, kind = known[0]
        return np.stack([one[0] for one in known]), dtype, f"a {value.kind} of {_plural(kind)}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    exact = isinstance(value, int)
    dtype = "float32" if isinstance(value, Logged) else "int64" if exact else ""
    return np.array(value), dtype, "an int" if exact else "a float"


def _plural(kind: str) -> str:
    return kind.partition(" ")[2] + "s"


def _start(
    subject: str, yours: Mapping[str, Value], expected: Mapping[str, Value]
) -> Numbers | None:
    """Return the numbers before: `w at the start`, or `w after step 1` for step 2, or `weight` for
    `weight after the change`. They are the same on both sides, or else nothing is known."""
    name, _, later = subject.partition(" after ")
    number = re.search(r"\d+$", later)
    step = int(number[0]) if number else 1
    before = f"{name} after step {step - 1}" if step > 1 else f"{name} at the start"
    place = before if before in expected else name
    mine, theirs = (_numbers(facts.get(place)) for facts in (yours, expected))
    if not later or mine is None or theirs is None:
        return None
    return theirs[0] if near(mine[0], theirs[0], theirs[1]) else None
