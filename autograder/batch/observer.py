"""Observers: where submissions run. The grader compares; an observer only looks."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Sequence
from typing import Protocol

from autograder.catalogue import Exercise
from autograder.cell import isolation
from autograder.cell.isolation import UNKNOWN, Isolation
from autograder.cell.limits import CPU_S
from autograder.cell.run import Cases, SubmissionRun, TooSlow
from autograder.cell.sandbox import level
from autograder.cell.source import CellSource, cell_source
from autograder.observation import Outcome
from autograder.submission import Submission


class Stopped(Exception):
    """The run is to end: what was asked has no answer, and nobody's mark depends on that."""


class Observer(Protocol):
    """Runs submissions somewhere and returns what was seen; used from several threads."""

    isolation: Isolation

    def outcomes(
        self,
        submission: Submission,
        wanted: Sequence[tuple[Exercise, Cases]],
        first_look: bool = False,
    ) -> Iterator[Outcome]:
        """Yield the outcome of each exercise in turn; a `first_look` has little time (TooSlow).

        Raises Stopped after `stop`. Any other exception is the grader's own fault.
        """

    def stop(self) -> None:
        """End what is running; whoever waits for an outcome gets Stopped."""

    def close(self) -> None:
        """End everything."""


class Zygotes:
    """The observer of this machine: a source of cells for each thread, a cell per submission.

    Starts the first one and measures what keeps submissions in (LevelError when `asked` for more
    than can be had).
    """

    def __init__(self, asked: str = "auto", cuda: bool = False, limit: float = CPU_S) -> None:
        self._cuda = cuda
        self._limit = limit
        self._stopped = False
        self._idle: queue.SimpleQueue[CellSource] = queue.SimpleQueue()
        self.isolation: Isolation = UNKNOWN
        self.isolation, first = isolation.start(asked, cuda)
        self._all = {first}
        self._idle.put(first)

    def outcomes(
        self,
        submission: Submission,
        wanted: Sequence[tuple[Exercise, Cases]],
        first_look: bool = False,
    ) -> Iterator[Outcome]:
        """Run a submission in cells of one source, which is given up when it fails."""
        cells = self._cells()
        try:
            with SubmissionRun(cells, submission, self._limit, first_look) as run:
                for outcome in run.outcomes(wanted):
                    self._check_running()  # or the outcome is that its cell was ended
                    yield outcome
        except TooSlow:
            self._idle.put(cells)
            raise
        except BaseException:
            self._all.discard(cells)
            cells.close()
            self._check_running()
            raise
        self._idle.put(cells)

    def stop(self) -> None:
        """End every process at once."""
        self._stopped = True
        for cells in list(self._all):
            cells.stop()

    def close(self) -> None:
        """End every process."""
        for cells in list(self._all):
            cells.close()

    def _check_running(self) -> None:
        if self._stopped:
            raise Stopped

    def _cells(self) -> CellSource:
        self._check_running()
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            cells = cell_source(level=level(self.isolation.level), cuda=self._cuda)
            self._all.add(cells)
            return cells
