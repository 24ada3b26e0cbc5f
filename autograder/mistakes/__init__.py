"""Mistakes: wrong ways that students really take. They never leave the teacher's machine.

A mistake is a small wrong implementation; its docstring is what the student reads. It may use the
reference's other functions (`from m06_model import mse`).
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from autograder import ROOT

SOLUTIONS = ROOT / "solutions"

if str(SOLUTIONS) not in sys.path:
    sys.path.insert(0, str(SOLUTIONS))  # solutions and mistakes import the references by name

T = TypeVar("T", bound=Callable[..., Any])


@dataclass(frozen=True)
class WrongWay:
    """A registered mistake: `implementation` takes the place of `replaces` in the reference."""

    exercise: str
    slug: str
    replaces: str
    implementation: Any
    feedback: str
    file: str


_MISTAKES: list[WrongWay] = []


def mistake(exercise: str, slug: str, replaces: str | None = None) -> Callable[[T], T]:
    """Register the decorated function or class as a mistake of an exercise.

    `replaces` names what it stands for where the exercise asks for several names.
    """

    def register(wrong: T) -> T:
        if any((known.exercise, known.slug) == (exercise, slug) for known in _MISTAKES):
            raise ValueError(f"{exercise} has two mistakes called {slug!r}")
        feedback = " ".join(inspect.cleandoc(wrong.__doc__ or "").split())
        file = inspect.getsourcefile(wrong) or ""
        name = replaces or exercise
        wrong.__name__ = wrong.__qualname__ = name  # exceptions tell it as they tell a student's
        _MISTAKES.append(WrongWay(exercise, slug, name, wrong, feedback, file))
        return wrong

    return register


def of(module: str, exercise: str) -> list[WrongWay]:
    """Return the mistakes of an exercise, in the order of their definition."""
    importlib.import_module(f"autograder.mistakes.{module}")
    return [wrong for wrong in _MISTAKES if wrong.exercise == exercise]
