"""Calls of a student's function with other rows than those of the given."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.answers.ways import solution
from autograder.inside.submission import Submission
from autograder.inside.syntax import definitions, parse
from autograder.teacher.viva.lab import Scene

OF_ROWS = ("x", "y", "pred", "target", "preds")  # the arguments of the course that hold rows
# Calls the student's function with other rows; `{then}` says what is done with the result.
CALL = """
def _viva(own):
    import torch
    def call(*args, **kwargs):
        args = [{changed} if place in {places} else a for place, a in enumerate(args)]
        {then}
    return call
{name} = _viva({name})
"""
PASSED_ON = "return own(*args, **kwargs)"


def places_of_rows(scene: Scene) -> dict[int, str]:
    """Return the positional arguments that hold rows, as the reference of the exercise names them;
    none of a class."""
    exercise = scene.code.exercise
    found = definitions(parse(solution(exercise.module)))[exercise.names[0]]
    arguments = getattr(found, "args", None)
    names = [a.arg for a in arguments.args] if arguments else []
    return {place: name for place, name in enumerate(names) if name in OF_ROWS}


def called(scene: Scene, changed: str, places: Sequence[int], then: str) -> Submission:
    """Return the submission whose function is called with some arguments changed."""
    name = scene.code.exercise.name
    return scene.code.followed_by(CALL.format(changed=changed, places=places, then=then, name=name))
