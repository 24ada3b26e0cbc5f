"""The record: what `descent quality` has counted, with the hash of what it was counted by.

It stands in `tests/quality.json`, under version control: where nothing that a module is judged by
has changed since, it need not be judged again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.answers.ways import OTHER_WAYS
from autograder.batch import depends
from autograder.course import exercises, foundations
from autograder.inside import PACKAGE, ROOT
from autograder.teacher.quality import SECRET, Module

RECORD = ROOT / "tests" / "quality.json"
_COUNTERS = ("good", "all", "named", "causes", "alone", "words")


def known() -> dict[str, Module]:
    """Return what is recorded of the modules by which nothing has changed since."""
    recorded: Mapping[str, Any] = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    return {
        name: _module(entry["counted"])
        for name, entry in recorded.items()
        if entry["depends"] == of_module(name)
    }


def write(counted: Iterable[Module]) -> None:
    """Record what was counted; the modules that were not chosen stay as they are."""
    recorded = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    for module in counted:
        # not asdict, which before Python 3.12 counts the pairs of a Counter
        recorded[module.name] = {"depends": of_module(module.name), "counted": vars(module)}
    RECORD.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def of_module(name: str) -> str:
    """Return the hash of all that a module's quality depends on."""
    own = [exercise for exercise in exercises().values() if exercise.module == name]
    used = sorted(foundations(exercise.name for exercise in own))
    checks = [depends.of_exercise(exercises()[n], SECRET, False, "basic") for n in used]
    ways = [path.read_text("utf-8") for path in sorted((OTHER_WAYS / name).glob("*.py"))]
    judges = [PACKAGE / "teacher" / f"{part}.py" for part in ("quality", "mutants")]
    return depends.digest([checks, ways, [path.read_text("utf-8") for path in judges]])


def _module(counted: dict[str, Any]) -> Module:
    return Module(**counted | {name: Counter(counted[name]) for name in _COUNTERS})
