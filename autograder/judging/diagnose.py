"""Diagnosis: the cause of a failure, as far as what was seen proves one.

A listed mistake is named where it alone gives all that was seen; or what of it one probe proves is
told; or a relation between your numbers and the expected ones. A false cause is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from autograder.inside.observation import Observation
from autograder.judging.compare import compare, gaps
from autograder.judging.key import AnswerKey, Mistake
from autograder.judging.pairs import pairs_of, subjects
from autograder.judging.relations import related

# A feedback that calls the rest right is true only of code with no other fault.
_CALLS_RIGHT = re.compile(r"\b(is|are)( \w+ and)? right\b")

Kind: TypeAlias = Literal["named", "at_least", "related", "error", "none"]


@dataclass(frozen=True)
class Cause:
    """What is known of a cause: how well, the names of mistakes, and what the student reads.

    `named`: listed mistakes that are all that is wrong; `at_least`: a listed mistake, and more is
    wrong; `related`: a relation of numbers; `error`: an exception whose cause is known.
    """

    kind: Kind = "none"
    slugs: tuple[str, ...] = ()
    text: str = ""


def diagnose(key: AnswerKey, observed: Sequence[Observation], ran: Sequence[int]) -> Cause:
    """Return the cause of a failure, from what was seen on the cases that ran."""
    seen = _Seen(key, observed, ran)
    if same := [mistake for mistake in key.mistakes if seen.equals(mistake)]:
        return _named(same) if len(same) == 1 else Cause()
    proved = sorted(filter(seen.proves, key.mistakes), key=seen.first_failure)
    explained = {probe for mistake in proved for probe in seen.failed(mistake.observations)}
    if proved and explained == seen.failed(observed):
        return _named(proved)
    relation = _relation(seen)
    if proved and (observed[seen.most_telling].raised is None or seen.tells(proved[0])):
        first = f"At least this: {proved[0].feedback}"
        if not seen.tells(proved[0]):
            first = f"{relation}\nBesides: {proved[0].feedback}".lstrip()
        return Cause("at_least", (proved[0].slug,), first)
    return Cause("related", text=relation) if relation else Cause()


def _named(mistakes: Sequence[Mistake]) -> Cause:
    """Return the cause that mistakes are, the one to mend first first."""
    slugs = tuple(mistake.slug for mistake in mistakes)
    return Cause("named", slugs, "\n".join(mistake.feedback for mistake in mistakes))


@dataclass(frozen=True)
class _Seen:
    """What was seen of a submission, on the cases with the indices `ran`."""

    key: AnswerKey
    observed: Sequence[Observation]
    ran: Sequence[int]

    def equals(self, mistake: Mistake, probe: str | None = None) -> bool:
        """Say whether a mistake looks the same: to one probe, or to all of them."""
        return all(
            compare(self.observed[i], mistake.observations[i], self.key.cases[i].dtype) is None
            for i in self.ran
            if probe in (None, self.key.cases[i].probe)
        )

    def proves(self, mistake: Mistake) -> bool:
        """Say whether every probe that a mistake fails sees just that, as of no other mistake, and
        whether its feedback is true beside other faults, too."""
        failed = self.failed(mistake.observations)
        if not failed or _CALLS_RIGHT.search(mistake.feedback):
            return False
        return all(
            [one for one in self.key.mistakes if self.equals(one, probe)] == [mistake]
            for probe in failed
        )

    def failed(self, observations: Sequence[Observation]) -> set[str]:
        """Return the probes that an implementation fails."""
        return {self.key.cases[index].probe for index in self._wrong(observations)}

    def first_failure(self, mistake: Mistake) -> int:
        """Return the index of the first case that a mistake fails."""
        return min(self._wrong(mistake.observations), default=len(self.ran))

    def tells(self, mistake: Mistake) -> bool:
        """Say whether the most telling case is one that a mistake fails."""
        return self.most_telling in self._wrong(mistake.observations)

    @cached_property
    def most_telling(self) -> int:
        """The first failed public case, or else the first failed one."""
        cases = self.key.cases
        return min(self._wrong(self.observed), key=lambda index: (cases[index].hidden, index))

    def _wrong(self, observations: Sequence[Observation]) -> list[int]:
        expected = self.key.expected
        return [
            index
            for index in self.ran
            if (right := expected[index]) is not None
            and compare(observations[index], right, self.key.cases[index].dtype) is not None
        ]


def _relation(seen: _Seen) -> str:
    """Tell the relation that the first wrong numbers of the most telling case have on all cases."""
    index = seen.most_telling
    expected = seen.key.expected[index]
    assert expected is not None
    for gap in gaps(seen.observed[index], expected, seen.key.cases[index].dtype):
        found = [_relation_of(subject, seen) for subject in subjects(gap.what)]
        if any(relation is not None for relation in found):
            return next(filter(None, found), "")
    return ""


def _relation_of(subject: str, seen: _Seen) -> str | None:
    """Tell the relation of a fact; empty where there is none, None where it has no numbers."""
    key, ran = seen.key, seen.ran
    pairs = pairs_of(
        subject,
        [key.cases[index] for index in ran],
        [seen.observed[index] for index in ran],
        [key.expected[index] for index in ran],
    )
    if not pairs or not (found := related(pairs)):
        return "" if pairs else None
    wrong = sum(pair.differs for pair in pairs)
    which = f"each of the {wrong} cases that differ"
    if wrong == len(pairs):
        which = "both cases" if wrong == 2 else f"all {wrong} cases"
    where = f", on {which}" if wrong > 1 else ""
    return f"Your {subject.replace(' {}', '')}: {found[1]}{where}."
