"""Hints: three for an exercise, each nearer to the line; what was asked is remembered locally."""

from __future__ import annotations

from pathlib import Path

from autograder.course.names import exercise_called
from autograder.inside.errors import UserError
from autograder.student import progress


def hint(folder: Path, name: str, number: int | None = None) -> str:
    """Return a hint with its number, by default the one after those that were asked for.

    Raises UserError where there is no such exercise, or it has no such hint.
    """
    hints, known = exercise_called(name).hints, progress.load(folder)
    if number is not None and not 1 <= number <= len(hints):
        raise UserError(f"{name} has hints 1 to {len(hints)}")
    shown = number or min(known.hints.get(name, 0) + 1, len(hints))
    if known.hints.get(name, 0) < shown:
        known.hints[name] = shown
        progress.save(folder, known)
    return f"{shown} of {len(hints)}: {hints[shown - 1]}"
