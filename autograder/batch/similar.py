"""Similar: answers of a class that share more code than chance and custom explain.

What the stubs say is no evidence, nor is an idiom: what the references say, too, and many of the
class. What is left of two answers to one exercise is compared, if it is long enough. It is advice
about where to look, and has no part in any mark.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.answers.ways import solution
from autograder.batch.tokens import pieces, runs, tokens
from autograder.course import Exercise
from autograder.inside import ROOT
from autograder.inside.submission import Submission
from autograder.inside.syntax import bound_by, parse

# Of the right ways to do an exercise in tests/course, no two share more than 0.62. A token that is
# changed costs RUN runs: a copy is told until one token in 24 is changed.
ALIKE = 0.75  # the share of the smaller answer's runs from which on a pair is told
LEAST = 50  # runs that have to be left of an answer
CUSTOM = 0.25  # the share of the class that makes an idiom of what a reference says
FEWEST = 3  # of the class that make an idiom
MAX_CHARACTERS = 2**17  # of a submission; the references of all modules together have fewer
HELPERS = "own functions"  # in place of an exercise: all else that a submission defines


@dataclass(frozen=True)
class Answer:
    """What a name has written for an exercise: its lines, and the runs that are left."""

    name: str
    lines: tuple[str, ...]
    runs: frozenset[int]


@dataclass(frozen=True)
class Link:
    """Two answers to an exercise that are alike: `shared` runs are `share` of the smaller one's."""

    exercise: str
    answers: tuple[Answer, Answer]
    shared: frozenset[int]
    share: float


@dataclass(frozen=True)
class Pair:
    """Two names, and all exercises in which they are alike, the longest first."""

    names: tuple[str, str]
    links: tuple[Link, ...]

    @property
    def shared(self) -> int:
        """How many runs they share."""
        return sum(len(link.shared) for link in self.links)


@dataclass(frozen=True)
class Cluster:
    """Names that are alike, each with at least one other; the pairs that share most come first."""

    names: tuple[str, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Similar:
    """What was found: clusters, those that share most first; the exercises without two answers
    that are long enough; the names of which a part was too long to be looked at."""

    clusters: tuple[Cluster, ...]
    too_short: tuple[str, ...]
    too_long: tuple[str, ...]


class Reader:
    """Reads the answers to some exercises as runs, without what the stubs say."""

    def __init__(self, chosen: Sequence[Exercise]) -> None:
        self.exercises = tuple(one.name for one in chosen)
        self._exercise = {own: one.name for one in chosen for own in one.names}
        modules = dict.fromkeys(one.module for one in chosen)
        stubs = [(ROOT / "exercises" / f"{m}.py").read_text(encoding="utf-8") for m in modules]
        self.known = frozenset().union(*(bound_by(parse(text).body) for text in stubs))
        self._given = self._runs_of(stubs)
        self.references = self._runs_of(map(solution, modules))

    def answers(self, submission: Submission) -> tuple[dict[str, Answer], bool]:
        """Return the answers of a submission by exercise, and whether all of it was looked at."""
        lines, found = defaultdict[str, list[str]](list), defaultdict[str, set[int]](set)
        room = MAX_CHARACTERS
        for source in submission.sources.values():
            for piece in pieces(source.text[:room]):
                if piece.name:
                    exercise = self._exercise.get(piece.name, HELPERS)
                    lines[exercise] += ("", *piece.lines) if lines[exercise] else piece.lines
                    found[exercise].update(runs(tokens(piece.lines, self.known)))
            room = max(0, room - len(source.text))
        whole = sum(len(source.text) for source in submission.sources.values()) <= MAX_CHARACTERS
        return {
            exercise: Answer(submission.name, tuple(lines[exercise]), frozenset(own - self._given))
            for exercise, own in found.items()
        }, whole

    def _runs_of(self, texts: Iterable[str]) -> frozenset[int]:
        return frozenset(
            run
            for text in texts
            for piece in pieces(text)
            for run in runs(tokens(piece.lines, self.known))
        )


def compare(submissions: Iterable[Submission], reader: Reader) -> Similar:
    """Compare the answers of a class, one submission for each name."""
    given = defaultdict[str, list[Answer]](list)
    too_long = []
    for submission in submissions:
        answers, whole = reader.answers(submission)
        too_long += [] if whole else [submission.name]
        for exercise, answer in answers.items():
            given[exercise].append(answer)
    links, too_short = list[Link](), []
    for exercise in (*reader.exercises, HELPERS):
        left = [a for a in _without_idioms(given[exercise], reader.references) if _is_long(a)]
        if len(left) < 2 <= len(given[exercise]) and exercise != HELPERS:
            too_short.append(exercise)
        links += _links(exercise, left)
    return Similar(clusters(links), tuple(too_short), tuple(too_long))


def _is_long(answer: Answer) -> bool:
    return len(answer.runs) >= LEAST


def _without_idioms(answers: Sequence[Answer], references: Collection[int]) -> list[Answer]:
    counts = Counter(run for answer in answers for run in answer.runs)
    many = max(FEWEST, CUSTOM * len(answers))
    idioms = {run for run, count in counts.items() if count >= many and run in references}
    return [Answer(one.name, one.lines, one.runs - idioms) for one in answers]


def _links(exercise: str, answers: Sequence[Answer]) -> Iterator[Link]:
    """Yield the pairs of answers that are alike.

    An answer is compared only with those that share one of its rarest runs: of two that are alike,
    the smaller one has so few that are not shared that these cannot all be among them.
    """
    ordered = sorted(answers, key=lambda one: (len(one.runs), one.name))
    holders = defaultdict[int, list[int]](list)
    for index, answer in enumerate(ordered):
        for run in answer.runs:
            holders[run].append(index)
    for index, answer in enumerate(ordered):
        rarest = sorted(answer.runs, key=lambda run: len(holders[run]))
        own = rarest[: int((1 - ALIKE) * len(rarest)) + 1]
        for other in sorted({n for run in own for n in holders[run] if n > index}):
            shared = answer.runs & ordered[other].runs
            if (share := len(shared) / len(answer.runs)) >= ALIKE:
                first, second = sorted((answer, ordered[other]), key=lambda one: one.name)
                yield Link(exercise, (first, second), shared, share)


def clusters(links: Iterable[Link]) -> tuple[Cluster, ...]:
    """Put together what is alike, directly or by others between."""
    linked = defaultdict[tuple[str, str], list[Link]](list)
    for link in links:
        linked[link.answers[0].name, link.answers[1].name].append(link)
    pairs = [
        Pair(names, tuple(sorted(own, key=lambda link: -len(link.shared))))
        for names, own in linked.items()
    ]
    pairs.sort(key=lambda pair: (-pair.shared, pair.names))
    first = _connected(linked)
    together = defaultdict[str, list[Pair]](list)
    for pair in pairs:
        together[first[pair.names[0]]].append(pair)
    return tuple(
        Cluster(tuple(sorted({name for pair in own for name in pair.names})), tuple(own))
        for own in together.values()
    )


def _connected(edges: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return, for each name, the one that stands for all names connected with it."""
    members: dict[str, list[str]] = {}
    for one, other in edges:
        ours, theirs = members.setdefault(one, [one]), members.setdefault(other, [other])
        if ours is not theirs:
            ours += theirs
            members |= dict.fromkeys(theirs, ours)
    return {name: own[0] for name, own in members.items()}
