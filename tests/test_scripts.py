"""Whole scripts and notebooks of the tutorial, as people hand them in: the right functions count.

`tests/scripts/` has forty, each with the faults of real ones at module level: absent packages, own
paths, names set again, loops without end, cells that were never finished.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.course import exercises

from .handed_in_cases import Case, cases
from .test_handed_in import Graded, graded

EVERY = 4  # of them in `make test`; all of them in `make attacks`
SCRIPTS = cases(Path(__file__).parent / "scripts")
IS_WHOLE = os.environ.get("DESCENT_CORPUS") == "whole"
TRIED = list(SCRIPTS.values())[:: 1 if IS_WHOLE else EVERY]
EXERCISE = {name: one.name for one in exercises().values() for name in one.names}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The scripts, graded as one class by the command."""
    folder = tmp_path_factory.mktemp("scripts")
    for case in TRIED:
        case.write(folder / "class")
    return graded(folder, "core")


def test_there_are_forty() -> None:
    """Each says what is special, and which of its functions are right."""
    assert len(SCRIPTS) >= 40
    assert len({case.why for case in SCRIPTS.values()}) == len(SCRIPTS)
    assert sum(len(case.right) for case in SCRIPTS.values()) >= 150


@pytest.mark.parametrize("case", TRIED, ids=lambda case: case.name)
def test_every_right_function_earns_its_points(scripts: Graded, case: Case) -> None:
    """Whatever stands around it; what is wrong does not pass, and what must be told is told."""
    result = scripts.results[case.name]
    status = {one["name"]: one["status"] for one in result["exercises"]}
    told = "\n".join((*result["notes"], *(one["message"] for one in result["exercises"])))
    passed = {name for name in map(EXERCISE.get, case.right) if status[str(name)] == "pass"}
    assert passed == {EXERCISE[name] for name in case.right}, told
    assert "pass" not in {status[EXERCISE[name]] for name in case.wrong}
    assert all(line in told for line in case.told), told
