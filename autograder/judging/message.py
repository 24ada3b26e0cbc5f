"""Messages: a gap between two observations, told in one line a student can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.course import Exercise
from autograder.inside.observation import Array, Items, Other, Value
from autograder.judging.compare import Gap

_NOTHING = "None"  # how a returned None is described


def tell_gap(gap: Gap, exercise: Exercise, given: Mapping[str, Any], hidden: bool) -> str:
    """Tell a gap: yours, expected, and on what. A hidden case is told without its numbers."""
    place = "a hidden case" if hidden else tell_given(given)
    text = f"{_tell(gap, exercise, hidden)}, on {place}"
    return f"{text} (is a `return` missing?)" if _is_nothing(gap) else text


def tell_given(given: Mapping[str, Any]) -> str:
    """Describe a given: `the 5 rows of data/crop_yield.csv`, `a case with n=4, n_in=3`."""
    if "rows" in given:
        name = "crop_yield" if given["rows"] == 5 else f"crop_yield_{given['rows']}"
        text = f"the {given['rows']} rows of data/{name}.csv"
    else:
        own = {k: v for k, v in given.items() if k not in ("seed", "dtype", "device", "cpu_only")}
        sizes = ", ".join(f"{name}={value}" for name, value in own.items())
        text = f"a case with {sizes}" if sizes else "the plain case"
    if given.get("dtype", "float64") != "float64":
        text += f" in {given['dtype']}"
    if (device := given.get("device", "cpu")) != "cpu":
        text += " on the stand-in for a GPU" if device == "stand-in" else f" on the device {device}"
    return text


def _tell(gap: Gap, exercise: Exercise, hidden: bool) -> str:
    if gap.what == "raised":
        return _tell_exception(gap, exercise)
    name = f"your {gap.what}"
    if gap.aspect in ("dtype", "device", "shape"):
        yours, expected = (_aspect(value, gap.aspect) for value in (gap.yours, gap.expected))
        hint = " (a device is hard-coded)" if gap.aspect == "device" else ""
        return f"{name} has {gap.aspect} {yours}, expected {expected}{hint}"
    if gap.aspect == "value" and isinstance(gap.yours, float):
        if gap.yours != gap.yours or abs(gap.yours) == float("inf"):
            return f"{name} is {gap.yours}, which is no finite number"
        if hidden:
            return f"{name} has a wrong value"
    if isinstance(gap.yours, str) and isinstance(gap.expected, str):
        return f"{name}: {gap.yours}; expected: {gap.expected}"
    if gap.yours is None:
        return f"{name} is None, expected {tell_value(gap.expected)}"
    at = f" at {list(gap.where)}" if gap.where else ""
    yours, expected = tell_apart(gap.yours, gap.expected)
    return f"{name} {yours}{at}, expected {expected}"


def _is_nothing(gap: Gap) -> bool:
    """Say whether the student's function returned None, rather than something with None in it."""
    if gap.what == "raised":
        return gap.returned is not None and gap.returned.value == _NOTHING
    return gap.yours is None and "[" not in gap.what


def _tell_exception(gap: Gap, exercise: Exercise) -> str:
    if gap.yours == "NotImplementedError" and gap.returned is None:
        # torch raises it, too, but with a text
        return (
            "the stub's `raise NotImplementedError` still runs at this line: "
            "delete it where your code is ready"
        )
    if gap.yours is None:
        return f"{exercise.name} raised nothing, expected {gap.expected}"
    if gap.returned is None:
        return f"{exercise.name} raised {gap.yours}"
    text = f"{gap.returned.function} returned {gap.returned.value}"
    return text if _is_nothing(gap) else f"{text}; using it raised {gap.yours}"


def tell_apart(yours: Value, expected: Value) -> tuple[str, str]:
    """Write two different values, numbers with as many digits as it takes to tell them apart."""
    for digits in (6, 9, 12, 17):
        both = tell_value(yours, digits), tell_value(expected, digits)
        if both[0] != both[1]:
            return both
    return both


def tell_value(value: Value, digits: int = 6) -> str:
    """Write a value briefly: numbers with so many digits, a tensor by its shape."""
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    if isinstance(value, Array):
        return f"a tensor of shape {list(value.shape)}"
    if isinstance(value, Items):
        return f"a {value.kind} of {len(value.items)}"
    return f"an object of type {value.type}" if isinstance(value, Other) else str(value)


def _aspect(value: Value, aspect: str) -> str:
    found = getattr(value, aspect)
    return str(list(found)) if isinstance(found, tuple) else str(found)
