"""The laboratory: what changed code does is seen in cells, on one small given per exercise."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.answers.keys import answer_keys, cases
from autograder.cells.observer import Observer
from autograder.cells.replies import Wanted
from autograder.course import Exercise, givens
from autograder.inside.errors import DescentError
from autograder.inside.observation import Observation
from autograder.inside.submission import Submission
from autograder.judging.compare import differing
from autograder.judging.key import AnswerKey, Case
from autograder.teacher.viva.code import Code

LIMIT_S = 1.0  # of processor time for one look: a changed loop may never end
MOST_LOOKS = 70  # at changed code, of one student: ten seconds of processor time
SIZES = {"n": 4, "n_in": 3, "n_out": 2}  # three that a transposed tensor does not hide
MOST_ROWS = 10


class OutOfLooks(DescentError):
    """So much was tried that the questions found so far have to do."""


@dataclass(frozen=True)
class Scene:
    """An exercise's code on one given: `before` is what is seen of it unchanged."""

    code: Code
    case: Case
    before: Observation

    def with_given(self, **entries: Any) -> Case:
        """Return the case with other entries of its given."""
        return Case(self.case.probe, {**self.case.given, **entries})


class Lab:
    """Looks at submissions in cells of an observer, so many times at most.

    What passes, the hidden cases of `secret` decide.
    """

    def __init__(self, observer: Observer, secret: bytes) -> None:
        self._observer = observer
        self._secret = secret
        self._keys: dict[str, AnswerKey] = {}
        self._left = MOST_LOOKS

    def scene(self, code: Code, rng: random.Random) -> Scene | None:
        """Return the scene of an exercise, without work at module level if that is not needed; None
        where two cells do not see the same of it."""
        case = _small_case(code.exercise, rng)
        first = self.look(code.submission, code, case)
        if first is None or first.raised:
            return None
        same = (one for one in (code.brief, code) if self.again(one.submission, one, case, first))
        return next((Scene(one, case, first) for one in same), None)

    def passes(self, submission: Submission, code: Code) -> bool:
        """Say whether a submission passes all cases of an exercise, those of the grade."""
        if code.exercise.name not in self._keys:
            self._keys |= answer_keys([code.exercise], self._observer, self._secret)
        key = self._keys[code.exercise.name]
        seen = self._look_at_all(submission, code, key.cases)
        pairs = zip(key.cases, seen, key.expected, strict=False)
        wrong = any(differing(one, right, case.dtype) for case, one, right in pairs if right)
        return bool(seen) and not wrong

    def look(self, submission: Submission, code: Code, case: Case) -> Observation | None:
        """Return what is seen of an exercise on a case; None where a limit is hit or it is gone.

        Raises OutOfLooks.
        """
        seen = self._look_at_all(submission, code, [case])
        return seen[0] if seen else None

    def _look_at_all(
        self, submission: Submission, code: Code, wanted: Sequence[Case]
    ) -> tuple[Observation, ...]:
        """Return what is seen on several cases, in one cell; nothing where a limit is hit."""
        if not self._left:
            raise OutOfLooks
        self._left -= 1
        requests = [case.request() for case in wanted]
        (outcome,) = self._observer.outcomes(submission, [Wanted(code.exercise, requests)])
        return outcome.observations

    def again(self, submission: Submission, code: Code, case: Case, seen: Observation) -> bool:
        """Say whether another cell sees the same: what hangs on chance has no answer."""
        second = self.look(submission, code, case)
        return second is not None and not differing(second, seen, case.dtype)


def _small_case(exercise: Exercise, rng: random.Random) -> Case:
    """Draw a small public case of the first probe, in float64 on the CPU, with sizes that differ if
    they can; the first case where there is none."""
    probe, rows = next(iter(givens(exercise).items()))
    public = [case for case in cases(exercise) if case.probe == probe][: len(rows["public"])]
    case = rng.choice([c for c in public if c.device == "cpu" and _is_small(c)] or public[:1])
    if SIZES.keys() <= case.given.keys() and "w" not in case.given:
        return Case(case.probe, {**case.given, **SIZES})
    return case


def _is_small(case: Case) -> bool:
    given = case.given
    few = given.get("n", 2) <= MOST_ROWS and given.get("rows", 5) <= MOST_ROWS
    return few and case.dtype == "float64" and "scale" not in given
