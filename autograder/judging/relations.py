"""Relations: how a student's numbers hang together with the expected ones, over all cases.

A gap tells two numbers of one case. A relation tells what holds on every case that differs: the
half of the expected loss, a transposed tensor, a loss that is one step late. Each is exact within
the tolerances, and says only what the numbers show.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from autograder.judging.compare import Numbers, near
from autograder.judging.factors import ENOUGH, change_factor, factor
from autograder.judging.pairs import Pair

# What holds for pairs that differ (the second argument: those that do not), or None.
Tell: TypeAlias = Callable[[Sequence[Pair], Sequence[Pair]], str | None]


@dataclass(frozen=True)
class Relation:
    """A relation by its name; `tell` says in words what holds, as in `your loss ...`."""

    name: str
    tell: Tell


RELATIONS: list[Relation] = []
WHOLE = slice(None)


def relation(name: str) -> Callable[[Tell], Tell]:
    """Put the decorated function at the end of the list: the first that holds is told."""

    def add(tell: Tell) -> Tell:
        RELATIONS.append(Relation(name, tell))
        return tell

    return add


def on_each(name: str, text: str) -> Callable[[Callable[[Pair], bool]], Callable[[Pair], bool]]:
    """Make a relation of a test that must hold on each pair that differs."""

    def add(test: Callable[[Pair], bool]) -> Callable[[Pair], bool]:
        def tell(wrong: Sequence[Pair], right: Sequence[Pair]) -> str | None:
            holds = (test(pair) and not pair.near(pair.yours, pair.expected) for pair in wrong)
            return text if all(holds) else None

        RELATIONS.append(Relation(name, tell))
        return test

    return add


def related(pairs: Sequence[Pair]) -> tuple[Relation, str] | None:
    """Return the first relation that holds on every pair that differs, and its words."""
    wrong = [pair for pair in pairs if pair.differs]
    right = [pair for pair in pairs if not pair.differs]
    if all(not pair.yours.any() and not pair.expected.any() for pair in wrong):
        return None  # zeros stand for numbers that may be any
    for one in RELATIONS if wrong else ():
        with np.errstate(all="ignore"):
            if text := one.tell(wrong, right):
                return one, text
    return None


# Other values of the right numbers: another kind, shape or order.


@relation("kind")
def _kind(wrong: Sequence[Pair], right: Sequence[Pair]) -> str | None:
    for pair in wrong:
        single = any("float32" in kind for kind in pair.kinds)
        same = near(pair.yours, pair.expected, "float32" if single else pair.dtype)
        if pair.kinds[0] == pair.kinds[1] or not same:
            return None
    yours, expected = wrong[0].kinds
    return f"the right numbers, but {yours}, not {expected}"


@on_each("transposed", "the expected numbers, transposed")
def _transposed(pair: Pair) -> bool:
    return pair.yours.ndim == 2 and pair.near(pair.yours.T, pair.expected)


@on_each("axis", "the right numbers, but with an axis of length 1 too many or too few")
def _axis(pair: Pair) -> bool:
    same = pair.yours.squeeze().shape == pair.expected.squeeze().shape
    return same and _reshaped(pair)


@on_each("shape", "the right numbers, but in another shape")
def _reshaped(pair: Pair) -> bool:
    return (
        pair.yours.shape != pair.expected.shape
        and pair.yours.size == pair.expected.size > 0
        and pair.near(pair.yours.reshape(pair.expected.shape), pair.expected)
    )


@on_each("reversed", "the right entries, in the reverse order")
def _reversed(pair: Pair) -> bool:
    return pair.yours.ndim > 0 and pair.near(pair.yours[::-1], pair.expected)


@on_each("permuted", "the right numbers, in another order")
def _permuted(pair: Pair) -> bool:
    same = pair.yours.shape == pair.expected.shape
    return same and pair.near(np.sort(pair.yours, None), np.sort(pair.expected, None))


# Numbers that are put together, or not yet.


@on_each("mean missing", "several numbers, whose mean is the expected one")
def _mean_missing(pair: Pair) -> bool:
    return _fewer(pair.expected, pair.yours) and _mean_of(pair, pair.yours, pair.expected)


@on_each("sum missing", "several numbers, whose sum is the expected one")
def _sum_missing(pair: Pair) -> bool:
    several = _fewer(pair.expected, pair.yours)
    return several and pair.near(pair.yours.sum(), pair.expected.reshape(()))


@on_each("mean instead", "one number, the mean of the expected ones")
def _mean_instead(pair: Pair) -> bool:
    return _fewer(pair.yours, pair.expected) and _mean_of(pair, pair.expected, pair.yours)


@on_each("sum instead", "one number, the sum of the expected ones")
def _sum_instead(pair: Pair) -> bool:
    several = _fewer(pair.yours, pair.expected)
    return several and pair.near(pair.yours.reshape(()), pair.expected.sum())


@on_each("last alone", "only the last of the expected entries")
def _last_alone(pair: Pair) -> bool:
    several = pair.expected.ndim == 1 and pair.yours.size == 1 < pair.expected.size
    return several and pair.near(pair.yours.reshape(()), pair.expected[-1])


def _fewer(one: Numbers, several: Numbers) -> bool:
    """Say whether one number stands for several, or without their axis for a single one."""
    return one.size == 1 <= several.size and one.ndim < several.ndim


def _mean_of(pair: Pair, several: Numbers, one: Numbers) -> bool:
    return pair.near(several.mean(), one.reshape(()))


# Sequences: entries along the first axis.


@on_each("last entry missing", "the last entry is missing, the others are right")
def _last_missing(pair: Pair) -> bool:
    return _is_part(pair, WHOLE, slice(-1))


@on_each("first entry missing", "the first entry is missing, the others are right")
def _first_missing(pair: Pair) -> bool:
    return _is_part(pair, WHOLE, slice(1, None))


@on_each("entry too many at the end", "one entry too many at the end, the others are right")
def _one_more_at_the_end(pair: Pair) -> bool:
    return _is_part(pair, slice(-1), WHOLE)


@on_each("entry too many at the start", "one entry too many at the start, the others are right")
def _one_more_at_the_start(pair: Pair) -> bool:
    return _is_part(pair, slice(1, None), WHOLE)


@on_each("cut short", "it ends too early, and what is there is right")
def _cut_short(pair: Pair) -> bool:
    return pair.yours.ndim > 0 and _is_part(pair, WHOLE, slice(len(pair.yours)))


@on_each("one late", "one step late: each entry is the one that is expected before it")
def _late(pair: Pair) -> bool:
    return _is_long(pair) and pair.near(pair.yours[1:], pair.expected[:-1])


@on_each("one early", "one step early: each entry is the one that is expected after it")
def _early(pair: Pair) -> bool:
    return _is_long(pair) and pair.near(pair.yours[:-1], pair.expected[1:])


@on_each("stuck", "the same number in every entry")
def _stuck(pair: Pair) -> bool:
    if not pair.sequence or len(pair.yours) < ENOUGH:
        return False
    first = np.broadcast_to(pair.yours[:1], pair.yours.shape)
    return pair.near(pair.yours, first)


def _is_part(pair: Pair, yours: slice, expected: slice) -> bool:
    """Say whether these entries are the same, though not all are; none at all say nothing."""
    if not pair.yours.ndim or not pair.expected.ndim or len(pair.yours) == len(pair.expected):
        return False
    part = pair.yours[yours]
    return part.size > 0 and pair.near(part, pair.expected[expected])


def _is_long(pair: Pair) -> bool:
    return pair.sequence and len(pair.yours) > ENOUGH


# Numbers of the right shape.


@relation("zero")
def _zero(wrong: Sequence[Pair], right: Sequence[Pair]) -> str | None:
    if any(not pair.yours.size or pair.yours.any() or not pair.expected.any() for pair in wrong):
        return None
    return "0 on these cases" if any(pair.yours.any() for pair in right) else "0 everywhere"


@on_each("unchanged", "as it was before: nothing has moved it")
def _unchanged(pair: Pair) -> bool:
    return pair.start is not None and pair.near(pair.yours, pair.start)


@relation("change by a factor")
def _change(wrong: Sequence[Pair], right: Sequence[Pair]) -> str | None:
    found = change_factor(wrong, right)
    if found == "-1":
        return "moved as far as expected, but in the opposite direction"
    return found and f"moved {found} times as far as expected"


@relation("factor")
def _multiple(wrong: Sequence[Pair], right: Sequence[Pair]) -> str | None:
    found = factor(wrong, right)
    if found == "-1":
        return "the expected numbers with the opposite sign"
    return found and f"{found} times the expected numbers"


@relation("transposed multiple")
def _transposed_multiple(wrong: Sequence[Pair], right: Sequence[Pair]) -> str | None:
    if any(pair.yours.ndim != 2 for pair in wrong):
        return None
    found = factor([replace(pair, yours=pair.yours.T) for pair in wrong], [])
    return found and f"{found} times the expected numbers, transposed"


@on_each("square root", "the square root of the expected numbers")
def _root(pair: Pair) -> bool:
    return pair.near(pair.yours**2, pair.expected)


@on_each("square", "the square of the expected numbers")
def _square(pair: Pair) -> bool:
    return pair.near(pair.yours, pair.expected**2)


@on_each("signs", "right but for the sign of some numbers")
def _signs(pair: Pair) -> bool:
    return pair.yours.size > 0 and pair.near(np.abs(pair.yours), np.abs(pair.expected))


@on_each("offset", "the difference is the same everywhere")
def _offset(pair: Pair) -> bool:
    if pair.yours.shape != pair.expected.shape or pair.yours.size < ENOUGH:
        return False
    return _shifted_by(pair, (pair.yours - pair.expected).flat[0])


@on_each("offset in each row", "the difference is the same in every row")
def _row_offset(pair: Pair) -> bool:
    if pair.yours.shape != pair.expected.shape or pair.yours.ndim < 2 or len(pair.yours) < ENOUGH:
        return False
    return _shifted_by(pair, (pair.yours - pair.expected)[0])


def _shifted_by(pair: Pair, difference: Numbers) -> bool:
    finite = bool(np.isfinite(pair.yours).all() and np.isfinite(pair.expected).all())
    return finite and pair.near(pair.yours, pair.expected + difference)


@relation("float32")
def _single(wrong: Sequence[Pair], right: Sequence[Pair]) -> str | None:
    """Every number of float64 is right to seven digits, and none to more."""
    double = [pair for pair in right if pair.dtype == "float64" and pair.expected.any()]
    if double or not all(map(_seven_digits, wrong)):
        return None
    return "right to about 7 digits, which is all that float32 keeps"


def _seven_digits(pair: Pair) -> bool:
    if pair.dtype != "float64" or pair.yours.shape != pair.expected.shape:
        return False
    farthest = np.abs(pair.yours - pair.expected).max()
    return bool(farthest < 5e-7 * np.abs(pair.expected).max())


@relation("same for all")
def _same_for_all(wrong: Sequence[Pair], right: Sequence[Pair]) -> str | None:
    first = wrong[0]
    same = all(first.near(pair.yours, first.yours) for pair in wrong)
    vary = any(not first.near(pair.expected, first.expected) for pair in wrong)
    if not same or not vary:
        return None
    always = all(first.near(pair.yours, first.yours) for pair in right)
    return f"the same on these cases{', whatever is given' if always else ''}"
