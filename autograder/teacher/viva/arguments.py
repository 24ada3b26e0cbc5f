"""Questions about arguments: another rate, and every row twice."""

from __future__ import annotations

import random

from autograder.teacher.viva.asking import Change, asked, rank, telling
from autograder.teacher.viva.calls import PASSED_ON, called, places_of_rows
from autograder.teacher.viva.effect import OTHER, by_name, effect
from autograder.teacher.viva.lab import Lab, Scene
from autograder.teacher.viva.question import Question

# What can be doubled, and what the teacher is told about it.
RATES = {
    "lr": "A step is the rate times the gradient; too large a one overshoots.",
    "momentum": "Momentum keeps a share of the last step.",
    "delta": "Beyond delta the Huber loss is linear.",
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
    if not (places := places_of_rows(scene)):
        return None
    changed = called(scene, "torch.cat([a, a])", [*places], PASSED_ON)
    after = lab.look(changed, scene.code, scene.case)
    if after is None or after.raised or not lab.again(changed, scene.code, scene.case, after):
        return None
    old, new = by_name(scene.before), by_name(after)
    found = [(one, effect(one, new.get(name))) for name, one in old.items() if "pred" not in name]
    if not (known := [(one, true) for one, true in found if true and "shape" not in true]):
        return None
    one, true = min(known, key=lambda pair: rank(pair[0]))
    names = " and ".join(f"`{name}`" for name in places.values())
    said = f"Every row of {names} is there twice, the second time below the others."
    reason = "A mean stays the same when all is there twice, and a sum doubles."
    change = Change("rows twice", scene.code.definitions[0].lineno, said, changed, reason)
    return asked(scene, change, (one, true, f"now {new[one.name].told}"), rng)
