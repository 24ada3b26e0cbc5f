"""Observations: what a probe saw of an implementation, as plain data. `codec` writes it as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy.typing as npt

MAX_ELEMENTS = 65_536  # of a tensor


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
class Returned:
    """What a function returned, in a few words: `None`, `a tensor of shape [5, 2]`."""

    function: str
    value: str


@dataclass(frozen=True)
class Trace:
    """Where an exception came from: `code` is the submission's function that was running, or else
    the one that had been called, and `line`, counted in it from 1, is 0 where none was running.
    `frames` shows the lines of the submission that led there, see `frames.py`."""

    raised: str
    code: str = ""
    line: int = 0
    frames: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observation:
    """What one probe saw on one given.

    `facts` are compared in their order. `raised` is the type and first line of an exception that
    ended the probe, and `returned` what the implementation had returned if the probe could not use
    it. Never compared: `line`, where in the submission's file the exception came from, and `trace`,
    which a probe also leaves that goes on after an exception that should not have come, and
    `calls`, by fact, or `raised`, the call that it is about as a student could type it.
    """

    facts: Mapping[str, Value] = field(default_factory=dict)
    raised: str | None = None
    returned: Returned | None = None
    line: int | None = None
    trace: Trace | None = None
    calls: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What could be observed of one exercise of one submission.

    Either `trouble` says in one line why nothing was observed (a missing file, a limit), or
    `observations` has one entry per case. `note` is what else is to be told in a line; `notes` are
    lines about its whole file, which are told once; `written` are the files that its code has
    made, which end with the cell.
    """

    file: str
    line: int | None = None
    stub: bool = False
    trouble: str | None = None
    observations: tuple[Observation, ...] = ()
    note: str = ""
    notes: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
