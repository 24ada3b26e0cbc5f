"""Frames: the lines of a submission's own code that led to an exception, as Python shows them."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import traceback
from collections import deque
from collections.abc import Collection, Iterator
from types import TracebackType

from autograder.inside.submission import has_lines
from autograder.inside.words import is_seen

MOST_FRAMES = 2
MOST_LINES = 6  # of a frame: a call may stand on many
MAX_LINE = 200  # characters
_GUESSED = (NameError, AttributeError, ImportError)  # what Python makes a guess at
_tell = sys.__excepthook__  # a submission may set another one


def frames_of(error: BaseException, files: Collection[str]) -> tuple[str, ...]:
    """Return the last frames of an exception that stand in some files, in lines: the place, the
    code, from Python 3.11 on with a caret below it, and last Python's "Did you mean"."""
    own: deque[TracebackType] = deque(maxlen=MOST_FRAMES)
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename in files:
            own.append(step)
        step = step.tb_next
    lines = [line for one in own for line in _frame(one)]
    if own and (guess := _guess(error)):
        lines.append(guess)
    return tuple(line[:MAX_LINE] for line in lines)


def _frame(step: TracebackType) -> Iterator[str]:
    """Yield the lines of one frame; the code is indented by two."""
    (frame,) = traceback.extract_tb(step, limit=1)
    place = f"{frame.filename}:{frame.lineno}" if has_lines(frame.filename) else frame.filename
    yield place if frame.name == "<module>" else f"{place}, in {frame.name}"
    (told,) = traceback.StackSummary.from_list([frame]).format()
    for line in told.split("\n")[1 : MOST_LINES + 1]:
        if line.strip():
            yield "".join(map(_seen, line[2:]))


def _seen(character: str) -> str:
    """Return one character for one, so that a caret stays below its text."""
    return character if is_seen(character) else " " if character.isspace() else "?"


def _guess(error: BaseException) -> str:
    """Return Python's guess at what was meant: before 3.12 only its own report has it."""
    if not isinstance(error, _GUESSED):
        return ""
    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        _tell(type(error), error, error.__traceback__)
    found = re.search(r"\. (Did you [^\n]*\?)\s*$", told.getvalue())
    return found[1] if found else ""
