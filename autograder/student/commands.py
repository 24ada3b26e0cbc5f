"""The student's commands."""

from __future__ import annotations

import argparse
from typing import Any

from autograder.catalogue import exercises
from autograder.cli import UserError


def add(commands: Any) -> None:
    """Add the student's commands to the parser."""
    hint = commands.add_parser("hint", help="show a hint for an exercise")
    hint.add_argument("name", help="the exercise, such as mse")
    hint.add_argument("number", type=int, nargs="?", default=1, help="1 (default), 2 or 3")
    hint.set_defaults(run=run_hint)


def run_hint(options: argparse.Namespace) -> int:
    """Print one hint, and how to get the next."""
    exercise = exercises().get(options.name)
    if exercise is None:
        raise UserError(f"no exercise is called {options.name!r}; `pytest exercises/` lists them")
    if not 1 <= options.number <= len(exercise.hints):
        raise UserError(f"{exercise.name} has hints 1 to {len(exercise.hints)}")
    print(f"{options.number} of {len(exercise.hints)}: {exercise.hints[options.number - 1]}")
    return 0
