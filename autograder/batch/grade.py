"""Judge submissions: what an observer saw of them, compared with the answer keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from autograder.batch import lend
from autograder.batch.result import Result
from autograder.cells.host import GraderFault
from autograder.cells.observer import LevelMoved, Observer, Stopped
from autograder.cells.replies import Wanted
from autograder.cells.run import TooSlow
from autograder.course import Assignment, Exercise
from autograder.inside.errors import UserError
from autograder.inside.limits import TRIES
from autograder.inside.submission import Submission
from autograder.inside.words import printable
from autograder.judging.key import AnswerKey
from autograder.judging.verdict import Verdict, judge, settle


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

        `keep` is told of each verdict when it is made. Whatever else fails in the grader gives
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
                for verdict in self._with_lent(submission, decided, first_look):
                    keep(verdict)
                    decided[verdict.exercise.name] = verdict
                break
            except (UserError, LevelMoved, TooSlow, Stopped):  # a broken probe, a full disk
                raise
            except Exception as fault:
                if not left:
                    missing = (e for e in wanted if e.name not in decided)
                    decided |= {e.name: _error(e, fault) for e in missing}
        # what is known is of the kit's exercises, which an assignment may give other points
        ordered = {e.name: replace(decided[e.name], exercise=e) for e in self.assignment.exercises}
        isolation = self.observer.isolation.to_json()
        notes = [*submission.notes, *(note for v in ordered.values() for note in v.notes)]
        return Result(submission.name, settle(ordered), isolation, tuple(dict.fromkeys(notes)))

    def _with_lent(
        self, submission: Submission, decided: Mapping[str, Verdict], first_look: bool
    ) -> Iterator[Verdict]:
        """Judge again what fails and lacks what it builds on, with the kit's own in that place."""
        for names, concerned in lend.lacking(submission, decided).items():
            lent = lend.with_lent(submission, names)
            for verdict in self._verdicts(lent, concerned, first_look):
                gap = "; ".join(filter(None, (verdict.gap, lend.told(names))))
                yield replace(verdict, gap=gap, lent=names)

    def _verdicts(
        self, submission: Submission, wanted: Iterable[Exercise], first_look: bool
    ) -> Iterator[Verdict]:
        if submission.fault:
            raise GraderFault(f"it could not be read: {submission.fault}")
        asked = []
        for exercise in wanted:
            if why := submission.problem or submission.problems.get(exercise.module):
                not_run = ("not_run",) * len(self.keys[exercise.name].cases)
                yield Verdict(exercise, "unreadable", None, gap=printable(why), probes=not_run)
            else:
                asked.append(exercise)
        if not asked:
            return
        for exercise in asked:  # before anything of the submission runs, the references are seen
            _ = self.keys[exercise.name].expected
        requests = [Wanted(e, self.keys[e.name].requests) for e in asked]
        outcomes = self.observer.outcomes(submission, requests, first_look)
        for exercise, outcome in zip(asked, outcomes, strict=True):
            yield judge(exercise, self.keys[exercise.name], outcome)


def _error(exercise: Exercise, fault: Exception) -> Verdict:
    text = f"the grader failed, not the submission: {type(fault).__name__}: {fault}"
    return Verdict(exercise, "error", None, gap=text)
