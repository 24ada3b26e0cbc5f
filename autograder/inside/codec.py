"""The codec of observations: how they cross the border of a process as JSON.

A scalar stands for itself; everything else is a mapping with one key, the kind of the value:

    {"tensor": {"dtype": "float64", "device": "cpu", "shape": [2], "values": [1.0, 2.0]}}
    {"list": [...]}    {"tuple": [...]}    {"dict": [{"tuple": [key, value]}, ...]}
    {"logged": 0.5}    {"object": "package.Class"}

`decode` is the only reader: whatever the other process sent becomes one of the types of
`observation`, or is refused with `Malformed`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.inside.errors import DescentError
from autograder.inside.observation import (
    MAX_ELEMENTS,
    Array,
    Items,
    Logged,
    Observation,
    Other,
    Returned,
    Trace,
    Value,
)
from autograder.inside.words import MAX_TEXT, with_article

MAX_FACTS = 64
MAX_ITEMS = 4_096
MAX_DEPTH = 6
MAX_LINES = 20  # of the frames of a trace


class Malformed(DescentError):
    """The data is not an observation; the message says what is wrong with it."""


def encode_observation(observation: Observation) -> dict[str, Any]:
    """Write an observation as JSON-ready data."""
    returned, trace = observation.returned, observation.trace
    data: dict[str, Any] = {
        "facts": {name: encode(value) for name, value in observation.facts.items()},
        "raised": observation.raised,
        "returned": None if returned is None else [returned.function, returned.value],
        "line": observation.line,
    }
    if trace is not None:
        data["trace"] = [trace.raised, trace.code, trace.line, list(trace.frames)]
    return {**data, "calls": dict(observation.calls)} if observation.calls else data


def encode(value: Value) -> Any:
    """Write one value as JSON-ready data."""
    if isinstance(value, Array):
        values = None if value.values is None else value.values.reshape(-1).tolist()
        shape = list(value.shape)
        tensor = {"dtype": value.dtype, "device": value.device, "shape": shape, "values": values}
        return {"tensor": tensor}
    if isinstance(value, Items):
        return {value.kind: [encode(item) for item in value.items]}
    if isinstance(value, Other):
        return {"object": value.type}
    if isinstance(value, Logged):
        return {"logged": float(value)}
    return value


def decode_observation(data: object) -> Observation:
    """Read an observation from parsed JSON; raise Malformed for anything else."""
    frame = _mapping(data, {"facts", "raised", "returned", "line"}, {"trace", "calls"})
    facts = frame["facts"]
    if not isinstance(facts, dict) or len(facts) > MAX_FACTS:
        raise Malformed(f"facts are a mapping of at most {MAX_FACTS} entries")
    raised, line = frame["raised"], frame["line"]
    return Observation(
        facts={_text(name): decode(value) for name, value in facts.items()},
        raised=None if raised is None else _text(raised),
        returned=_returned(frame["returned"]),
        line=None if line is None else _count(line),
        trace=_trace(frame.get("trace")),
        calls=_calls(frame.get("calls", {})),
    )


def _calls(data: object) -> dict[str, str]:
    if not isinstance(data, dict) or len(data) > MAX_FACTS:
        raise Malformed(f"calls are a mapping of at most {MAX_FACTS} entries")
    return {_text(fact): _text(call) for fact, call in data.items()}


def _trace(data: object) -> Trace | None:
    if data is None:
        return None
    if not isinstance(data, list) or len(data) != 4:
        raise Malformed("a trace is an exception, a text, a line and frames")
    raised, code, line, frames = data
    if not isinstance(frames, list) or len(frames) > MAX_LINES:
        raise Malformed(f"the frames of a trace are at most {MAX_LINES} lines")
    return Trace(_text(raised), _text(code), _count(line), tuple(map(_text, frames)))


def _returned(data: object) -> Returned | None:
    if data is None:
        return None
    if not isinstance(data, list) or len(data) != 2:
        raise Malformed("what was returned is a function and a value")
    return Returned(*map(_text, data))


def decode(data: object, depth: int = 0) -> Value:
    """Read one value from parsed JSON; raise Malformed for anything that is none."""
    if depth > MAX_DEPTH:
        raise Malformed("nested too deeply")
    if data is None or isinstance(data, bool | float):
        return data
    if isinstance(data, int):
        if abs(data) >= 2**63:
            raise Malformed("an integer beyond 64 bits")
        return data
    if isinstance(data, str):
        return _text(data)
    if not isinstance(data, dict) or len(data) != 1:
        raise Malformed("a value is a scalar or a mapping with one key")
    [(kind, body)] = data.items()
    if kind == "tensor":
        return _array(body)
    if kind == "logged" and type(body) is float:
        return Logged(body)
    if kind == "object":
        return Other(_text(body))
    if kind in ("tuple", "list", "dict"):
        if not isinstance(body, list) or len(body) > MAX_ITEMS:
            raise Malformed(f"a {kind} has at most {MAX_ITEMS} items")
        return Items(kind, tuple(decode(item, depth + 1) for item in body))
    raise Malformed(f"unknown kind of value {_text(kind)[:40]!r}")


def _array(body: object) -> Array:
    frame = _mapping(body, {"dtype", "device", "shape", "values"})
    shape = frame["shape"]
    if not isinstance(shape, list) or len(shape) > 8:
        raise Malformed("a shape is a list of at most 8 sizes")
    sizes = tuple(_count(size) for size in shape)
    dtype, device = _text(frame["dtype"]), _text(frame["device"])
    if frame["values"] is None:
        return Array(dtype, device, sizes, None)
    values = frame["values"]
    if not isinstance(values, list) or len(values) != math.prod(sizes):
        raise Malformed("a tensor has as many values as its shape says")
    if len(values) > MAX_ELEMENTS:
        raise Malformed(f"a tensor has at most {MAX_ELEMENTS} values")
    numbers = _numbers(dtype, values)
    try:
        return Array(dtype, device, sizes, numbers.reshape(sizes))
    except ValueError as error:  # no values, and sizes whose product no array can have
        raise Malformed(f"a tensor has no shape {list(sizes)}") from error


def _numbers(dtype: str, values: list[object]) -> npt.NDArray[Any]:
    wanted: tuple[type, type] = (float, np.float64)
    if dtype == "bool":
        wanted = (bool, np.bool_)
    elif dtype.startswith(("int", "uint")):
        wanted = (int, np.int64)
    if not all(type(value) is wanted[0] for value in values):
        raise Malformed(
            f"a value of a {dtype[:20]} tensor is not {with_article(wanted[0].__name__)}"
        )
    try:
        numbers: npt.NDArray[Any] = np.array(values, dtype=wanted[1])
    except OverflowError as error:
        raise Malformed("an integer beyond 64 bits") from error
    numbers.flags.writeable = False  # an observation may be shared
    return numbers


def _mapping(
    data: object, keys: set[str], more: frozenset[str] | set[str] = frozenset()
) -> dict[str, object]:
    if not isinstance(data, dict) or set(data) - more != keys:
        raise Malformed(f"expected the keys {', '.join(sorted(keys))}")
    return data


def _text(data: object) -> str:
    if not isinstance(data, str) or len(data) > MAX_TEXT:
        raise Malformed(f"expected text of at most {MAX_TEXT} characters")
    return data


def _count(data: object) -> int:
    if type(data) is not int or not 0 <= data < 2**40:
        raise Malformed("expected a count")
    return data
