"""Observations: what a probe saw of an implementation, as plain data.

An observation crosses a process border as JSON. `decode` is the only reader: whatever the other
process sent becomes one of the few types below, or is refused with `Malformed`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

MAX_FACTS = 64
MAX_ITEMS = 4_096
MAX_ELEMENTS = 65_536
MAX_TEXT = 2_000
MAX_DEPTH = 6


class Malformed(ValueError):
    """The data is not an observation; the message says what is wrong with it."""


@dataclass(frozen=True, eq=False)
class Array:
    """A tensor as data: `values` has the tensor's shape, and is None for a tensor on meta."""

    dtype: str
    device: str
    shape: tuple[int, ...]
    values: npt.NDArray[Any] | None


@dataclass(frozen=True)
class Items:
    """A tuple, a list, or a dict (as pairs)."""

    kind: Literal["tuple", "list", "dict"]
    items: tuple[Value, ...]


@dataclass(frozen=True)
class Other:
    """An object of a type that is not looked into."""

    type: str


class Logged(float):
    """A float of which no more than the digits of float32 are asked.

    It is a loss that is kept for reading: how the sum behind it was accumulated is free, and
    torch.tensor(0.0) is a common start. Or it was a NumPy float of that precision.
    """


Value: TypeAlias = "bool | int | float | str | Array | Items | Other | None"


@dataclass(frozen=True)
class Observation:
    """What one probe saw on one given.

    `facts` are compared in their order. `raised` is the type and first line of an exception that
    ended the probe; `line` is where in the submission's file it came from (never compared).
    """

    facts: Mapping[str, Value] = field(default_factory=dict)
    raised: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What could be observed of one exercise of one submission.

    Either `trouble` says in one line why nothing was observed (a missing file, a limit), or
    `observations` has one entry per case.
    """

    file: str
    line: int | None = None
    stub: bool = False
    trouble: str | None = None
    observations: tuple[Observation, ...] = ()


def decode_observation(data: object) -> Observation:
    """Read an observation from parsed JSON; raise Malformed for anything else."""
    frame = _mapping(data, {"facts", "raised", "line"})
    facts = frame["facts"]
    if not isinstance(facts, dict) or len(facts) > MAX_FACTS:
        raise Malformed(f"facts are a mapping of at most {MAX_FACTS} entries")
    raised, line = frame["raised"], frame["line"]
    return Observation(
        facts={_text(name): decode(value) for name, value in facts.items()},
        raised=None if raised is None else _text(raised),
        line=None if line is None else _count(line),
    )


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
        raise Malformed(f"a value of a {dtype[:20]} tensor is not a {wanted[0].__name__}")
    try:
        return np.array(values, dtype=wanted[1])
    except OverflowError as error:
        raise Malformed("an integer beyond 64 bits") from error


def _mapping(data: object, keys: set[str]) -> dict[str, object]:
    if not isinstance(data, dict) or set(data) != keys:
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
