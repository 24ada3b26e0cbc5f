"""Diagnosis: the cause of a failure, as far as what was seen proves one.

A listed mistake is named where it alone gives all that was seen. Of several faults, mistakes are
told that together give all that is wrong in a probe; or a relation between your numbers and the
expected ones. A false cause is worse than none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from autograder.inside.observation import Observation
from autograder.judging.compare import differing, gaps
from autograder.judging.key import BESIDES, AnswerKey, Mistake
from autograder.judging.pairs import pairs_of, subjects
from autograder.judging.relations import related

# A feedback that calls the rest right is true only of code with no other fault.
_CALLS_RIGHT = re.compile(r"\b(is|are)( \w+ and)? right\b")
RAISED = "raised"  # the fact that is an exception, see compare.py

NOTHING = (
    "None comes back where a value is expected. Mostly a `return` is missing or is not reached, or "
    "what is returned is the result of print() or of a function that itself returns nothing."
)

NOT_RAISED = (
    "No {} leaves your code here, so its caller goes on. An exception that is only made, printed "
    "or returned stops nobody, nor does one that an `except` of yours catches. Look at whether "
    "this input reaches a `raise`, and at what becomes of it."
)
REFUSALS = ("ValueError", "KeyError", "IndexError", "TypeError")  # what tasks ask for

Fact: TypeAlias = tuple[int, str]  # the index of a case, and the name of a fact on it
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
    proved = seen.apart(sorted(filter(seen.proves, key.mistakes), key=seen.first_wrong))
    explained = {fact for mistake in proved for fact in seen.wrong_of(mistake)}
    others = [fact for fact in seen.wrong if fact not in explained]
    unexplained = seen.probes_of(fact for fact in others if fact[1] not in (RAISED, *BESIDES))
    proved = [one for one in proved if not seen.own_probes(one) & unexplained]
    if proved and not others:
        return _named(proved)
    relation = _relation(seen)
    if proved and (observed[seen.most_telling].raised is None or seen.tells(proved[0])):
        first = f"At least this: {proved[0].feedback}"
        if not seen.tells(proved[0]):
            first = f"{relation}\nBesides this difference: {proved[0].feedback}".lstrip()
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
    compared: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def equals(self, mistake: Mistake) -> bool:
        """Say whether a mistake looks the same on every case."""
        return not any(self._differences(mistake, index) for index in self.ran)

    def proves(self, mistake: Mistake) -> bool:
        """Say whether all that a mistake gets wrong is seen, as of no other mistake, and whether
        its feedback is true beside other faults, too.

        A case that ends in an exception, or early, hides facts, but never the mistake's first one.
        """
        own = self.wrong_of(mistake)
        shown, probes = self._shown(own), self.own_probes(mistake)
        if not own or _CALLS_RIGHT.search(mistake.feedback) or shown[:1] != list(own)[:1]:
            return False
        if not self._rivals(mistake, shown, probes):
            return False
        others = (one for one in self.key.mistakes if one is not mistake)
        return not any(self._rivals(one, shown, probes) for one in others)

    def apart(self, mistakes: Sequence[Mistake]) -> list[Mistake]:
        """Leave out mistakes that get the same fact of a probe wrong, each on cases of its own: the
        opposite of what was asked looks like both, and is neither."""
        places = Counter(place for one in mistakes for place in self._places(one))
        return [one for one in mistakes if all(places[p] == 1 for p in self._places(one))]

    @cached_property
    def wrong(self) -> dict[Fact, int]:
        """What is wrong, in its order."""
        right = self.key.expected
        found = [
            (index, fact)
            for index in self.ran
            for fact in differing(self.observed[index], right[index], self.key.cases[index].dtype)
        ]
        return {pair: place for place, pair in enumerate(dict.fromkeys(found))}

    def wrong_of(self, mistake: Mistake) -> dict[Fact, None]:
        """Return what a mistake gets wrong, in its order."""
        found = self.key.wrong_facts[mistake.slug]
        return {(index, fact): None for index in self.ran for fact in found[index]}

    def first_wrong(self, mistake: Mistake) -> int:
        """Return the place, among all that is wrong, of the first thing that a mistake is."""
        own = self.wrong_of(mistake)
        return min(place for pair, place in self.wrong.items() if pair in own)

    def tells(self, mistake: Mistake) -> bool:
        """Say whether the told gap, the first of the most telling case, is one of a mistake."""
        told = next(pair for pair in self.wrong if pair[0] == self.most_telling)
        return told in self.wrong_of(mistake)

    @cached_property
    def most_telling(self) -> int:
        """The first failed public case, or else the first failed one."""
        failed = {index for index, _ in self.wrong}
        return min(failed, key=lambda index: (self.key.cases[index].hidden, index))

    def _rivals(self, mistake: Mistake, shown: Sequence[Fact], probes: Set[str]) -> bool:
        """Say whether a mistake gives these facts, too, in these probes no unseen ones, and
        nothing wrong that is right here."""
        known = [*shown]
        for fact in self._shown(self.wrong_of(mistake)):
            if fact not in self.wrong or self.key.cases[fact[0]].probe in probes:
                known.append(fact)
        return not any(
            fact in differ or RAISED in differ
            for index, fact in known
            for differ in [self._differences(mistake, index)]
        )

    def _shown(self, wrong: Iterable[Fact]) -> list[Fact]:
        """Return what can be seen: a case that ends in an exception, or early, hides facts, and how
        far it came says nothing."""
        return [
            (index, fact)
            for index, fact in wrong
            if fact == RAISED
            or (fact in self.observed[index].facts and (fact not in BESIDES or self._ended(index)))
        ]

    def _ended(self, index: int) -> bool:
        """Say whether a case shows all the facts that are expected of it."""
        expected = self.key.expected[index]
        return expected is None or expected.facts.keys() <= self.observed[index].facts.keys()

    def _differences(self, mistake: Mistake, index: int) -> list[str]:
        """Return the facts of a case that a mistake shows otherwise; each is compared once."""
        place = mistake.slug, index
        if place not in self.compared:
            self.compared[place] = differing(
                self.observed[index], mistake.observations[index], self.key.cases[index].dtype
            )
        return self.compared[place]

    def _places(self, mistake: Mistake) -> set[tuple[str, str]]:
        return {
            (self.key.cases[index].probe, fact)
            for index, fact in self._shown(self.wrong_of(mistake))
            if fact in mistake.observations[index].facts and fact not in BESIDES
        }

    def own_probes(self, mistake: Mistake) -> set[str]:
        """Return the probes of what a mistake gets wrong; what is seen besides belongs to none."""
        own = self.wrong_of(mistake)
        return self.probes_of([fact for fact in own if fact[1] not in BESIDES] or own)

    def probes_of(self, facts: Iterable[Fact]) -> set[str]:
        """Return the probes that show some facts."""
        return {self.key.cases[index].probe for index, _ in facts}


def _relation(seen: _Seen) -> str:
    """Tell the relation that the first wrong numbers of the most telling case have on all cases."""
    index = seen.most_telling
    expected = seen.key.expected[index]
    assert expected is not None
    for gap in gaps(seen.observed[index], expected, seen.key.cases[index].dtype):
        if gap.yours is None and gap.aspect == "kind" and "[" not in gap.what:
            return NOTHING
        if gap.expected in REFUSALS and str(gap.yours).startswith("no exception"):
            return NOT_RAISED.format(gap.expected)
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
