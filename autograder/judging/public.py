"""The public cases of the exercises, read from `exercises/cases/`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.inside.codec import Malformed, decode_observation
from autograder.inside.observation import Observation
from autograder.judging.key import AnswerKey, Case, Mistake

SCHEMA = 2


@dataclass(frozen=True)
class Task:
    """An exercise as the student's copy knows it: what it asks in a sentence, the text of the stub
    of each of its names, and its key."""

    text: str
    stubs: Mapping[str, str]
    key: AnswerKey


def read_tasks(folder: Path) -> dict[str, Task]:
    """Return the exercises of `folder`/cases/*.json by name, in the order of the modules.

    Raises ValueError, with the file's name, for a file that is damaged or of another schema.
    """
    tasks: dict[str, Task] = {}
    for path in sorted((folder / "cases").glob("*.json")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["schema"] != SCHEMA:
                raise ValueError(f"schema {content['schema']}, not {SCHEMA}")
            tasks |= {name: _task(body) for name, body in content["exercises"].items()}
        except (ValueError, KeyError, TypeError, Malformed) as error:
            raise ValueError(
                f"{path} is damaged ({error}): get it anew from your course"
            ) from error
    return tasks


def _task(body: Mapping[str, Any]) -> Task:
    """Read an exercise; its mistakes are decoded when an answer fails."""

    def mistakes() -> tuple[Mistake, ...]:
        return tuple(
            Mistake(m["slug"], m["feedback"], _observations(m["observations"]))
            for m in body["mistakes"]
        )

    cases = tuple(Case(case["probe"], case["given"]) for case in body["cases"])
    expected = _observations(body["expected"])
    key = AnswerKey(cases, lambda: expected, mistakes)
    return Task(str(body["task"]), body["stubs"], key)


def _observations(data: Iterable[object]) -> tuple[Observation, ...]:
    return tuple(decode_observation(entry) for entry in data)
