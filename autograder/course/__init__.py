"""The course: what is taught, and the assignments that can be made of it.

A module is a folder, `mNN_topic/`, and an exercise a file in it, `mNN_K_NAME.toml`: its points, the
exercises that it builds on, hints, the questions that it answers and its givens. The mistakes
beside it, in `mNN_K_NAME.py`, never leave the teacher's machine. `questions.toml` has the questions
of the documents, `ideas.toml` what is said to wrong ideas in predictions.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from autograder.course.late import FREE, Late
from autograder.inside.errors import UserError, first_line
from autograder.inside.limits import CPU_S

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pytest brings it to Python 3.10

FOLDER = Path(__file__).parent
MODULE = re.compile(r"m\d\d_[a-z]\w*")  # the folder of a module
STEM = re.compile(r"m(\d\d)_(\d+)_(\w+)")  # the files of an exercise
# The parts of the course by the numbers of their modules. Who starts at the core needs nothing of
# the foundations.
PARTS: Mapping[str, range] = {
    "foundations": range(1, 6),
    "core": range(6, 13),
    "deeper": range(13, 26),
}


@dataclass(frozen=True)
class Exercise:
    """One stub: what a student does in one go.

    `names` are the functions or classes it asks for (mostly one, the exercise's own name);
    `builds_on` the exercises it uses; `path` is False for one that goes deeper than the pipeline;
    `questions` are the ids of what it answers. `why` says, once it passes, why the right solution
    works.
    """

    id: str
    name: str
    module: str
    names: tuple[str, ...]
    points: float
    path: bool
    builds_on: tuple[str, ...]
    hints: tuple[str, ...]
    questions: tuple[str, ...] = ()
    why: str = ""

    @property
    def stem(self) -> str:
        """The name of its files; by its number, since `Linear` and `linear` may be one file."""
        return f"{self.id.replace('.', '_')}_{self.name}"

    @property
    def number(self) -> int:
        """The number of its module."""
        return int(self.module[1:3])

    @property
    def place(self) -> str:
        """Where its probes stand, as Python imports them."""
        return f"{self.module}.{self.stem}"


@dataclass(frozen=True)
class Assignment:
    """A named list of exercises.

    What a teacher may say besides: until when (with a distance from UTC), what being late costs,
    the `seconds` of processor time for an exercise, the `device` of its cases (auto, cpu or cuda),
    and whether the feedback shows the `references`.
    """

    name: str
    exercises: tuple[Exercise, ...]
    deadline: datetime | None = None
    late: Late = FREE
    seconds: float = CPU_S
    device: str = "auto"
    references: bool = False

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules of its exercises, in order."""
        return tuple(dict.fromkeys(exercise.module for exercise in self.exercises))


@dataclass(frozen=True)
class Question:
    """A review question of the documents, in our words, the exercises that answer it, and a short
    answer once there is one."""

    id: str
    text: str
    exercises: tuple[Exercise, ...]
    answer: str


@cache
def modules() -> tuple[str, ...]:
    """The names of all modules, in their order."""
    return tuple(sorted(path.name for path in FOLDER.glob("m[0-9][0-9]_*") if path.is_dir()))


@cache
def pictures() -> tuple[str, ...]:
    """The modules of this copy of which there is a picture, in short, such as m12."""
    drawn = (path.stem[-3:] for path in FOLDER.parent.glob("student/picture_m??.py"))
    return tuple(sorted({*drawn} & {module[:3] for module in modules()}))


@cache
def exercises() -> Mapping[str, Exercise]:
    """All exercises by name, in the order of their ids.

    Raises UserError where two have the same name or id, or a file lacks what an exercise needs.
    """
    named: dict[str, Exercise] = {}
    for path in (path for module in modules() for path in _files(module)):
        shown = path.relative_to(FOLDER.parents[1])
        try:
            exercise = _exercise(path)
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(f"{shown} cannot be read: {first_line(error)}") from error
        for other in named.values():
            if exercise.name == other.name or exercise.id == other.id:
                same = file_of(other).relative_to(FOLDER.parents[1])
                raise UserError(f"{same} and {shown} have the same name or id: rename one")
        named[exercise.name] = exercise
    return named


def case_files(folder: Path) -> list[Path]:
    """Return the files of cases that belong to a folder of exercises."""
    return [path for path in sorted((folder / "cases").glob("*.json")) if path.name[0] != "."]


def file_of(exercise: Exercise) -> Path:
    """Return the TOML file of an exercise."""
    return FOLDER / exercise.module / f"{exercise.stem}.toml"


def givens(exercise: Exercise) -> Mapping[str, Mapping[str, list[dict[str, Any]]]]:
    """Return the rows of an exercise's givens: probe -> `public` and `hidden` -> rows.

    Raises UserError where there is none.
    """
    rows: dict[str, dict[str, list[dict[str, Any]]]] = read_toml(file_of(exercise)).get(
        "givens", {}
    )
    if not rows:
        shown = file_of(exercise).relative_to(FOLDER.parents[1])
        raise UserError(
            f"{shown} has no givens: the kit is damaged, and `descent check` says where"
        )
    return rows


@cache
def questions() -> tuple[Question, ...]:
    """All questions of the five documents, in their order."""
    answers: dict[str, str] = {}
    for exercise in exercises().values():
        answers |= read_toml(file_of(exercise)).get("answers", {})
    return tuple(
        Question(identity, text, _answering(identity), answers.get(identity, ""))
        for identity, text in read_toml(FOLDER / "questions.toml").items()
    )


def questions_of(exercise: Exercise) -> tuple[Question, ...]:
    """The questions that an exercise answers."""
    return tuple(question for question in questions() if question.id in exercise.questions)


def assignment(name: str) -> Assignment:
    """Return `course` (everything), a part of it (`foundations`, `core`, `deeper`), `path` (the
    pipeline in the core) or a module, `m06_model` or `m06`, as an assignment.

    Raises UserError, with the names there are, for any other name.
    """
    every = tuple(exercises().values())
    parts = {part: tuple(e for e in every if e.number in PARTS[part]) for part in PARTS}
    known = {part: chosen for part, chosen in parts.items() if chosen} | {"course": every}
    known["path"] = tuple(exercise for exercise in parts["core"] if exercise.path)
    known |= {m: tuple(e for e in every if e.module == m) for m in modules()}
    full = next((m for m in modules() if m.partition("_")[0] == name), name)
    if full not in known:
        raise UserError(f"no assignment is called {name!r}; there are {', '.join(known)}")
    return Assignment(full, known[full])


def foundations(names: Iterable[str]) -> set[str]:
    """Return the names of some exercises and of all that they build on."""
    found, todo = set[str](), list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += exercises()[name].builds_on
    return found


@cache
def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file, which is not to be changed."""
    return parse_toml(path.read_text(encoding="utf-8"))


def parse_toml(text: str) -> dict[str, Any]:
    """Return what a text in TOML says."""
    return tomllib.loads(text)


def _files(module: str) -> Iterator[Path]:
    """Yield the files of a module's exercises in the order of their numbers."""
    found = [path for path in (FOLDER / module).glob("*.toml") if STEM.fullmatch(path.stem)]
    yield from sorted(found, key=lambda path: int(path.stem.split("_")[1]))


def _exercise(path: Path) -> Exercise:
    match = STEM.fullmatch(path.stem)
    assert match is not None
    body, name = read_toml(path), match[3]
    return Exercise(
        id=f"m{match[1]}.{match[2]}",
        name=name,
        module=path.parent.name,
        names=tuple(body.get("names", [name])),
        points=float(body["points"]),
        path=body["path"],
        builds_on=tuple(body["builds_on"]),
        hints=tuple(body["hints"]),
        questions=tuple(body["questions"]),
        why=body["why"],
    )


def _answering(question: str) -> tuple[Exercise, ...]:
    return tuple(one for one in exercises().values() if question in one.questions)
