"""The names that somebody types: of an exercise, of a module."""

from __future__ import annotations

from autograder.course import Exercise, exercises, modules
from autograder.inside.errors import UserError
from autograder.inside.words import nearest


def exercise_called(name: str) -> Exercise:
    """Return the exercise of this name; raise UserError for any other."""
    if name not in exercises():
        near = nearest(name, exercises()) or "; `descent list` shows them"
        raise UserError(f"no exercise is called {name!r}{near}")
    return exercises()[name]


def module_called(name: str) -> str:
    """Return the module of this name, short (m06) or whole; raise UserError for any other."""
    for module in modules():
        if name in (module, module.partition("_")[0]):
            return module
    if name in exercises():
        own = exercises()[name].module
        raise UserError(f"{name!r} is an exercise; its module is {own.partition('_')[0]}")
    near = nearest(name, modules()) or f"; there are {', '.join(modules())}"
    raise UserError(f"no module is called {name!r}{near}")
