"""Questions about lines: what becomes of a number when one is taken away or reads otherwise."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator

from autograder.inside.submission import Submission
from autograder.teacher.mutants import changes
from autograder.teacher.viva.asking import Change, ask
from autograder.teacher.viva.code import Code, Place, nothing
from autograder.teacher.viva.lab import Lab, Scene
from autograder.teacher.viva.question import Question
from autograder.teacher.viva.sheet import code_span

KIND = "changed line"
TRIES = 6  # changes that are looked at for one question

_SAID = {
    "its body alone": "{line}, {text}, is taken away; its body stays.",
    "its opposite": "{line}: the condition of {text} is turned into its opposite.",
    "it twice": "{line}, {text}, stands there twice.",
    "one statement later": "{line}, {text}, stands one statement later.",
    "one statement earlier": "{line}, {text}, stands one statement earlier.",
}
# What a change of a line is about, by a sign in it: the sentence for the teacher.
_REASONS = (
    (
        r"zero_|\.grad = None",
        "backward() adds to what .grad holds; without clearing it keeps more.",
    ),
    (r"\bno_grad\b", "What autograd records cannot be changed in place, and keeps its graph."),
    (r"\.backward\(", "backward() is what fills .grad, and it adds."),
    (r"\.step\(|-= ", "This is the update: it moves the parameters by the rate times .grad."),
    (r"\.(mean|sum)\(", "A sum is the mean times the number of elements."),
    (r"\.(eval|train)\(", "The mode decides what dropout and batch normalisation do."),
    (r"raise |assert ", "It refuses bad input; good input does not reach it."),
    (r"\.(detach|clone|item)\(", "It decides what shares memory or a graph."),
)


def changed_line(scene: Scene, lab: Lab, rng: random.Random) -> Question | None:
    """Ask what becomes of a number when a line is taken away or reads otherwise."""
    code = scene.code
    taken_away, others = [*_deletions(code)], [*_others(code)]
    drawn = rng.sample(taken_away, min(TRIES // 2, len(taken_away)))
    for change in [*drawn, *rng.sample(others, min(TRIES - len(drawn), len(others)))]:
        if (changed := change()) and (question := ask(scene, changed, lab, rng)):
            return question
    return None


def _deletions(code: Code) -> Iterator[Callable[[], Change | None]]:
    """Yield what takes a line away, of those whose names nothing else needs."""
    for place in code.places():
        if can_go(place.statement):
            yield lambda place=place: _taken_away(code, place)  # type: ignore[misc]


def _taken_away(code: Code, place: Place) -> Change:
    line = place.statement.lineno
    block = " with its block" if isinstance(place.statement, ast.If) else ""
    said = f"Line {line}, {code_span(code.line(line))}, is taken away{block}."
    return Change(KIND, line, said, code.replacing(place, nothing()), _reason(code.line(line), ""))


def _others(code: Code) -> Iterator[Callable[[], Change | None]]:
    """Yield the changes of the operators of mutants.py, but those that take a line away."""
    for definition in code.definitions:
        for change in changes(definition):
            yield lambda change=change: _changed(code, *code.changing(change))  # type: ignore[misc]


def _changed(
    code: Code, line: int, before: str, after: str, submission: Submission
) -> Change | None:
    decorator = code.line(line).startswith("@")
    if before == after or (not after and not decorator):
        return None
    where, text = f"Line {line}", code_span(code.line(line))
    reason = _reason(before, "" if after in _SAID else after)
    if after in _SAID:
        said = _SAID[after].format(line=where, text=text)
    elif decorator:
        said = f"{where}, {text}, is taken away."
    else:
        said = f"{where} reads {code_span(after)} instead of {code_span(before)}."
    return Change(KIND, line, said, submission, reason)


def _reason(before: str, after: str) -> str:
    """Return what a change is about, by a sign that the two lines have not alike."""
    for sign, why in _REASONS:
        if re.findall(sign, before) != re.findall(sign, after):
            return why
    return ""


def can_go(statement: ast.stmt) -> bool:
    """Say whether a statement binds no name, and is no frame around others or end of a call."""
    if isinstance(statement, ast.Assign):
        return all(isinstance(t, ast.Attribute | ast.Subscript) for t in statement.targets)
    return isinstance(statement, ast.Expr | ast.AugAssign | ast.Raise | ast.Assert | ast.If)
