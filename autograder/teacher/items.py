"""Item analysis: the totals of a class, how difficult its exercises were, and what each tells."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from autograder.batch.standing import Standing, Student
from autograder.course import Exercise

BARS = 10  # of the totals
ENOUGH = 20  # submissions; with fewer, chance alone moves a correlation of 0 by 0.23 and more


@dataclass(frozen=True)
class Item:
    """One exercise in a class of `count` submissions that have a score for it.

    `difficulty` is the mean share of its points, from 0 (nobody) to 1 (everybody);
    `discrimination` the correlation of that share with the rest of the points. None where there
    are too few submissions, or no two differ. `statuses` counts all submissions.
    """

    exercise: Exercise
    count: int
    difficulty: float | None
    discrimination: float | None
    statuses: Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """A bar of the totals: from where to where, and how many have so many points."""

    text: str
    count: int


@dataclass(frozen=True)
class Totals:
    """The totals of a class; `without` counts the submissions that have none."""

    scores: Sequence[float]
    without: int
    most: float

    @classmethod
    def of(cls, students: Sequence[Student]) -> Totals:
        """Return the totals of a class."""
        scores = [student.score for student in students if student.score is not None]
        most = max((student.max_score for student in students), default=0.0)
        return cls(scores, len(students) - len(scores), most)

    @property
    def mean(self) -> float:
        """The mean of the totals."""
        return statistics.fmean(self.scores)

    @property
    def median(self) -> float:
        """The median of the totals."""
        return statistics.median(self.scores)

    @property
    def rows(self) -> list[Row]:
        """The bars, the best first; all points are a bar of their own."""
        limits = [self.most * part / BARS for part in range(BARS + 1)]
        below = [score for score in self.scores if score < self.most]
        rows = [
            Row(f"{low:g} to below {high:g}", sum(low <= score < high for score in below))
            for low, high in pairwise(limits)
        ]
        rows.append(Row(f"{self.most:g}", len(self.scores) - len(below)))
        return rows[::-1]

    @property
    def highest(self) -> int:
        """The count of the highest bar, at least 1."""
        return max(1, *(row.count for row in self.rows))


def items(students: Sequence[Student]) -> list[Item]:
    """Return the exercises of a class, in their order."""
    found: dict[str, list[tuple[Standing, Student]]] = {}
    for student in students:
        for name, standing in student.standings.items():
            found.setdefault(name, []).append((standing, student))
    return [_item(rows) for rows in found.values()]


def share(standing: Standing) -> float:
    """Return the share of an exercise's points that is earned, from 0 to 1; 0 without a score."""
    points = standing.exercise.points
    return (standing.score or 0.0) / points if points else 0.0


def discrimination(own: Sequence[float], rest: Sequence[float]) -> float | None:
    """Return the item-rest correlation: Pearson's r of the points of an exercise with those of all
    other exercises; None for fewer than ENOUGH submissions, or where no two differ in one of both.

    r = cov(own, rest) / (sd(own) sd(rest)). Where an exercise is only right or wrong, r is the
    point-biserial correlation. The exercise is left out of the total, with which it would correlate
    by itself (S. Henrysson, Correction of item-total correlations in item analysis, Psychometrika
    28, 1963).
    """
    if len(own) < ENOUGH or len(set(own)) < 2 or len(set(rest)) < 2:
        return None
    return statistics.correlation(own, rest)


def _item(rows: Sequence[tuple[Standing, Student]]) -> Item:
    scored = [
        (share(standing), student.score - standing.score)
        for standing, student in rows
        if standing.score is not None and student.score is not None
    ]
    own, rest = [one for one, _ in scored], [round(other, 2) for _, other in scored]
    return Item(
        rows[0][0].exercise,
        len(scored),
        statistics.fmean(own) if own else None,
        discrimination(own, rest),
        Counter(standing.status for standing, _ in rows),
    )
