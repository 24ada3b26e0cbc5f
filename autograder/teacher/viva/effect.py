"""Effects: what becomes of a number, a series of numbers or a tensor when something is changed.

Each kind of quantity has classes of effects of which exactly one is true of any two observations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from autograder.inside.observation import Array, Items, Observation, Value
from autograder.judging.compare import near
from autograder.judging.key import BESIDES

OTHER = "Other numbers in the same shape, and not all by one factor."
SEEN = 0.01  # numbers that differ by less, relatively, and are not the same, nobody asks about
RAISES = "There is none: an exception ends the call."
# Exceptions that say no more than that a name is gone or a type is wrong, and a probe's own one.
TRIVIAL = ("NameError", "UnboundLocalError", "AttributeError", "TypeError", "TooManyCalls")

Series: TypeAlias = "tuple[float, ...]"


@dataclass(frozen=True)
class Quantity:
    """Something to ask about: its name, and what it is: one number, several, or a tensor."""

    name: str
    value: Series | Array

    @property
    def counts(self) -> bool:
        """Say whether it is one whole number, such as a count of things."""
        return not isinstance(self.value, Array) and [*map(float.is_integer, self.value)] == [True]

    @property
    def told(self) -> str:
        """The value with a few digits; of a tensor, the shape and its first numbers."""
        if isinstance(self.value, Array):
            shown = _listed(_numbers(self.value))
            return f"a tensor of shape {list(self.value.shape)}: {shown}"
        return _listed(self.value)

    @property
    def options(self) -> tuple[str, ...]:
        """All classes of effects, but for the other factors that a tensor may have."""
        if isinstance(self.value, Array):
            return (*_OF_TENSORS.values(), RAISES)
        return (*(_OF_ONE if len(self.value) == 1 else _OF_SERIES).values(), RAISES)


_OF_ONE = {
    "same": "It stays the same.",
    "higher": "It is higher.",
    "lower": "It is lower.",
    "not finite": "It is nan or infinite.",
}
_OF_SERIES = {
    "same": "All stay the same.",
    "first higher": "Already the first is higher.",
    "first lower": "Already the first is lower.",
    "later higher": "The first stays the same; the next one that changes is higher.",
    "later lower": "The first stays the same; the next one that changes is lower.",
    "not finite": "The first that changes is nan or infinite.",
    "count": "There are more of them, or fewer.",
}
_OF_TENSORS = {
    "same": "It stays the same.",
    "times 2": "Every number is 2 times what it was.",
    "times 0.5": "Every number is 0.5 times what it was.",
    "times -1": "Every number has the opposite sign.",
    "other": OTHER,
    "shape": "It has another shape.",
}


def quantities(seen: Observation) -> Iterator[Quantity]:
    """Yield the numbers of an observation, those of one name and several steps together."""
    series: dict[str, list[float]] = {}
    for name, value in _facts(seen):
        numbered = re.fullmatch(r"(.*\D)(\d+)", name)
        number = _number(value)
        if number is not None:
            series.setdefault(numbered[1] + "1, 2, ..." if numbered else name, []).append(number)
        elif isinstance(value, Items) and value.items and all(_is_number(v) for v in value.items):
            series[name] = [float(_number(v) or 0.0) for v in value.items]
        elif isinstance(value, Array) and value.values is not None and value.values.size > 1:
            yield Quantity(name, value)
    for name, numbers in series.items():
        if name.endswith("1, 2, ..."):
            count = ", ".join(map(str, range(1, len(numbers) + 1)))
            name = name.removesuffix("1, 2, ...") + count
        yield Quantity(name, tuple(numbers))


def _facts(seen: Observation) -> Iterator[tuple[str, Value]]:
    """Yield the facts that are of the code, and each tensor of a list as one."""
    for name, value in seen.facts.items():
        if name in BESIDES or "at the start" in name:
            continue
        if isinstance(value, Items) and all(isinstance(item, Array) for item in value.items):
            yield from ((f"{name}[{index}]", item) for index, item in enumerate(value.items))
        else:
            yield name, value


def effect(before: Quantity, after: Quantity | None) -> str | None:
    """Return the option that is true of a quantity; None where it changes too little to ask.

    Without an `after` it is missing, or of another kind: nobody asks then.
    """
    if after is None or isinstance(before.value, Array) is not isinstance(after.value, Array):
        return None
    if isinstance(before.value, Array):
        assert isinstance(after.value, Array)
        return _of_tensor(before.value, after.value)
    assert not isinstance(after.value, Array)
    return _of_series(before.value, after.value)


def _of_series(before: Series, after: Series) -> str | None:
    words = _OF_ONE if len(before) == 1 else _OF_SERIES
    if len(before) != len(after):
        return words.get("count")
    for index, (one, other) in enumerate(zip(before, after, strict=True)):
        if _is_same(one, other):
            continue
        if not math.isfinite(other):
            return words["not finite"]
        if not math.isfinite(one) or abs(other - one) < SEEN * max(abs(one), abs(other)):
            return None
        direction = "higher" if other > one else "lower"
        place = "" if len(before) == 1 else "first " if index == 0 else "later "
        return words[place + direction]
    return words["same"]


def _of_tensor(before: Array, after: Array) -> str | None:
    if before.shape != after.shape:
        return _OF_TENSORS["shape"]
    one, other = (np.asarray(_numbers(array)) for array in (before, after))
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return None
    if near(other, one, "float32"):
        return _OF_TENSORS["same"]
    if not one.any():  # there is no factor
        return OTHER
    if np.abs(other - one).max() < SEEN * np.abs(one).max():
        return None
    factor = float(one @ other / (one @ one))
    if not near(other, factor * one, "float32"):
        return OTHER
    written = f"{factor:.4g}"
    return _OF_TENSORS.get(f"times {written}", f"Every number is {written} times what it was.")


def by_name(seen: Observation) -> Mapping[str, Quantity]:
    """Return the quantities of an observation by name."""
    return {quantity.name: quantity for quantity in quantities(seen)}


def _is_same(one: float, other: float) -> bool:
    return near(np.array(other), np.array(one), "float32")


def _number(value: Value) -> float | None:
    if isinstance(value, Array):
        alone = value.values is not None and value.values.size == 1 and value.dtype != "bool"
        return float(value.values.item()) if alone and value.values is not None else None
    return float(value) if isinstance(value, int | float) and type(value) is not bool else None


def _is_number(value: Value) -> bool:
    return _number(value) is not None


def _numbers(array: Array) -> list[float]:
    return [] if array.values is None else array.values.astype(float).reshape(-1).tolist()


def _listed(numbers: Sequence[float]) -> str:
    shown = ", ".join(f"{number:.4g}" for number in numbers[:6])
    return shown + (", ..." if len(numbers) > 6 else "")
