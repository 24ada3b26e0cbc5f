"""Marks: which function or class in a file is which way to do its exercise.

Marked files are read as text, never imported: `mistake` in `course/mNN_topic/`, the others in
`tests/course/mNN_topic/`. `replaces` names what a way stands for where the exercise asks for
several names, and not for the exercise's own. `asks` has the ids of the questions because of which
a wrong way fails: whoever knows the answer does not write it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T", bound=Callable[..., Any])


def mistake(slug: str, replaces: str | None = None, asks: str = "") -> Callable[[T], T]:
    """Mark a wrong way that students really take; its docstring is what they read."""
    return lambda way: way


def right(replaces: str | None = None) -> Callable[[T], T]:
    """Mark a right way that is not the reference's."""
    return lambda way: way


def wrong(
    replaces: str | None = None, named: str | None = None, asks: str = ""
) -> Callable[[T], T]:
    """Mark a wrong way that is no listed mistake; `named` is the one that it looks like."""
    return lambda way: way


def restated(slug: str, replaces: str | None = None, asks: str = "") -> Callable[[T], T]:
    """Mark a listed mistake that is written in another, common way."""
    return lambda way: way
