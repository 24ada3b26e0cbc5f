"""The exceptions that the kit raises on purpose."""

from __future__ import annotations


class DescentError(Exception):
    """What goes wrong in a way that the kit knows; the message is one line."""


class UserError(DescentError):
    """Bad input: the message is what its user reads, and what to do next."""


def first_line(error: BaseException) -> str:
    """Tell an exception in a line: its type, and the first line of its text."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
