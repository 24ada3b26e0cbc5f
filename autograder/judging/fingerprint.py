"""Fingerprints: a short text that two submissions share when they are wrong in the same way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from autograder.inside.observation import Array, Items, Observation, Other, Value
from autograder.judging.compare import differing
from autograder.judging.key import AnswerKey

# Significant digits that are looked at: one less than compare asks for, since two ways to the same
# wrong number differ in the last ones.
DIGITS = {"float32": 4}
DIGITS_OF_OTHERS = 8
LENGTH = 16  # characters


def fingerprint(key: AnswerKey, observed: Sequence[Observation], ran: Sequence[int]) -> str:
    """Return the fingerprint of what is wrong, on the cases with the indices `ran`.

    It depends on the givens, and so on the run's secret: compare those of one ledger only.
    """
    found = hashlib.blake2b(digest_size=LENGTH // 2)
    for index in ran:
        for part in _wrong(observed[index], key.expected[index], key.cases[index].dtype):
            # half a character, which code can send, has no bytes of its own
            found.update(f"{index} {part}\n".encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _wrong(observed: Observation, expected: Observation | None, dtype: str) -> Iterator[str]:
    for fact in differing(observed, expected, dtype):
        if fact in observed.facts:
            yield f"{fact} {_written(observed.facts[fact], dtype)}"
        else:
            yield f"{fact} {observed.raised}"


def _written(value: Value, dtype: str) -> str:
    """Return a value with so many digits that equal ways have one text."""
    match value:
        case Array(dtype, device, shape, values):
            numbers = [] if values is None else values.reshape(-1).tolist()
            return " ".join([dtype, device, str(shape), *(_written(n, dtype) for n in numbers)])
        case Items():
            return f"{value.kind} [{', '.join(_written(item, dtype) for item in value.items)}]"
        case float():
            return f"{value + 0.0:.{DIGITS.get(dtype, DIGITS_OF_OTHERS)}g}"
        case Other():
            return value.type
        case _:
            return repr(value)
