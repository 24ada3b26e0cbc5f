"""Questions about spare lines: which of two could go without any check noticing."""

from __future__ import annotations

import ast
import random

from autograder.teacher.viva.code import nothing
from autograder.teacher.viva.lab import Lab, Scene
from autograder.teacher.viva.lines import can_go
from autograder.teacher.viva.question import Question
from autograder.teacher.viva.sheet import code_span

MOST_TAKEN = 5  # statements that are taken away to find one that nothing needs


def spare_line(scene: Scene, lab: Lab, rng: random.Random) -> Question | None:
    """Ask which of two lines could go without any check noticing."""
    code = scene.code
    places = [place for place in code.places() if can_go(place.statement)]
    maybe = any(_is_of_own_accord(place.statement) for place in places)
    if len(places) < 2 or not maybe or not lab.passes(code.submission, code):
        return None
    found: dict[bool, int] = {}
    for place in rng.sample(places, min(MOST_TAKEN, len(places))):
        line = place.statement.lineno
        if line not in found.values():
            found.setdefault(lab.passes(code.replacing(place, nothing()), code), line)
        if len(found) == 2:
            break
    if len(found) < 2:
        return None
    first, second = sorted(found.values())
    options = (f"Line {first}.", f"Line {second}.", "Each of them.", "Neither.")
    said = " or ".join(f"line {n}, {code_span(code.line(n))}" for n in (first, second))
    return Question(
        code.exercise.name,
        "spare line",
        first,
        f"Which of these two could go without any check noticing: {said}?",
        options,
        options.index(f"Line {found[True]}."),
        f"Without line {found[True]} all cases of the grade pass; without line {found[False]} not.",
    )


def _is_of_own_accord(statement: ast.stmt) -> bool:
    """Say whether a statement is such as people add without being asked: without one of these a
    function has hardly a line that nothing needs."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return isinstance(statement.value.func, ast.Name)  # print
    return isinstance(statement, ast.Assert | ast.If)
