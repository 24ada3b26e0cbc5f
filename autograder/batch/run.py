"""A grading run: many submissions, some at a time, every verdict into the ledger at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from autograder.batch.grade import Grader
from autograder.batch.ledger import Attempt, Ledger, Moved
from autograder.batch.result import Result
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

        No more submissions are read than are being judged. When the caller stops, or is stopped,
        what is running is ended at once; what was decided is in the ledger.
        """
        running = set[Future[Graded]]()
        pool = ThreadPoolExecutor(workers)
        try:
            for submission in submissions:
                running.add(pool.submit(self._graded, submission))
                if len(running) > workers:
                    yield from self._finished(running)
            while running:
                yield from self._finished(running)
        finally:
            if running:
                self.grader.observer.stop()
            pool.shutdown(cancel_futures=True)

    def _finished(self, running: set[Future[Graded]]) -> Iterator[Graded]:
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            running.remove(future)
            yield future.result()

    def _graded(self, submission: Submission) -> Graded:
        attempt = self.ledger.receive(submission)
        attempts = [attempt] if self.policy == "latest" else self.ledger.attempts(submission.name)
        counts, result, judged = attempt, None, 0
        for candidate in attempts:
            of_this, ran = self._result(candidate)
            judged += ran
            if result is None or (of_this.score or 0) >= (result.score or 0):
                counts, result = candidate, of_this
        assert result is not None
        moved = self.ledger.publish(result.submission, counts.digest, self.checks, result.verdicts)
        return Graded(result, moved, judged)

    def _result(self, attempt: Attempt) -> tuple[Result, int]:
        known = {} if self.again else self.ledger.verdicts(attempt.digest, self.checks)
        keep = partial(self.ledger.keep, attempt.digest, self.checks)
        result = self.grader.grade(attempt.submission, known, keep)
        return result, len(result.verdicts) - len(known)
