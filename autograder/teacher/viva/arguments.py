"""Questions about arguments: another rate, every row twice, and edge cases."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.answers.ways import solution
from autograder.inside.submission import Submission
from autograder.inside.syntax import definitions, parse
from autograder.judging.label import tell_given
from autograder.teacher.viva.effect import OTHER, TRIVIAL, by_name, effect
from autograder.teacher.viva.lab import Lab, Scene
from autograder.teacher.viva.lines import Change, asked, telling
from autograder.teacher.viva.question import Question, some
from autograder.teacher.viva.sheet import code_span

# What can be doubled, and what the teacher is told about it.
RATES = {
    "lr": "A step is the rate times the gradient; too large a one overshoots.",
    "momentum": "Momentum keeps a share of the last step.",
    "delta": "Beyond delta the Huber loss is linear.",
}
OF_ROWS = ("x", "y", "pred", "target", "preds")  # the arguments of the course that hold rows
# Calls the student's function with other rows; `{then}` says what is done with the result.
_CALL = """
def _viva(own):
    import torch
    def call(*args, **kwargs):
        args = [{changed} if place in {places} else a for place, a in enumerate(args)]
        {then}
    return call
{name} = _viva({name})
"""
_PASSED_ON = "return own(*args, **kwargs)"
# What came back comes out by an exception, which every probe lets pass and tells.
_RECORDED = """\
try:
            found = own(*args, **kwargs)
        except Exception as error:
            raise RuntimeError("viva: raises " + type(error).__name__) from None
        if isinstance(found, torch.Tensor) and found.numel() != 1:
            raise RuntimeError(f"viva: tensor {tuple(found.shape)}")
        raise RuntimeError(f"viva: number {float(found)}" if found is not None else "viva: None")"""


@dataclass(frozen=True)
class _Edge:
    said: str
    changed: str
    second_alone: bool = False


_EDGES = (
    _Edge("{names}: no rows, shape [0, ...]", "a[:0]"),
    _Edge("{names}: one row alone", "a[:1]"),
    _Edge("{last}: the last row is missing", "a[:-1]", second_alone=True),
    _Edge("{last}: one dimension more, shape [..., 1]", "a.unsqueeze(-1)", second_alone=True),
)
_ANSWERS = {
    "ValueError": "It raises `ValueError`.",
    "RuntimeError": "It raises `RuntimeError`.",
    "IndexError": "It raises `IndexError`.",
    "ZeroDivisionError": "It raises `ZeroDivisionError`.",
    "nan": "It returns one number: nan.",
    "inf": "It returns one number: an infinite one.",
    "zero": "It returns one number: 0.",
    "number": "It returns one number: finite, and not 0.",
    "None": "It returns None.",
}


def rate(scene: Scene, lab: Lab, rng: random.Random) -> Question | None:
    """Ask what becomes of a number when a rate is doubled or halved."""
    names = [name for name in RATES if scene.case.given.get(name)]
    if not names:
        return None
    name, factor = rng.choice(names), rng.choice((2.0, 0.5))
    value = scene.case.given[name]
    after = lab.look(scene.code.submission, scene.code, scene.with_given(**{name: value * factor}))
    found = telling(scene.before, after) if after else None
    if found is None or found[1] == OTHER:
        return None
    said = f"`{name}` is {value * factor:g} instead of {value:g}; all else stays the same."
    line, own = scene.code.definitions[0].lineno, scene.code.submission
    return asked(scene, Change("changed argument", line, said, own, RATES[name]), found, rng)


def twice(scene: Scene, lab: Lab, rng: random.Random) -> Question | None:
    """Ask what becomes of a number when every row of the data is there twice."""
    if not (places := _places_of_rows(scene)):
        return None
    changed = _called(scene, "torch.cat([a, a])", [*places], _PASSED_ON)
    after = lab.look(changed, scene.code, scene.case)
    if after is None or after.raised or not lab.again(changed, scene.code, scene.case, after):
        return None
    old, new = by_name(scene.before), by_name(after)
    found = [(one, effect(one, new.get(name))) for name, one in old.items() if "pred" not in name]
    if not (known := [(one, true) for one, true in found if true and "shape" not in true]):
        return None
    one, true = min(known, key=lambda pair: "loss" not in pair[0].name)
    names = " and ".join(f"`{name}`" for name in places.values())
    said = f"Every row of {names} is there twice, the second time below the others."
    reason = "A mean stays the same when all is there twice, and a sum doubles."
    change = Change("rows twice", scene.code.definitions[0].lineno, said, changed, reason)
    return asked(scene, change, (one, true, f"now {new[one.name].told}"), rng)


def edge(scene: Scene, lab: Lab, rng: random.Random) -> Question | None:
    """Ask what a call gives for an edge case: no rows, one, or shapes that do not fit."""
    if not (places := _places_of_rows(scene)):
        return None
    names = " and ".join(f"`{name}`" for name in places.values())
    last = max(places)
    for chosen in rng.sample(_EDGES, len(_EDGES)):
        if chosen.second_alone and len(places) < 2:
            continue
        own = [last] if chosen.second_alone else [*places]
        changed = _called(scene, chosen.changed, own, _RECORDED)
        seen = lab.look(changed, scene.code, scene.case)
        if seen is None or (true := _answer(seen.raised or "")) is None:
            continue
        if lab.again(changed, scene.code, scene.case, seen):
            said = chosen.said.format(names=names, last=f"`{places[last]}`")
            return _asked_edge(scene, said, true, rng)
    return None


def _asked_edge(scene: Scene, said: str, true: str, rng: random.Random) -> Question:
    likely = ["ValueError", "RuntimeError", "nan", "zero", "number"]
    options, right = some(true, [_ANSWERS[name] for name in likely], rng)
    name, on = scene.code.exercise.name, tell_given(scene.case.given)
    text = f"{code_span(name)} is called as on {on}, but with {said}. What comes of it?"
    line, why = scene.code.definitions[0].lineno, f"That call was made: {true[0].lower()}{true[1:]}"
    return Question(name, "edge case", line, text, options, right, why)


def _answer(raised: str) -> str | None:
    """Read what a call gave; None where it is trivial, or came from elsewhere."""
    if not (found := re.fullmatch(r"RuntimeError: viva: (\w+) ?(.*)", raised)):
        return None
    kind, rest = found[1], found[2]
    if kind == "raises":
        return None if rest in TRIVIAL or not rest.isidentifier() else f"It raises `{rest}`."
    if kind == "tensor" and re.fullmatch(r"\([\d, ]*\)", rest):
        sizes = [int(size) for size in re.findall(r"\d+", rest)]
        return f"It returns a tensor of shape {sizes}."
    if kind == "number":
        words = {"nan": "nan", "inf": "inf", "-inf": "inf", "0.0": "zero", "-0.0": "zero"}
        return _ANSWERS[words.get(rest, "number")]
    return _ANSWERS["None"] if kind == "None" else None


def _places_of_rows(scene: Scene) -> dict[int, str]:
    """Return the positional arguments that hold rows, as the reference of the exercise names them;
    none of a class."""
    exercise = scene.code.exercise
    found = definitions(parse(solution(exercise.module)))[exercise.names[0]]
    arguments = getattr(found, "args", None)
    names = [a.arg for a in arguments.args] if arguments else []
    return {place: name for place, name in enumerate(names) if name in OF_ROWS}


def _called(scene: Scene, changed: str, places: Sequence[int], then: str) -> Submission:
    """Return the submission whose function is called with some arguments changed."""
    name = scene.code.exercise.name
    return scene.code.followed_by(
        _CALL.format(changed=changed, places=places, then=then, name=name)
    )
