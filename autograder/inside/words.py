"""Words: small ways to write what is shown."""

from __future__ import annotations


def printable(text: str) -> str:
    """Write out what a terminal obeys and an eye misses: escapes, line ends, bidi marks."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def counted(number: int, noun: str) -> str:
    """Write a number of things: `1 hole`, `2 holes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def with_article(noun: str) -> str:
    """Write `an int`, `a float`; letter by letter, which is right for the names of types here."""
    return f"an {noun}" if noun[0].lower() in "aeiou" else f"a {noun}"
