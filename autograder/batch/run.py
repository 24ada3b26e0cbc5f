"""A grading run: many submissions, some at a time, every verdict into the ledger at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeAlias

from autograder.batch.grade import Grader
from autograder.batch.ledger import Attempt, Ledger, Moved
from autograder.batch.result import Result
from autograder.cell.run import TooSlow
from autograder.judging.verdict import Verdict
from autograder.submission import Submission

Policy: TypeAlias = Literal["latest", "best"]


@dataclass(frozen=True)
class Graded:
    """What came of one name: the result that counts, and the marks that it moved."""

    result: Result
    moved: list[Moved]
    judged: int  # exercises that ran; the others were known


@dataclass(frozen=True)
class Run:
    """Grades submissions into a ledger.

    `checks` has the hash of what judges each exercise; `policy` says which of several submissions
    of a name counts; `again` judges even what is known.
    """

    grader: Grader
    ledger: Ledger
    checks: Mapping[str, str]
    policy: Policy = "latest"
    again: bool = False

    def grade(self, submissions: Iterable[Submission], workers: int) -> Iterator[Graded]:
        """Yield what came of each submission, in the order in which they are finished.

        Those that take long at a first look come last, so that no other waits for them. No more
        submissions are read than are being judged. When the caller stops, or is stopped, what is
        running is ended at once; what was decided is in the ledger.
        """
        slow = dict[int, int]()
        stop = self.grader.observer.stop
        received = map(self.ledger.receive, submissions)
        yield from _in_threads(workers, partial(self._first_look, slow), received, stop)
        put_off = map(self.ledger.attempt, slow)
        yield from _in_threads(workers, partial(self._second_look, slow), put_off, stop)

    def _first_look(self, slow: dict[int, int], attempt: Attempt) -> Graded | None:
        """Grade a submission unless it is slow: then note it, and how much of it was known."""
        known = len(self._known(attempt))
        try:
            return self._graded(attempt, first_look=True)
        except TooSlow:
            slow[attempt.number] = known
            return None

    def _second_look(self, slow: Mapping[int, int], attempt: Attempt) -> Graded:
        """Grade a slow submission with the full limits."""
        graded = self._graded(attempt)
        return replace(graded, judged=len(graded.result.verdicts) - slow[attempt.number])

    def _graded(self, attempt: Attempt, first_look: bool = False) -> Graded:
        name = attempt.submission.name
        attempts = [attempt] if self.policy == "latest" else self.ledger.attempts(name)
        counts, result, judged = attempt, None, 0
        for candidate in attempts:
            of_this, ran = self._result(candidate, first_look)
            judged += ran
            if result is None or (of_this.score or 0) >= (result.score or 0):
                counts, result = candidate, of_this
        assert result is not None
        moved = self.ledger.publish(result.submission, counts.digest, self.checks, result.verdicts)
        return Graded(result, moved, judged)

    def _result(self, attempt: Attempt, first_look: bool) -> tuple[Result, int]:
        known = self._known(attempt)
        keep = partial(self.ledger.keep, attempt.digest, self.checks)
        result = self.grader.grade(attempt.submission, known, keep, first_look)
        return result, len(result.verdicts) - len(known)

    def _known(self, attempt: Attempt) -> dict[str, Verdict]:
        return {} if self.again else self.ledger.verdicts(attempt.digest, self.checks)


def _in_threads(
    workers: int,
    work: Callable[[Attempt], Graded | None],
    attempts: Iterable[Attempt],
    stop: Callable[[], None],
) -> Iterator[Graded]:
    """Yield what is made of the attempts, as it is finished; `stop` ends what is left running."""
    running = set[Future[Graded | None]]()

    def finished() -> Iterator[Graded]:
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            running.remove(future)
            if graded := future.result():
                yield graded

    pool = ThreadPoolExecutor(workers)
    try:
        for attempt in attempts:
            running.add(pool.submit(work, attempt))
            if len(running) > workers:
                yield from finished()
        while running:
            yield from finished()
    finally:
        if running:
            stop()
        pool.shutdown(cancel_futures=True)
