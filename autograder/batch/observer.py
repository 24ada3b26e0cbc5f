"""Observers: where submissions run. The grader compares; an observer only looks."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from autograder.catalogue import Exercise
from autograder.cell import isolation
from autograder.cell.client import GraderFault, Zygote
from autograder.cell.isolation import UNKNOWN, Isolation
from autograder.cell.limits import CPU_S
from autograder.cell.run import SubmissionRun, TooSlow
from autograder.cell.sandbox import level
from autograder.observation import Outcome
from autograder.submission import Submission

Cases = Sequence[Mapping[str, Any]]


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

        Any other exception is the grader's own fault.
        """

    def stop(self) -> None:
        """End what is running; whoever waits for an outcome gets an exception."""

    def close(self) -> None:
        """End everything."""


class Zygotes:
    """The observer of this machine: a zygote for each thread that asks, a cell per submission.

    Starts the first zygote and measures what keeps submissions in (LevelError when `asked` for more
    than can be had).
    """

    def __init__(self, asked: str = "auto", cuda: bool = False, limit: float = CPU_S) -> None:
        self._cuda = cuda
        self._limit = limit
        self._stopped = False
        self._idle: queue.SimpleQueue[Zygote] = queue.SimpleQueue()
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
        """Run a submission in cells of one zygote, which is given up when it fails."""
        zygote = self._zygote()
        try:
            with SubmissionRun(zygote, submission, self._limit, first_look) as run:
                for exercise, cases in wanted:
                    yield run.outcome(exercise, cases)
        except TooSlow:
            self._idle.put(zygote)
            raise
        except BaseException:
            self._all.discard(zygote)
            zygote.close()
            raise
        self._idle.put(zygote)

    def stop(self) -> None:
        """End every process at once."""
        self._stopped = True
        for zygote in list(self._all):
            zygote.stop()

    def close(self) -> None:
        """End every process."""
        for zygote in list(self._all):
            zygote.close()

    def _zygote(self) -> Zygote:
        if self._stopped:
            raise GraderFault("the run was stopped")
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            zygote = Zygote(level=level(self.isolation.level), cuda=self._cuda)
            self._all.add(zygote)
            return zygote
