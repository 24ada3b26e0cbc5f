"""The observer of one machine: a single source of cells, which is replaced when it has ended."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from autograder.cells import observer as observing
from autograder.cells.forking import Zygote
from autograder.cells.host import GraderFault
from autograder.cells.observer import LocalObserver
from autograder.cells.replies import Wanted
from autograder.cells.source import CellSource, cell_source
from autograder.course import exercises

from .samples import MODEL, submission

MODEL_ALONE = submission({"m06_model": MODEL})
GIVEN = {"seed": 1, "n": 2, "n_in": 3, "n_out": 2}
WANTED = [Wanted(exercises()["model"], [{"probe": "predictions", "given": GIVEN}])]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[CellSource]:
    """The sources that observers start beside their first one."""
    found: list[CellSource] = []

    def start(**options: Any) -> CellSource:
        found.append(cell_source(**options))
        return found[-1]

    monkeypatch.setattr(observing, "cell_source", start)
    return found


@pytest.fixture
def observer(started: list[CellSource]) -> Iterator[LocalObserver]:
    """An observer whose source may be ended."""
    with closing(LocalObserver("basic", warm=())) as made:
        yield made


def troubles(observer: LocalObserver) -> list[str | None]:
    """Observe one exercise; return what kept it from being observed."""
    return [outcome.trouble for outcome in observer.outcomes(MODEL_ALONE, WANTED)]


def test_all_threads_have_their_cells_from_one_source(
    observer: LocalObserver, started: list[CellSource]
) -> None:
    """No other process imports torch, however many submissions run at a time."""
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda _: troubles(observer), range(6))) == [[None]] * 6
    assert started == []


def test_a_source_that_has_ended_is_replaced(
    observer: LocalObserver, started: list[CellSource]
) -> None:
    """Who asks it is told of the grader's fault; whoever comes after has another one."""
    source = observer._source()
    assert isinstance(source, Zygote)
    os.kill(source.pid, signal.SIGKILL)
    with pytest.raises(GraderFault):
        troubles(observer)
    assert [troubles(observer) for _ in range(2)] == [[None], [None]]
    assert len(started) == 1
