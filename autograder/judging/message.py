"""Messages: a gap between two observations, told in one line a student can act on."""

from __future__ import annotations

import math
import re

from autograder.course import Exercise
from autograder.inside.observation import Array, Items, Other, Value
from autograder.judging.compare import Gap
from autograder.judging.key import Case
from autograder.judging.label import tell_given

_NOTHING = "None"  # how a returned None is described
_FULL_STOP = re.compile(r"(?<!\.)\.$")  # of an exception's own text


def tell_gap(gap: Gap, exercise: Exercise, case: Case, call: str = "") -> str:
    """Tell a gap: yours, expected, and on what: a call that can be typed, or the case in words. A
    hidden case is told without its numbers."""
    known = "rows" in case.given  # the table that students know
    public = call if call and not known else tell_given(case.given)
    told = _FULL_STOP.sub("", _tell(gap, exercise, case.hidden))
    text = f"{told}, on {'a hidden case' if case.hidden else public}"
    return f"{text} (is a `return` missing?)" if _is_nothing(gap) else text


def _tell(gap: Gap, exercise: Exercise, hidden: bool) -> str:
    """Tell a gap without its place: numbers as `your loss 1, expected 2`, words as `mode: train;
    expected eval`, so that any fact and any two values make a sentence."""
    if gap.what == "raised":
        return _tell_exception(gap, exercise)
    yours, expected = gap.yours, gap.expected
    at = f" at {list(gap.where)}" if gap.where else ""
    if gap.aspect in ("dtype", "device", "shape"):
        seen, right = (_aspect(value, gap.aspect) for value in (yours, expected))
        hint = " (is a device hard-coded?)" if gap.aspect == "device" else ""
        return f"the {gap.aspect} of your {gap.what} is {seen}, expected {right}{hint}"
    if gap.aspect != "value" or isinstance(yours, bool | str) or isinstance(expected, str):
        seen, right = tell_apart(yours, expected)
        seen = "missing" if gap.aspect == "missing" else seen
        return f"{gap.what}{at}: {seen}; expected {right}"
    if isinstance(yours, float) and not math.isfinite(yours):
        return f"your {gap.what}: {yours}{at}, which is no finite number"
    if isinstance(yours, float) and hidden:
        return f"your {gap.what}: a wrong value"
    seen, right = tell_apart(yours, expected)
    colon = ":" if gap.what[-1] in "0123456789]" else ""  # or two numbers would stand side by side
    return f"your {gap.what}{colon} {seen}{at}, expected {right}"


def _is_nothing(gap: Gap) -> bool:
    """Say whether the student's function returned None, rather than something with None in it."""
    if gap.what == "raised":
        return gap.returned is not None and gap.returned.value == _NOTHING
    return gap.aspect == "kind" and gap.yours is None and "[" not in gap.what


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
    yours, expected = _without_rounding(yours, expected), _without_rounding(expected, yours)
    for digits in (6, 9, 12, 17):
        both = tell_value(yours, digits), tell_value(expected, digits)
        if both[0] != both[1]:
            return both
    return str(yours), str(expected)  # 2.0 and 2


def _without_rounding(value: Value, other: Value) -> Value:
    """Return 0 for what rounding has left of it beside a number of another size."""
    if isinstance(value, float) and isinstance(other, float):
        return 0.0 if abs(value) < 1e-15 and abs(other) > 1e-9 else value
    return value


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
