"""What several tests need."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# Threads of torch's that wait for the next sum keep a processor busy; with a worker on each
# processor they take it from the others. Read when torch is imported, also by commands that a
# test runs.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from autograder.cells.forking import Zygote
from autograder.cells.observer import LocalObserver
from autograder.inside import ROOT
from data.example_class import write_class

from . import samples
from .browser import chromium as chromium
from .browser import harmless as harmless
from .browser import page as page
from .shared_zygote import Shared

# Whole runs of the command, a minute and more each: they begin first, so that no worker waits for
# them alone.
LONGEST = (
    "test_otter.py",
    "test_ledger.py",
    "test_corpus.py",
    "test_quality.py",
    "test_sandbox.py",
    "test_notebook.py",
    "test_student_door.py",
    "test_watch.py",
    "test_handout.py",
    "test_in_jupyterlab.py",
    "test_new.py",
    "test_wheel.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """A zygote that all tests fork their cells from."""
    with Zygote(warm=()) as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def observer() -> Iterator[LocalObserver]:
    """The observer that all tests look by; it starts when it is first needed."""
    with contextlib.closing(samples.observer()) as made:
        yield made


@pytest.fixture(scope="session")
def shared() -> Iterator[Shared]:
    """The zygotes that tests share."""
    made = Shared()
    yield made
    made.end()


@pytest.fixture(scope="module")
def shared_cells(shared: Shared) -> Iterator[None]:
    """Let what a file's tests judge in this process run in cells of the shared zygotes."""
    with pytest.MonkeyPatch.context() as patch:
        shared.lend(patch)
        yield


@dataclass(frozen=True)
class GradedClass:
    """The example class after `descent grade`: its output folder and what was printed."""

    out: Path
    printed: str

    def result(self, name: str) -> dict[str, Any]:
        """Return the result of a submission."""
        path = self.out / "results" / f"{name}.json"
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return content

    def exercise(self, student: str, name: str) -> dict[str, Any]:
        """Return what the result of a submission says of an exercise."""
        return next(e for e in self.result(student)["exercises"] if e["name"] == name)


@pytest.fixture(scope="session")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """Grade the example class by the command, as `make demo` does."""
    folder = tmp_path_factory.mktemp("example")
    write_class(folder / "class")
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", "class", "--out", "out/demo"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return GradedClass(folder / "out" / "demo", done.stdout)
