"""Factors: how many times the expected numbers yours are, and which size of the given says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from autograder.judging.compare import TOLERANCES, Numbers
from autograder.judging.pairs import Pair

ENOUGH = 2  # different numbers that a factor or an offset must explain before it is told
CLEAR = 1_000  # tolerances by which a number must stand out before a factor is read from it
NAMES = {
    "n": "the number of rows",
    "n_in": "the number of inputs",
    "n_out": "the number of targets",
    "batch": "the size of a batch",
    "lr": "the learning rate",
}


@dataclass(frozen=True)
class _Distance:
    """How far your numbers and the expected ones are from a start."""

    pair: Pair
    start: Numbers

    def factor(self) -> float | None:
        """Return how many times as far yours are, where the expected number is farthest."""
        yours, expected = self.pair.yours, self.pair.expected
        if yours.shape != expected.shape or self.pair.dtype not in TOLERANCES:
            return None
        distance = np.where(np.isfinite(expected), np.abs(expected - self.start), 0.0)
        if not distance.size:
            return None
        where = np.unravel_index(int(distance.argmax()), distance.shape)
        relative, absolute = TOLERANCES[self.pair.dtype]
        scale = abs(expected[where]) + abs(self.start[where])
        if distance[where] <= CLEAR * (absolute + relative * scale):
            return None
        factor = float((yours[where] - self.start[where]) / (expected - self.start)[where])
        return factor if np.isfinite(factor) else np.inf

    def fits(self, factor: float) -> bool:
        """Say whether all of your numbers are so many times as far."""
        if np.isinf(factor):
            return not np.isfinite(self.pair.yours).any()
        moved = self.start + factor * (self.pair.expected - self.start)
        return self.pair.near(self.pair.yours, moved)


def factor(wrong: Sequence[Pair], right: Sequence[Pair]) -> str | None:
    """Return how many times the expected numbers yours are, in words, or None.

    A number (`0.5`) that holds on each wrong pair. Or a size (`n_out / 2, where ...`), perhaps with
    a minus, that gives the factor of every pair, at least two different ones, as no other does.
    """
    return _in_words(
        *([_Distance(p, np.zeros_like(p.expected)) for p in ps] for ps in (wrong, right))
    )


def change_factor(wrong: Sequence[Pair], right: Sequence[Pair]) -> str | None:
    """Return how many times as far your numbers have moved from their start, in words, or None."""
    known = [[_Distance(p, p.start) for p in ps if p.start is not None] for ps in (wrong, right)]
    return _in_words(*known) if len(known[0]) == len(wrong) else None


@np.errstate(all="ignore")
def _in_words(wrong: Sequence[_Distance], right: Sequence[_Distance]) -> str | None:
    read = [(one, one.factor()) for one in (*wrong, *right)]
    if any(factor is None for _, factor in read[: len(wrong)]):
        return None
    known = [one for one, factor in read if factor is not None]
    if named := _by_size(known):
        return named
    exact = sorted(read[: len(wrong)], key=lambda one: one[0].pair.dtype != "float64")
    factor = exact[0][1]
    if factor is None or np.isinf(factor):
        return None
    fraction = Fraction(factor).limit_denominator(12)
    simple = abs(fraction - Fraction(factor)) < 1e-6 * abs(factor)
    factor = float(fraction) if simple else factor
    words = str(fraction) if simple and len(f"{factor:.6g}") > 5 else f"{factor:.4g}"
    numbers = {number for one in wrong for number in one.pair.expected.flat}
    told = len(numbers) >= ENOUGH and words != "1" and (simple or len(wrong) > 1)
    return words if told and all(one.fits(factor) for one in wrong) else None


def _by_size(known: Sequence[_Distance]) -> str | None:
    """Return the one formula of sizes that gives the factor of each pair; it must vary."""
    common = [name for name in NAMES if all(name in one.pair.sizes for one in known)]
    found = []
    for names in (*combinations(common, 1), *combinations(common, 2)):
        columns = [[one.pair.sizes[name] for name in names] for one in known]
        sizes = np.array(columns, float).T
        plain = list(_formulas(names, sizes))
        for text, values in (*plain, *((f"-{text}", -values) for text, values in plain)):
            varies = len({f"{value:.3g}" for value in values}) > 1
            if varies and all(one.fits(v) for one, v in zip(known, values, strict=True)):
                found.append(f"{text} ({', '.join(f'{name}: {NAMES[name]}' for name in names)})")
    return found[0] if len(found) == 1 else None


def _formulas(names: Sequence[str], sizes: Numbers) -> Iterator[tuple[str, Numbers]]:
    """Yield formulas of one or two sizes as text, with the value of each for every case."""
    text, count = " * ".join(names), sizes.prod(0)
    below = text if len(names) == 1 else f"({text})"
    yield text, count
    yield f"1 / {below}", 1 / count
    yield f"{text} / 2", count / 2
    yield f"2 / {below}", 2 / count
    yield f"{text} / ({text} - 1)", count / (count - 1)
    if len(names) == 2:
        yield " / ".join(names), sizes[0] / sizes[1]
        yield " / ".join(reversed(names)), sizes[1] / sizes[0]
