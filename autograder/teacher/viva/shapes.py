"""Questions about shapes: that of a variable, or of what is returned, on a small given."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Sequence

from autograder.judging.label import tell_given
from autograder.teacher.viva.code import Place, parsed
from autograder.teacher.viva.lab import Lab, Scene
from autograder.teacher.viva.question import Question, some
from autograder.teacher.viva.sheet import code_span

TRIES = 3
# What a recorded value comes out by: an exception, which every probe lets pass and tells.
_RECORD = 'raise RuntimeError(f"viva: {{tuple({}.shape)}}")'
_RECORDED = re.compile(r"RuntimeError: viva: \(([\d, ]*)\)")


def shape(scene: Scene, lab: Lab, rng: random.Random) -> Question | None:
    """Ask for the shape of a variable, or of what a call returns."""
    code = scene.code
    places = [place for place in code.places() if _value(place.statement) is not None]
    for place in rng.sample(places, min(TRIES, len(places))):
        statement, value = place.statement, _value(place.statement)
        record = parsed(_RECORD.format(f"({ast.unparse(value)})" if value else ""))
        returns = isinstance(statement, ast.Return)
        changed = code.replacing(place, record if returns else [statement, *record])
        seen = lab.look(changed, code, scene.case)
        found = _RECORDED.fullmatch(seen.raised or "") if seen else None
        if seen and found and lab.again(changed, code, scene.case, seen):
            sizes = tuple(int(size) for size in re.findall(r"\d+", found[1]))
            return _asked(scene, place, sizes, rng)
    return None


def _value(statement: ast.stmt) -> ast.expr | None:
    """Return what has a shape in a statement: the name that it binds, or what it returns."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return ast.Name(name)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return ast.Name(name)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            return value
    return None


def _asked(
    scene: Scene, place: Place, sizes: tuple[int, ...], rng: random.Random
) -> Question | None:
    code, line = scene.code, place.statement.lineno
    others = [f"{list(one)}" for one in _others(sizes, scene)]
    options, right = some(f"{list(sizes)}", others, rng)
    if len(options) < 3:
        return None
    value = _value(place.statement)
    what = code_span(value.id) if isinstance(value, ast.Name) else "what is returned"
    if isinstance(place.statement, ast.Return):
        what = "what is returned"
    on = tell_given(scene.case.given)
    return Question(
        code.exercise.name,
        "shape",
        line,
        f"Which shape has {what} in line {line}, when it is reached for the first time, on {on}?",
        options,
        right,
        f"It was recorded there, in a run: {list(sizes)}.",
    )


def _others(sizes: tuple[int, ...], scene: Scene) -> Sequence[tuple[int, ...]]:
    """Return shapes that one could take for this one: turned, one dimension more, less or other."""
    given = scene.case.given
    own = [given[name] for name in ("n", "n_in", "n_out") if isinstance(given.get(name), int)]
    if "rows" in given:
        own = [given["rows"], 3, 2]
    found = [sizes[::-1], sizes[:-1], sizes[1:], (*sizes, 1), (1, *sizes)]
    found += [(*sizes[:-1], size) for size in own if sizes] + [(size,) for size in own]
    return [one for one in dict.fromkeys(found) if one != sizes]
