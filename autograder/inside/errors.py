"""The exceptions that the kit raises on purpose."""

from __future__ import annotations

from autograder.inside.words import printable

MAX_CHARACTERS = 500  # of an exception's text


class DescentError(Exception):
    """What goes wrong in a way that the kit knows; the message is one line."""


class UserError(DescentError):
    """Bad input: the message is what its user reads, and what to do next."""


def first_line(error: BaseException) -> str:
    """Tell an exception in a line: its type, and the first line of its text."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # the text is made by the code of whoever raised it
        lines = []
    name = type(error).__name__
    return printable(f"{name}: {lines[0][:MAX_CHARACTERS]}" if lines else name)
