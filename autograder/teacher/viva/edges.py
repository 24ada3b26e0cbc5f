"""Questions about edge cases: no rows, one row, shapes that do not fit."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from autograder.judging.label import tell_given
from autograder.teacher.viva.calls import called, places_of_rows
from autograder.teacher.viva.effect import TRIVIAL
from autograder.teacher.viva.lab import Lab, Scene
from autograder.teacher.viva.question import Question, some
from autograder.teacher.viva.sheet import code_span

MOST_NAME = 60  # characters of the name of an exception
# What came back comes out by an exception, which every probe lets pass and tells.
_RECORDED = """\
try:
            found = own(*args, **kwargs)
        except Exception as error:
            raise RuntimeError("viva: raises " + type(error).__name__) from None
        if isinstance(found, torch.Tensor):
            found = found.detach()
            if found.numel() != 1:
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
    "nan": "It returns one number: nan.",
    "inf": "It returns one number: an infinite one.",
    "zero": "It returns one number: 0.",
    "number": "It returns one number: finite, and not 0.",
    "None": "It returns None.",
}


def edge(scene: Scene, lab: Lab, rng: random.Random) -> Question | None:
    """Ask what a call gives for an edge case: no rows, one, or shapes that do not fit."""
    if not (places := places_of_rows(scene)):
        return None
    names = " and ".join(f"`{name}`" for name in places.values())
    last = max(places)
    for chosen in rng.sample(_EDGES, len(_EDGES)):
        if chosen.second_alone and len(places) < 2:
            continue
        own = [last] if chosen.second_alone else [*places]
        changed = called(scene, chosen.changed, own, _RECORDED)
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
        known = rest.isidentifier() and len(rest) <= MOST_NAME and rest not in TRIVIAL
        return f"It raises {code_span(rest)}." if known else None
    if kind == "tensor" and re.fullmatch(r"\([\d, ]*\)", rest):
        sizes = [int(size) for size in re.findall(r"\d+", rest)]
        return f"It returns a tensor of shape {sizes}."
    if kind == "number":
        words = {"nan": "nan", "inf": "inf", "-inf": "inf", "0.0": "zero", "-0.0": "zero"}
        return _ANSWERS[words.get(rest, "number")]
    return _ANSWERS["None"] if kind == "None" else None
