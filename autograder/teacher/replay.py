"""Replay: run the case that a verdict tells of once more, and say whether the same comes out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from autograder.answers.ways import references, slow_parts
from autograder.batch.lend import with_lent
from autograder.batch.lookup import Mark
from autograder.cells.isolation import cuda_is_available
from autograder.cells.observer import LocalObserver, Observer
from autograder.cells.replies import Wanted
from autograder.course import Exercise
from autograder.inside.errors import UserError
from autograder.inside.observation import Observation
from autograder.inside.submission import Submission
from autograder.judging.compare import differing
from autograder.judging.evidence import Evidence
from autograder.judging.fingerprint import fingerprint
from autograder.judging.key import AnswerKey, Case
from autograder.teacher.beside import beside


def replay(out: Path, mark: Mark, level: str) -> Iterator[str]:
    """Yield whether the told case, run again alone, gives what was seen when it was graded.

    Raises UserError where no case is kept, it needs a GPU that is not here, or there is no such
    `level` here.
    """
    verdict = mark.verdict
    if verdict is None or verdict.evidence is None:
        raise UserError(
            "no case is kept that could be run again; `descent grade --again` judges all"
        )
    case, exercise = verdict.evidence.case, verdict.exercise
    if case.device == "cuda" and not cuda_is_available():
        raise UserError("the case is for CUDA, and there is no GPU here")
    submission = with_lent(mark.attempt.submission, verdict.lent)
    warm, covered = slow_parts([exercise]), [str(out.absolute())]
    observer = LocalObserver(level, case.device == "cuda", warm=warm, covered=covered)
    with closing(observer):
        now = _seen(observer, submission, exercise, case)
        reference = _seen(observer, references([exercise.module]), exercise, case)
        level = observer.isolation.level
    if isinstance(now, str) or isinstance(reference, str):
        yield f"replay    at level {level}, nothing was seen this time: {now}"
        return
    yield from _compared(verdict.evidence, replace(verdict.evidence, observed=now), level)
    if differing(reference, verdict.evidence.expected, case.dtype):
        yield "replay    the reference gives something else, too: the kit or its versions changed"


def _seen(
    observer: Observer, submission: Submission, exercise: Exercise, case: Case
) -> Observation | str:
    """Return what is seen on one case alone, or why nothing is."""
    (outcome,) = observer.outcomes(submission, [Wanted(exercise, [case.request()])])
    return outcome.observations[0] if outcome.observations else outcome.trouble or "a stub"


def _compared(then: Evidence, now: Evidence, level: str) -> Iterator[str]:
    before, after = _fingerprint(then), _fingerprint(now)
    if before == after:
        yield f"replay    at level {level}, the same comes out: {after} of this case"
        return
    yield f"replay    at level {level}, something else comes out: {after}, when graded {before}:"
    yield from beside(now.observed, then.observed, then.case.dtype, ("now", "then"))


def _fingerprint(evidence: Evidence) -> str:
    """Return the fingerprint of what is wrong in one case."""
    key = AnswerKey((evidence.case,), lambda: (evidence.expected,))
    return fingerprint(key, [evidence.observed], [0])
