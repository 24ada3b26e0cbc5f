"""The exceptions that the kit raises on purpose."""

from __future__ import annotations

from autograder.inside.words import MAX_TEXT, printable

# What to do where torch, numpy or pytest cannot be imported.
INSTALL = "activate your environment, or: python -m pip install torch numpy pytest"


class DescentError(Exception):
    """What goes wrong in a way that the kit knows; the message is one line."""


class UserError(DescentError):
    """Bad input: the message is what its user reads, and what to do next."""


def first_line(error: BaseException) -> str:
    """Tell an exception in a line, of at most MAX_TEXT characters: its type, and the first line of
    its text."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # the text is made by the code of whoever raised it
        lines = []
    name = type(error).__name__
    told = f"{name}: {lines[0]}" if lines else name
    return printable(told[:MAX_TEXT])[:MAX_TEXT]  # what is written out is longer
