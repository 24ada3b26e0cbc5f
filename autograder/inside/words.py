"""Words: small ways to write what is shown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

MAX_TEXT = 2_000  # characters of what a submission says, wherever it is shown
# Printable by their class, and yet nothing is seen: joiners, fillers, selectors of a variant.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0000-\U000e0fff]"
)


def printable(text: str) -> str:
    """Write out what a terminal obeys and an eye misses: escapes, line ends, bidi marks."""
    if text.isascii() and text.isprintable():  # as nearly always
        return text
    return "".join(c if is_seen(c) else written_out(c) for c in text)


def is_seen(character: str) -> bool:
    """Say whether a character shows as it is, on the line it stands in."""
    return character.isprintable() and not _UNSEEN.match(character)


def written_out(text: str) -> str:
    """Write every character of a text as Python does in a string: `\\x1b`, `\\u200b`."""
    escaped = (c.encode("unicode_escape").decode() for c in text)
    return "".join(c if len(c) > 1 else f"\\x{ord(c):02x}" for c in escaped)


def counted(number: int, noun: str) -> str:
    """Write a number of things: `1 hole`, `2 holes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def with_article(noun: str) -> str:
    """Write `an int`, `a float`; letter by letter, which is right for the names of types here."""
    return f"an {noun}" if noun[0].lower() in "aeiou" else f"a {noun}"


def nearest(name: str, names: Iterable[str]) -> str:
    """Ask for the name that is most like another one; empty where none is like it."""
    known = {one.lower(): one for one in names}
    found = difflib.get_close_matches(name.lower(), known, 1)
    return f": did you mean {known[found[0]]}?" if found else ""
