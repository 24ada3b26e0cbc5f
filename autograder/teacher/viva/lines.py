"""Questions about lines: one that is taken away or changed, and one that nothing needs."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.inside.observation import Array, Observation
from autograder.inside.submission import Submission
from autograder.inside.words import printable
from autograder.judging.label import tell_given
from autograder.teacher.mutants import changes
from autograder.teacher.viva.code import Code, Place, nothing
from autograder.teacher.viva.effect import OTHER, RAISES, TRIVIAL, Quantity, by_name, effect
from autograder.teacher.viva.lab import Lab, Scene
from autograder.teacher.viva.question import Question, some
from autograder.teacher.viva.sheet import code_span

KIND = "changed line"
TRIES = 6  # changes that are looked at for one question
MOST_SPARE = 5  # statements that are taken away to find one that nothing needs
MOST_RAISED = 200  # characters of an exception

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


@dataclass(frozen=True)
class Change:
    """A change of a line or a call, in words, with the reason why it matters, if one is known."""

    kind: str
    line: int
    said: str
    submission: Submission
    reason: str = ""


def changed_line(scene: Scene, lab: Lab, rng: random.Random) -> Question | None:
    """Ask what becomes of a number when a line is taken away or reads otherwise."""
    code = scene.code
    drawn = _few([*_deletions(code)], rng, TRIES // 2) + _few([*_others(code)], rng, TRIES)
    for change in drawn[:TRIES]:
        if (changed := change()) and (question := ask(scene, changed, lab, rng)):
            return question
    return None


def ask(scene: Scene, change: Change, lab: Lab, rng: random.Random) -> Question | None:
    """Ask what becomes of a number by a change; None where nothing can be asked."""
    after = lab.look(change.submission, scene.code, scene.case)
    if after is None or (found := telling(scene.before, after)) is None:
        return None
    if not lab.again(change.submission, scene.code, scene.case, after):
        return None
    return asked(scene, change, found, rng)


def spare_line(scene: Scene, lab: Lab, rng: random.Random) -> Question | None:
    """Ask which of two lines could go without any check noticing."""
    code = scene.code
    places = [place for place in code.places() if _can_go(place.statement)]
    if len(places) < 2 or not lab.passes(code.submission, code):
        return None
    found: dict[bool, int] = {}
    for place in _few(places, rng, MOST_SPARE):
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


def telling(before: Observation, after: Observation) -> tuple[Quantity, str, str] | None:
    """Return the quantity that tells a change best, what becomes of it, and that in numbers; None
    where nothing is seen of it, or nothing but that a name or a type is wrong."""
    old, new = sorted(by_name(before).values(), key=_rank), by_name(after)
    if after.raised is not None:
        kind = after.raised.partition(":")[0]
        if not old or kind in TRIVIAL:
            return None
        return old[0], RAISES, f"it raises {printable(after.raised)[:MOST_RAISED]}"
    found = [(one, effect(one, new.get(one.name))) for one in old]
    seen = [(one, true) for one, true in found if true and true != one.options[0]]
    if not seen:
        return None
    one, true = min(seen, key=lambda pair: pair[1] == OTHER)
    return one, true, f"now {new[one.name].told}"


def _rank(quantity: Quantity) -> tuple[bool, ...]:
    """Return what sorts quantities: losses first, then other numbers, tensors, gradients."""
    name = quantity.name
    return "loss" not in name or "gradient" in name, isinstance(quantity.value, Array)


def asked(
    scene: Scene, change: Change, found: tuple[Quantity, str, str], rng: random.Random
) -> Question:
    """Return the question what becomes of a quantity; `found` is what `telling` returns."""
    quantity, true, numbers = found
    options, right = some(true, quantity.options, rng)
    call = scene.before.calls.get(quantity.name)
    by = f", by the call {code_span(call)}" if call else ""
    what = f"{code_span(quantity.name)} is {quantity.told}, on {tell_given(scene.case.given)}{by}"
    why = f"{quantity.name} was {quantity.told}; {numbers}. {change.reason}".rstrip()
    text = f"{change.said} Until now {what}. What becomes of it?"
    name = scene.code.exercise.name
    return Question(name, change.kind, change.line, text, options, right, why)


def _deletions(code: Code) -> Iterator[Callable[[], Change | None]]:
    """Yield what takes a line away, of those whose names nothing else needs."""
    for place in code.places():
        if _can_go(place.statement):
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
    """Return what a change is about, by a sign that only one of the two lines has."""
    found = (
        why
        for sign, why in _REASONS
        if bool(re.search(sign, before + "(")) is not bool(re.search(sign, after + "("))
    )
    return next(found, "")


def _can_go(statement: ast.stmt) -> bool:
    """Say whether a statement binds no name, and is no frame around others or end of a call."""
    if isinstance(statement, ast.Assign):
        return all(isinstance(t, ast.Attribute | ast.Subscript) for t in statement.targets)
    return isinstance(statement, ast.Expr | ast.AugAssign | ast.Raise | ast.Assert | ast.If)


def _few(items: list, rng: random.Random, most: int) -> list:  # type: ignore[type-arg]
    """Draw some of the items."""
    return rng.sample(items, min(most, len(items)))
