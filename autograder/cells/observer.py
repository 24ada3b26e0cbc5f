"""Observers: where submissions run. The grader compares; an observer only looks."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from autograder.cells import isolation
from autograder.cells.host import GraderFault
from autograder.cells.isolation import UNKNOWN, Isolation
from autograder.cells.replies import Wanted
from autograder.cells.run import SubmissionRun
from autograder.cells.source import CellSource, cell_source
from autograder.inside.errors import DescentError
from autograder.inside.limits import CPU_S
from autograder.inside.observation import Outcome
from autograder.inside.sandbox import level
from autograder.inside.submission import Submission
from autograder.inside.warm import OPTIMIZERS


class Stopped(DescentError):
    """The run is to end: what was asked has no answer, and nobody's mark depends on that."""


class Observer(Protocol):
    """Runs submissions somewhere and returns what was seen; used from several threads."""

    @property
    def isolation(self) -> Isolation:
        """What keeps submissions in."""

    @property
    def cuda(self) -> bool:
        """Whether cells may use CUDA."""

    @property
    def workers(self) -> int:
        """How many submissions can run at a time."""

    def outcomes(
        self,
        submission: Submission,
        wanted: Sequence[Wanted],
        first_look: bool = False,
    ) -> Iterator[Outcome]:
        """Yield the outcome of each exercise in turn; a `first_look` has little time (TooSlow).

        Raises Stopped after `stop`. Any other exception is the grader's own fault.
        """

    def stop(self) -> None:
        """End what is running; whoever waits for an outcome gets Stopped."""

    def close(self) -> None:
        """End everything."""


class LocalObserver:
    """The observer of this machine: a cell per submission, all of them from one source.

    Starts the source and measures what keeps submissions in (LevelError when `asked` for more
    than can be had). What is `warm`, slow parts of torch, the source imports and no cell has to.
    What lies in the folders that are `covered`, no submission is to see.
    """

    def __init__(
        self,
        asked: str = "auto",
        cuda: bool = False,
        limit: float = CPU_S,
        warm: Sequence[str] = OPTIMIZERS,
        covered: Sequence[str] = (),
    ) -> None:
        self.cuda = cuda
        self.workers = processors()
        self._warm = warm
        self._covered = covered
        self._limit = limit
        self._stopped = False
        self._lock = threading.Lock()
        self.isolation: Isolation = UNKNOWN
        self.isolation, first = isolation.start(asked, cuda, warm, covered)
        self._sources = [first]  # cells come from the last one; the others have failed

    def outcomes(
        self,
        submission: Submission,
        wanted: Sequence[Wanted],
        first_look: bool = False,
    ) -> Iterator[Outcome]:
        """Run a submission in cells; their source is given up when it fails."""
        source = self._source()
        try:
            with SubmissionRun(source, submission, self._limit, first_look) as run:
                for outcome in run.outcomes(wanted):
                    self._check_running()  # or the outcome is that its cell was ended
                    yield outcome
        except GraderFault:
            self._check_running()
            self._give_up(source)
            raise

    def stop(self) -> None:
        """End every process at once."""
        with self._lock:
            self._stopped = True
            for source in self._sources:
                source.stop()

    def close(self) -> None:
        """End every process."""
        for source in self._sources:
            source.close()

    def _check_running(self) -> None:
        if self._stopped:
            raise Stopped

    def _source(self) -> CellSource:
        with self._lock:
            self._check_running()
            return self._sources[-1]

    def _give_up(self, source: CellSource) -> None:
        """Start another source; whoever else is in this one learns it there."""
        with self._lock:
            if source is self._sources[-1] and not self._stopped:
                own = level(self.isolation.level)
                source = cell_source(
                    warm=self._warm, level=own, cuda=self.cuda, covered=self._covered
                )
                self._sources.append(source)


class LevelMoved(DescentError):
    """What was started keeps submissions in otherwise than was assumed."""

    def __init__(self, observer: Observer) -> None:
        super().__init__(f"level {observer.isolation.level}")
        self.observer = observer


class WhenNeeded:
    """An observer that is started when there is something to observe.

    Until then it is assumed to keep submissions in as it did before, if that is known; where that
    is not true, LevelMoved is raised at the first look, with the observer that was started.
    """

    def __init__(self, start: Callable[[], Observer], assumed: Isolation | None) -> None:
        self._start = start
        self._assumed = assumed
        self._lock = threading.Lock()
        self._observer: Observer | None = start() if assumed is None else None
        self._moved: LevelMoved | None = None

    @property
    def isolation(self) -> Isolation:
        """What keeps submissions in, or did so the last time."""
        if self._observer is None and self._assumed is not None:
            return self._assumed
        return self._started().isolation

    @property
    def cuda(self) -> bool:
        """Whether cells may use CUDA."""
        return self._started().cuda

    @property
    def workers(self) -> int:
        """How many submissions can run at a time."""
        return self._observer.workers if self._observer else processors()

    def outcomes(
        self, submission: Submission, wanted: Sequence[Wanted], first_look: bool = False
    ) -> Iterator[Outcome]:
        """Start, if that has not been done, and observe."""
        return self._started().outcomes(submission, wanted, first_look)

    def stop(self) -> None:
        """End what is running."""
        if self._observer:
            self._observer.stop()

    def close(self) -> None:
        """End everything."""
        if self._observer:
            self._observer.close()

    def _started(self) -> Observer:
        with self._lock:
            if self._moved:
                raise self._moved
            if self._observer is None:
                observer = self._start()
                if self._assumed and observer.isolation.level != self._assumed.level:
                    self._moved = LevelMoved(observer)
                    raise self._moved
                self._observer = observer
            return self._observer


def processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
