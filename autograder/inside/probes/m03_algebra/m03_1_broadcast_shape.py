"""Probes of broadcast_shape."""

from __future__ import annotations

from types import FrameType
from typing import Any

import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import calls_noted, refusal_of


@probe("shape")
def broadcast_shape_shape(impl: Implementation, given: Given) -> Facts:
    """The common shape of two shapes, in either order, and whether torch or NumPy was asked."""
    a, b = tuple(given.a), tuple(given.b)
    libraries = _Libraries(impl.files)
    with calls_noted(libraries.note):
        shape = impl.broadcast_shape(a, b)
    return {
        "number of sizes": len(shape) if isinstance(shape, tuple | list) else shape,
        "shape": shape,
        "shape with a and b swapped": impl.broadcast_shape(b, a),
        "functions of torch or NumPy": "called" if libraries.called else "not called",
    }


@probe("refusal")
def broadcast_shape_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens where two sizes do not fit."""
    a, b = tuple(given.a), tuple(given.b)
    return {
        "answer to sizes that do not fit": refusal_of(
            lambda: impl.broadcast_shape(a, b), ValueError
        ),
        "answer to the same sizes, swapped": refusal_of(
            lambda: impl.broadcast_shape(b, a), ValueError
        ),
    }


class _Libraries:
    """Notes, in `called`, whether some files are among the callers of torch or NumPy.

    torch.Size is a tuple and may be used like one.
    """

    def __init__(self, files: frozenset[str]) -> None:
        self.called = False
        self._files = files

    def note(self, frame: FrameType, event: str, arg: Any) -> None:
        caller = frame.f_back if event == "call" else frame
        if caller is None or caller.f_code.co_filename not in self._files:
            return
        if event == "call":
            self._see(frame.f_globals.get("__name__"))
        elif event == "c_call" and not isinstance(getattr(arg, "__self__", None), torch.Size):
            owner = type(getattr(arg, "__self__", None))
            self._see(getattr(arg, "__module__", None) or owner.__module__)

    def _see(self, module: object) -> None:
        self.called |= str(module).partition(".")[0] in ("torch", "numpy")
