"""Asking: what becomes of a number when something is changed."""

from __future__ import annotations

import random
from dataclasses import dataclass

from autograder.inside import limits
from autograder.inside.observation import Array, Observation
from autograder.inside.submission import Submission
from autograder.judging.compare import whole
from autograder.judging.label import tell_given
from autograder.teacher.viva.effect import OTHER, RAISES, TRIVIAL, Quantity, by_name, effect
from autograder.teacher.viva.lab import Lab, Scene
from autograder.teacher.viva.question import Question, some
from autograder.teacher.viva.sheet import code_span

MOST_RAISED = 200  # characters of an exception


@dataclass(frozen=True)
class Change:
    """A change of a line or a call, in words, with the reason why it matters, if one is known."""

    kind: str
    line: int
    said: str
    submission: Submission
    reason: str = ""


def ask(scene: Scene, change: Change, lab: Lab, rng: random.Random) -> Question | None:
    """Ask what becomes of a number by a change; None where nothing can be asked."""
    after = lab.look(change.submission, scene.code, scene.case)
    if after is None or (found := telling(scene.before, after)) is None:
        return None
    if not lab.again(change.submission, scene.code, scene.case, after):
        return None
    return asked(scene, change, found, rng)


def telling(before: Observation, after: Observation) -> tuple[Quantity, str, str] | None:
    """Return the quantity that tells a change best, what becomes of it, and that in numbers; None
    where nothing is seen of it, or nothing but that a name or a type is wrong."""
    old, new = sorted(by_name(before).values(), key=rank), by_name(after)
    if after.raised is not None:
        kind = after.raised.partition(":")[0]
        if not old or kind in TRIVIAL or limits.NAMED in after.raised:
            return None
        return old[0], RAISES, f"it raises {code_span(after.raised[:MOST_RAISED])}"
    found = [(one, effect(one, new.get(one.name))) for one in old]
    seen = [(one, true) for one, true in found if true and true != one.options[0]]
    if not seen:
        return None
    one, true = min(seen, key=lambda pair: pair[1] == OTHER)
    return one, true, f"now {new[one.name].told}"


def rank(quantity: Quantity) -> tuple[bool, ...]:
    """Return what sorts quantities: losses first, then other numbers, tensors, and last counts."""
    name = quantity.name
    is_loss = "loss" in name and "gradient" not in name
    return quantity.counts, not is_loss, isinstance(quantity.value, Array)


def asked(
    scene: Scene, change: Change, found: tuple[Quantity, str, str], rng: random.Random
) -> Question:
    """Return the question what becomes of a quantity; `found` is what `telling` returns."""
    quantity, true, numbers = found
    options, right = some(true, quantity.options, rng)
    call = scene.before.calls.get(whole(quantity.name))
    by = f", by the call {code_span(call)}" if call else ""
    what = f"{code_span(quantity.name)} is {quantity.told}, on {tell_given(scene.case.given)}{by}"
    why = f"{code_span(quantity.name)} was {quantity.told}; {numbers}. {change.reason}".rstrip()
    text = f"{change.said} Until now {what}. What becomes of it?"
    name = scene.code.exercise.name
    return Question(name, change.kind, change.line, text, options, right, why)
