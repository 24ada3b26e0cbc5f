"""The public cases of the exercises, read from `exercises/cases/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import case_files, exercises
from autograder.disk.files import MIB, read_json
from autograder.inside.codec import Malformed, decode_observation
from autograder.inside.errors import UserError
from autograder.inside.observation import Observation
from autograder.judging.key import AnswerKey, Case, Mistake

SCHEMA = 2
MAX_CASES_BYTES = 16 * MIB  # the largest file of the course has 1.3


@dataclass(frozen=True)
class Task:
    """An exercise as the student's copy knows it: what it asks in a sentence, the text of the stub
    of each of its names, and its key."""

    text: str
    stubs: Mapping[str, str]
    key: AnswerKey


def read_tasks(folder: Path) -> dict[str, Task]:
    """Return the exercises of `folder`/cases/*.json by name, in the order of the modules.

    Raises UserError, with the file's name, for a file that cannot be read, is damaged or is of
    another schema.
    """
    tasks: dict[str, Task] = {}
    for path in case_files(folder):
        with _told(path):
            content = read_json(path, folder.parent, MAX_CASES_BYTES)
            if content["schema"] != SCHEMA:
                raise ValueError(f"schema {content['schema']}, not {SCHEMA}")
            tasks |= {name: _task(path, name, body) for name, body in content["exercises"].items()}
    return tasks


def stubs_of(content: Any) -> dict[str, str]:
    """Return the stubs in a file of cases of any schema by name; ValueError for another shape."""
    try:
        stubs = [body["stubs"] for body in content["exercises"].values()]
        found = {name: text for one in stubs for name, text in one.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("it has no stubs") from error
    if not all(name.isidentifier() and isinstance(text, str) for name, text in found.items()):
        raise ValueError("a stub is no text, or has no name")
    return found


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what is wrong with a file of cases in a line."""
    next_step = "get it anew from your course"
    try:
        yield
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): {next_step}") from error
    except KeyError as error:
        raise UserError(f"{path} is damaged (it has no {error}): {next_step}") from error
    except (ValueError, TypeError, AttributeError, Malformed) as error:
        raise UserError(f"{path} is damaged ({str(error)[:200]}): {next_step}") from error


def _task(path: Path, name: str, body: Mapping[str, Any]) -> Task:
    """Read an exercise; its mistakes are decoded when an answer fails."""
    if name not in exercises():
        raise ValueError(f"no exercise is called {name[:40]!r}")
    cases = tuple(Case(_text(case["probe"]), {**case["given"]}) for case in body["cases"])
    stubs = {own: _text(body["stubs"][own]) for own in exercises()[name].names}
    expected = _observations(body["expected"], cases)

    def mistakes() -> tuple[Mistake, ...]:
        with _told(path):
            return tuple(
                Mistake(_text(m["slug"]), _text(m["feedback"]), seen)
                for m in body["mistakes"]
                for seen in [_observations(m["observations"], cases)]
            )

    return Task(_text(body["task"]), stubs, AnswerKey(cases, lambda: expected, mistakes))


def _text(data: object) -> str:
    if not isinstance(data, str):
        raise ValueError(f"{str(data)[:40]!r} is no text")
    return data


def _observations(data: Iterable[object], cases: Sequence[Case]) -> tuple[Observation, ...]:
    decoded = tuple(decode_observation(entry) for entry in data)
    if len(decoded) != len(cases):
        raise ValueError(f"{len(decoded)} observations of {len(cases)} cases")
    return decoded
