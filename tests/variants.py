"""The marks of variants; see autograder/teacher/variants.py, which reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T", bound=Callable[..., Any])


def right(exercise: str, replaces: str | None = None) -> Callable[[T], T]:
    """Mark a right way to do an exercise that is not the reference's."""
    return lambda variant: variant


def wrong(exercise: str, replaces: str | None = None, named: str | None = None) -> Callable[[T], T]:
    """Mark a wrong way; `named` is the known mistake that it is, written differently."""
    return lambda variant: variant
