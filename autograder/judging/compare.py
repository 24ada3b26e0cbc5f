"""Compare: does an observation equal another? The only place with tolerances.

Kind, then dtype, then device, then shape, then values; nothing is ever broadcast.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from autograder.inside.observation import Array, Items, Logged, Observation, Other, Returned, Value

Numbers: TypeAlias = npt.NDArray[Any]

# dtype of the given -> (relative, absolute). Everything that is no floating point is exact.
TOLERANCES = {
    "float64": (1e-9, 1e-12),
    "float32": (1e-5, 1e-6),
}


@dataclass(frozen=True)
class Gap:
    """The first difference between two observations.

    `what` is the fact, or `raised`; `aspect` what differs about it; `size` the distance of the
    values in tolerances, infinite where something else than a value differs; `returned` what an
    exception came of.
    """

    what: str
    aspect: str
    yours: Value
    expected: Value
    where: tuple[int, ...] = ()
    size: float = float("inf")
    returned: Returned | None = None


def compare(observed: Observation, expected: Observation, dtype: str) -> Gap | None:
    """Return the first gap between two observations of a given of this dtype, or None."""
    return next(gaps(observed, expected, dtype), None)


def gaps(observed: Observation, expected: Observation, dtype: str) -> Iterator[Gap]:
    """Yield the gap of every fact that differs, in the order of the expected facts."""
    if observed is expected:  # read of one text (replies.py)
        return
    if (observed.raised, observed.returned) != (expected.raised, expected.returned):
        yield Gap(
            "raised", "exception", observed.raised, expected.raised, returned=observed.returned
        )
        return
    for name, value in expected.facts.items():
        if name not in observed.facts:
            yield Gap(name, "missing", None, value)
        else:
            yield from _value_gaps(name, observed.facts[name], value, dtype)
    for name in observed.facts.keys() - expected.facts.keys():
        yield Gap(name, "unknown", observed.facts[name], None)


def differing(observed: Observation, other: Observation | None, dtype: str) -> list[str]:
    """Return the names of the facts that differ, of a list its own; of an exception `raised` alone,
    and nothing where there is no other."""
    found = () if other is None else gaps(observed, other, dtype)
    return list(dict.fromkeys(whole(gap.what) for gap in found))


def whole(fact: str) -> str:
    """Return the fact that an entry such as `losses[2]` belongs to."""
    return re.sub(r"(\[\d+\])+$", "", fact)


def _value_gaps(name: str, yours: Value, expected: Value, dtype: str) -> Iterator[Gap]:
    if _kind(yours) != _kind(expected):
        yield Gap(name, "kind", yours, expected)
    elif isinstance(yours, Array) and isinstance(expected, Array):
        yield from _array_gaps(name, yours, expected)
    elif isinstance(yours, Items) and isinstance(expected, Items):
        if len(yours.items) != len(expected.items):
            yield Gap(name, "length", yours, expected)
            return
        for index, (mine, theirs) in enumerate(zip(yours.items, expected.items, strict=True)):
            yield from _value_gaps(f"{name}[{index}]", mine, theirs, dtype)
    elif isinstance(yours, float) and isinstance(expected, float):
        if yours == expected:
            return
        precision = "float32" if Logged in (type(yours), type(expected)) else dtype
        size = _distance(np.array(yours), np.array(expected), precision)
        if size > 1:
            yield Gap(name, "value", yours, expected, size=float(size))
    elif yours != expected:
        yield Gap(name, "value", yours, expected)


def _array_gaps(name: str, yours: Array, expected: Array) -> Iterator[Gap]:
    for aspect in ("dtype", "device", "shape"):
        if getattr(yours, aspect) != getattr(expected, aspect):
            yield Gap(name, aspect, yours, expected)
            return
    if yours.values is None or expected.values is None:
        if yours.values is not expected.values:
            yield Gap(name, "device", yours, expected)
        return
    if np.array_equal(yours.values, expected.values):  # as nearly always: no need to measure
        return
    distance = np.atleast_1d(_distance(yours.values, expected.values, expected.dtype))
    if (wrong := np.argwhere(distance > 1)).size:
        where = tuple(int(index) for index in wrong[0]) if yours.shape else ()
        size = float(distance.max())
        yield Gap(
            name, "value", yours.values[where].item(), expected.values[where].item(), where, size
        )


def _distance(yours: Numbers, expected: Numbers, dtype: str) -> npt.NDArray[np.float64]:
    """Return |yours - expected| in tolerances, elementwise; inf where one of them is not finite."""
    if dtype not in TOLERANCES:
        return np.where(yours == expected, 0.0, np.inf)
    relative, absolute = TOLERANCES[dtype]
    scale = np.abs(expected)
    if dtype == "float32" and scale.size:
        # The rounding error of a float32 sum grows with its largest term, not with its result:
        # two right ways to write a gradient differ by that much where the terms cancel.
        finite = scale[np.isfinite(scale)]
        scale = np.full_like(scale, finite.max() if finite.size else 0.0)
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.abs(yours - expected) / (absolute + relative * scale)
    same = (yours == expected) | (np.isnan(yours) & np.isnan(expected))
    return np.where(same, 0.0, np.where(np.isfinite(distance), distance, np.inf))


def near(yours: Numbers, expected: Numbers, dtype: str) -> bool:
    """Say whether two arrays have one shape and, within the tolerance of a dtype, one value."""
    return yours.shape == expected.shape and bool((_distance(yours, expected, dtype) <= 1).all())


def _kind(value: Value) -> str:
    if isinstance(value, Items):
        return value.kind
    if isinstance(value, Other):
        return value.type
    return "float" if isinstance(value, float) else type(value).__name__
