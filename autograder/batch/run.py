"""A grading run: many submissions, some at a time; what is decided of each goes into the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from autograder.batch.grade import Grader
from autograder.batch.ledger import Attempt, Ledger, Policy
from autograder.batch.overrides import applied, overrides
from autograder.batch.result import Result, to_json
from autograder.cells.run import TooSlow
from autograder.inside.submission import Submission
from autograder.judging.verdict import Verdict


@dataclass(frozen=True)
class Graded:
    """What came of one name: the result that counts, and whether its marks are now the name's.

    They are not where the grader failed on what has a mark of an earlier run. `told` is the result
    as it is written, with the marks that were given by hand.
    """

    result: Result
    published: bool
    judged: int  # exercises that ran; the others were known
    told: Mapping[str, Any]


@dataclass(frozen=True)
class _Slow:
    """What is known of a submission that was put off: its hash, and how many of its verdicts were
    known before."""

    digest: str
    known: int


@dataclass(frozen=True)
class Run:
    """Grades submissions into a ledger.

    `checks` has the hash of what judges each exercise; `policy` says which of several submissions
    of a name counts; `again` judges even what is known. `every_name` looks at all names of the
    ledger, since the policy is a new one. `names` are those handed in so far.
    """

    grader: Grader
    ledger: Ledger
    checks: Mapping[str, str]
    policy: Policy = "latest"
    again: bool = False
    every_name: bool = False
    names: set[str] = field(default_factory=set)

    def grade(self, submissions: Iterable[Submission], workers: int) -> Iterator[Graded]:
        """Yield what came of each submission, in the order in which they are finished.

        After them come the submissions of earlier runs that other checks have judged, so that all
        marks of a ledger are by the same checks. Those that take long at a first look come last,
        so that no other waits for them. No more submissions are read than are being judged. When
        the caller stops, or is stopped, what is running is ended at once; what was decided is in
        the ledger.
        """
        slow = dict[int, _Slow]()
        stop = self.grader.observer.stop
        attempts = self._attempts(submissions)
        yield from _in_threads(workers, partial(self._first_look, slow), attempts, stop)
        one_of_each = {one.digest: number for number, one in slow.items()}.values()
        equal = slow.keys() - one_of_each  # what is decided of one is known of the others
        for numbers in (one_of_each, sorted(equal)):
            put_off = map(self.ledger.attempt, numbers)
            yield from _in_threads(workers, partial(self._second_look, slow), put_off, stop)

    def _attempts(self, submissions: Iterable[Submission]) -> Iterator[Attempt]:
        """Yield what is handed in, and then what other checks, or another policy, have judged."""
        for submission in submissions:
            self.names.add(submission.name)
            yield self.ledger.receive(submission)
        others = self.ledger.newest() if self.every_name else self.ledger.stale(self.checks)
        for attempt in map(self.ledger.attempt, others):
            if attempt.submission.name not in self.names:
                yield attempt

    def _first_look(self, slow: dict[int, _Slow], attempt: Attempt) -> Graded | None:
        """Grade a submission unless it is slow: then note it."""
        known = len(self._known(attempt))
        try:
            return self._graded(attempt, first_look=True)
        except TooSlow:
            slow[attempt.number] = _Slow(attempt.digest, known)
            return None

    def _second_look(self, slow: Mapping[int, _Slow], attempt: Attempt) -> Graded:
        """Grade a slow submission with the full limits."""
        graded = self._graded(attempt)
        return replace(graded, judged=len(graded.result.verdicts) - slow[attempt.number].known)

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
        if counts is not candidate and of_this.score is None:
            result = replace(result, notes=(*result.notes, _not_counted(of_this)))
        own = to_json(result, self.grader.keys, counts.submission)
        told = applied(own, overrides(self.ledger, name))
        published = self.ledger.publish(name, counts.digest, self.checks, told)
        return Graded(result, published, judged, told)

    def _result(self, attempt: Attempt, first_look: bool) -> tuple[Result, int]:
        known = self._known(attempt)
        decided = list[Verdict]()
        try:
            result = self.grader.grade(attempt.submission, known, decided.append, first_look)
        finally:  # also of one that is stopped, or slow and put off
            self.ledger.keep(attempt.digest, self.checks, decided)
        return result, len(result.verdicts) - len(known)

    def _known(self, attempt: Attempt) -> dict[str, Verdict]:
        return {} if self.again else self.ledger.verdicts(attempt.digest, self.checks)


def _not_counted(last: Result) -> str:
    """Tell that the last of several submissions does not count, since it has no score."""
    status, message = next((v.status, v.message) for v in last.verdicts.values() if v.score is None)
    return f"an earlier submission counts, the last one is {status}: {message}"


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
