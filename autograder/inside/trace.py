"""Traces: from where in a submission's own code an exception came, as text."""

from __future__ import annotations

import ast
import inspect
import linecache
import re
import textwrap
import traceback
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import torch

from autograder.inside.errors import first_line
from autograder.inside.frames import frames_of
from autograder.inside.observation import Trace
from autograder.inside.reading import statements
from autograder.inside.syntax import UNPARSED, function_at, statement_at
from autograder.inside.words import MAX_TEXT

# The first exception that a probe has caught and that should not have come, or torch's warning
# that a loss compares what has two shapes, where that pairs other numbers than those of one place.
CAUGHT: ContextVar[BaseException | None] = ContextVar("CAUGHT", default=None)
_TWO_SHAPES = "Using a target size"


@contextmanager
def two_shapes_noted() -> Iterator[None]:
    """Catch that warning each time, and show it once; others are shown as ever."""
    seen = False

    def note(message: Warning | str, *place: Any, **options: Any) -> None:
        nonlocal seen
        if str(message).startswith(_TWO_SHAPES) and isinstance(message, Warning):
            if _pairs_others(str(message)):
                CAUGHT.set(CAUGHT.get() or message)
            if seen:
                return
            seen = True
        show(message, *place, **options)

    with warnings.catch_warnings():
        warnings.filterwarnings("always", message=_TWO_SHAPES)
        show = warnings.showwarning
        warnings.showwarning = note
        yield


def _pairs_others(message: str) -> bool:
    """Say whether the two shapes in a text are stretched to more numbers than one of them has."""
    found = re.findall(r"Size\(\[([\d, ]*)\]\)", message)
    shapes = [torch.Size(map(int, re.findall(r"\d+", shape))) for shape in found]
    try:
        stretched: torch.Size = torch.broadcast_shapes(*shapes)  # type: ignore[no-untyped-call]
    except RuntimeError:  # they do not fit, as the loss itself will say
        return False
    return any(stretched.numel() > shape.numel() for shape in shapes)


def trace_of(error: BaseException, files: Collection[str], called: object) -> tuple[Trace, int]:
    """Return the trace of an exception, and the line of its file, 0 where there is none.

    `files` are the names of the submission's files, `called` what a probe had called last: where
    no line of these files was running, it is shown in place of a function with the line.
    """
    raised = re.sub(r"0x[0-9a-f]+", "0x...", first_line(error))[:MAX_TEXT]
    frames = traceback.walk_tb(error.__traceback__)  # without the text of lines, read from files
    own = [(f.f_code.co_filename, line) for f, line in frames if f.f_code.co_filename in files]
    if not own:
        return Trace(raised, _source(called)), 0
    file, line = own[-1]
    first, code = _around("".join(linecache.getlines(file)), line)
    shown = frames_of(error, files)
    return Trace(raised, code, line - first + 1 if code else 0, shown), line


def _source(called: object) -> str:
    try:
        text = textwrap.dedent(inspect.getsource(called))  # type: ignore[arg-type]
    except (OSError, TypeError, *UNPARSED):  # nothing with a text that is known and can be read
        return ""
    return text if len(text) <= MAX_TEXT else ""


def _around(text: str, line: int) -> tuple[int, str]:
    """Return the innermost function around a line, or its statement alone, and its first line."""
    tree = _tree(text)
    for node in (function_at(tree, line), statement_at(tree, line)):
        if node is not None:
            lines = text.split("\n")[node.lineno - 1 : node.end_lineno]
            code = textwrap.dedent("\n".join(lines))
            if len(code) <= MAX_TEXT:
                return node.lineno, code
    return line, ""


@lru_cache(maxsize=8)  # one file may be asked for in every case
def _tree(text: str) -> ast.Module:
    return ast.Module(statements(text, "")[0], [])
