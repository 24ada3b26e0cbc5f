"""Catalogue: the modules of the course with what a teacher plans by."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.answers.ways import solution
from autograder.course import PARTS, assignment, modules
from autograder.inside.syntax import parse

MINUTES = 15  # that a point takes a student: a guess


def table() -> Iterator[str]:
    """Yield a line for each module, each part and the whole course, and how hours are guessed."""
    yield f"{'':<20}{'exercises':>11}{'points':>8}{'hours guessed':>15}"
    for module in modules():
        docstring = ast.get_docstring(parse(solution(module))) or ""
        yield _line(module, docstring.partition("\n")[0])
    for part, numbers in PARTS.items():
        yield _line(part, f"m{numbers[0]:02} to m{numbers[-1]:02}")
    yield _line("course", "all")
    yield f"Hours are guessed, not measured: {MINUTES} minutes a point. Students differ widely."


def _line(name: str, told: str) -> str:
    chosen = assignment(name).exercises
    points = sum(exercise.points for exercise in chosen)
    return f"{name:<20}{len(chosen):>11}{points:>8g}{points * MINUTES / 60:>15.2f}   {told}"
