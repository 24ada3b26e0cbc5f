"""Judge submissions: what an observer saw of them, compared with the answer keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.batch.ledger import LedgerError
from autograder.batch.observer import Observer, Stopped
from autograder.batch.result import Result
from autograder.catalogue import Assignment, Exercise
from autograder.cell.host import GraderFault
from autograder.cell.limits import TRIES
from autograder.cell.run import TooSlow
from autograder.judging.verdict import AnswerKey, Verdict, judge, settle
from autograder.observation import Outcome
from autograder.submission import Submission


@dataclass
class Grader:
    """Judges submissions of one assignment with the same keys, from several threads."""

    assignment: Assignment
    keys: Mapping[str, AnswerKey]
    observer: Observer

    def grade(
        self,
        submission: Submission,
        known: Mapping[str, Verdict] | None = None,
        keep: Callable[[Verdict], None] = lambda verdict: None,
        first_look: bool = False,
    ) -> Result:
        """Judge one submission, but for the exercises whose verdict is `known`.

        `keep` is told of each verdict when it is made. A fault of the grader, whichever, gives
        `error` after three tries, and is not kept; the other submissions go on. A `first_look`
        has little time and raises TooSlow, so that others need not wait for a loop without end.
        Raises Stopped when the observer was stopped; nothing is decided then.
        """
        decided = dict(known or {})
        for left in reversed(range(TRIES)):
            wanted = [e for e in self.assignment.exercises if e.name not in decided]
            try:
                for verdict in self._verdicts(submission, wanted, first_look):
                    keep(verdict)
                    decided[verdict.exercise.name] = verdict
                break
            except (LedgerError, TooSlow, Stopped):
                raise
            except Exception as fault:
                if not left:
                    missing = (e for e in wanted if e.name not in decided)
                    decided |= {e.name: _error(e, fault) for e in missing}
        ordered = {e.name: decided[e.name] for e in self.assignment.exercises}
        isolation = self.observer.isolation.to_json()
        return Result(submission.name, settle(ordered), isolation, submission.notes)

    def _verdicts(
        self, submission: Submission, wanted: Iterable[Exercise], first_look: bool
    ) -> Iterator[Verdict]:
        asked = list(wanted)
        if not asked:
            return
        if submission.fault:
            raise GraderFault(f"it could not be read: {submission.fault}")
        if submission.problem:
            trouble = Outcome(submission.name, trouble=submission.problem)
            yield from (judge(e, self.keys[e.name], trouble) for e in asked)
            return
        cases = [
            [{"probe": c.probe, "given": dict(c.given)} for c in self.keys[e.name].cases]
            for e in asked
        ]
        asked_for = list(zip(asked, cases, strict=True))
        outcomes = self.observer.outcomes(submission, asked_for, first_look)
        for exercise, outcome in zip(asked, outcomes, strict=True):
            yield judge(exercise, self.keys[exercise.name], outcome)


def default_workers() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _error(exercise: Exercise, fault: Exception) -> Verdict:
    told = f"the grader failed, not the submission: {type(fault).__name__}: {fault}"
    return Verdict(exercise, "error", None, gap=told)
