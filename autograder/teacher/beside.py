"""Two observations side by side, fact by fact, for a teacher."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from autograder.inside.observation import Array, Items, Observation, Other, Value
from autograder.inside.words import printable
from autograder.judging.compare import Gap, gaps, whole
from autograder.judging.key import Case
from autograder.judging.label import tell_given

MOST_NUMBERS = 6
MOST_CHARACTERS = 200
DIGITS = 9


def described(case: Case) -> str:
    """Describe a case in a line: its probe, the given in words, and as data."""
    kind = "hidden" if case.hidden else "public"
    return f"{kind}, probe {case.probe}, {tell_given(case.given)}; {json.dumps(dict(case.given))}"


def beside(
    one: Observation,
    other: Observation,
    dtype: str,
    names: tuple[str, str] = ("theirs", "reference"),
) -> Iterator[str]:
    """Yield what differs between two observations and by how many tolerances, then what is equal.

    `dtype` sets the tolerance; `names` say whose the two are.
    """
    found: dict[str, list[Gap]] = {}
    for gap in gaps(one, other, dtype):
        found.setdefault(whole(gap.what), []).append(gap)
    for fact, own in found.items():
        yield f"  differs {fact}: {_how_far(own)}"
        for name, seen in zip(names, (one, other), strict=True):
            yield f"          {name:<10}{_seen(seen, fact)}"
    for fact, value in other.facts.items():
        if fact not in found and (one.raised, one.returned) == (other.raised, other.returned):
            yield f"  equal   {fact}: {written(value)}"


def _how_far(own: Sequence[Gap]) -> str:
    first, most = own[0], max(gap.size for gap in own)
    at = f" at {list(first.where)}" if first.where else ""
    index = first.what[len(whole(first.what)) :]
    if first.aspect != "value" or most == float("inf"):
        return f"the {first.aspect}{at}{index and f' of entry {index}'}"
    return f"by {most:.3g} tolerances{index and f', first entry {index}'}{at and f', first{at}'}"


def _seen(seen: Observation, fact: str) -> str:
    if fact in seen.facts:
        return written(seen.facts[fact])
    if fact == "raised" and seen.raised is None:
        return "nothing raised"
    text = seen.raised or "missing"
    if seen.returned:
        text += f", using what {seen.returned.function} returned: {seen.returned.value}"
    return printable(text)[:MOST_CHARACTERS]


def written(value: Value) -> str:
    """Write a value with its first numbers."""
    match value:
        case Array(dtype, device, shape, values):
            numbers = [] if values is None else values.reshape(-1).tolist()
            where = "" if device == "cpu" else f" on {device}"
            text = f"{dtype} {list(shape)}{where}: {_listed([*map(written, numbers)])}"
        case Items():
            text = f"{value.kind} of {len(value.items)}: {_listed([*map(written, value.items)])}"
        case bool():
            text = str(value)
        case float():
            text = f"{value:.{DIGITS}g}"
        case Other():
            text = f"an object of type {value.type}"
        case _:
            text = str(value)
    return printable(text)[:MOST_CHARACTERS]


def _listed(texts: list[str]) -> str:
    return ", ".join(texts[:MOST_NUMBERS]) + (", ..." if len(texts) > MOST_NUMBERS else "")
