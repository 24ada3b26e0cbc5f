"""The catalogue: which exercises exist, their points, hints and questions, and the assignments.

One TOML file per module; `questions.toml` says which exercises answer which question.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pytest brings it to Python 3.10

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Exercise:
    """One stub: what a student does in one go.

    `names` are the functions or classes it asks for (mostly one, the exercise's own name);
    `builds_on` the exercises it uses; `path` is False for one that goes deeper than the pipeline.
    `why` says, once it passes, why the right solution works.
    """

    id: str
    name: str
    module: str
    names: tuple[str, ...]
    points: float
    path: bool
    builds_on: tuple[str, ...]
    hints: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class Assignment:
    """A named list of exercises."""

    name: str
    exercises: tuple[Exercise, ...]

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules of its exercises, in order."""
        return tuple(dict.fromkeys(exercise.module for exercise in self.exercises))


@dataclass(frozen=True)
class Question:
    """A review question of the documents, in our words, the ids of what answers it, and a short
    answer once one of these exercises exists."""

    id: str
    text: str
    exercises: tuple[str, ...]
    answer: str


@cache
def modules() -> tuple[str, ...]:
    """The names of all modules, in their order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("m[0-9][0-9]_*.toml")))


@cache
def exercises() -> Mapping[str, Exercise]:
    """All exercises by name, in the order of their ids."""
    found = [_exercise(module, name, body) for module in modules() for name, body in _read(module)]
    return {exercise.name: exercise for exercise in found}


@cache
def questions() -> tuple[Question, ...]:
    """All questions of the five documents, in their order."""
    answers = dict(_read("answers"))
    return tuple(
        Question(identity, body["text"], tuple(body["exercises"]), answers.get(identity, ""))
        for identity, body in _read("questions")
    )


def questions_of(exercise: Exercise) -> tuple[Question, ...]:
    """The questions that an exercise answers."""
    return tuple(question for question in questions() if exercise.id in question.exercises)


def assignment(name: str) -> Assignment:
    """Return `core` (everything), `path` (the pipeline) or a module as an assignment.

    Raises KeyError, with the names there are, for any other name.
    """
    every = tuple(exercises().values())
    known = {"core": every, "path": tuple(exercise for exercise in every if exercise.path)}
    known |= {m: tuple(e for e in every if e.module == m) for m in modules()}
    if name not in known:
        raise KeyError(f"no assignment is called {name!r}; there are {', '.join(known)}")
    return Assignment(name, known[name])


def _exercise(module: str, name: str, body: dict[str, Any]) -> Exercise:
    return Exercise(
        id=body["id"],
        name=name,
        module=module,
        names=tuple(body.get("names", [name])),
        points=float(body["points"]),
        path=body["path"],
        builds_on=tuple(body["builds_on"]),
        hints=tuple(body["hints"]),
        why=body["why"],
    )


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file."""
    with path.open("rb") as file:
        return tomllib.load(file)


def _read(name: str) -> list[tuple[str, Any]]:
    return list(read_toml(FOLDER / f"{name}.toml").items())
