"""The names that a student types: of an exercise, of a module."""

from __future__ import annotations

from autograder.course import Exercise, exercises, modules
from autograder.inside.errors import UserError


def exercise_called(name: str) -> Exercise:
    """Return the exercise of this name; raise UserError for any other."""
    if name not in exercises():
        raise UserError(f"no exercise is called {name!r}; `pytest exercises/` lists them")
    return exercises()[name]


def module_called(name: str) -> str:
    """Return the module of this name, short (m06) or whole; raise UserError for any other."""
    for module in modules():
        if name in (module, module.partition("_")[0]):
            return module
    raise UserError(f"no module is called {name!r}; there are {', '.join(modules())}")
