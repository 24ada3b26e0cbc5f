"""What fewer cases would cost: `python -m tests.benchmarks.fewer_cases [MODULE ...]`.

Of all that is known to be wrong of an exercise (ways, mistakes, mutants) one half, drawn at random,
chooses cases: the dearest are dropped first, as long as each piece of this half still fails some
cases, a public one where it did, and each probe keeps a public and a hidden case where it has them.
The other half stands for answers that nobody has written yet.
"""

from __future__ import annotations

import random
import statistics
import sys
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias

from autograder.answers.ways import constant, slow_parts, submission_with
from autograder.cells.observer import LocalObserver, processors
from autograder.course import Exercise, assignment, givens
from autograder.inside.warm import OPTIMIZERS
from autograder.judging.verdict import Verdict
from autograder.teacher.mutants import mutants
from autograder.teacher.quality import LIMIT_S, SECRET, Module, Quality

from . import report
from .probes import looks, whole

FAILED = (1, 2, 3, 4)  # cases that each piece of the half that chooses is to fail
DRAWS = 5
ROUNDS = 5

Row: TypeAlias = tuple[str, str, int]  # of a case: its probe, `public` or `hidden`, its place
Rows: TypeAlias = Collection[Row]


@dataclass(frozen=True)
class Known:
    """What is known of an exercise: the milliseconds that each case takes on the reference, and the
    cases that each wrong piece fails."""

    took: dict[Row, float]
    wrong: list[frozenset[Row]]

    def chosen(self, wrong: Sequence[frozenset[Row]], least: int) -> set[Row]:
        """Return the cases that are left once all are dropped that can be."""
        kept = set(self.took)
        for row in sorted(kept, key=lambda row: -self.took[row]):
            if self._suffice(kept - {row}, wrong, least):
                kept.remove(row)
        return kept

    def _suffice(self, kept: set[Row], wrong: Sequence[frozenset[Row]], least: int) -> bool:
        return _sides(kept) == _sides(self.took) and all(
            len(failed & kept) >= min(least, len(failed))
            and _is_seen(failed & kept) is _is_seen(failed)
            for failed in wrong
        )


def _sides(rows: Rows) -> set[tuple[str, str]]:
    return {row[:2] for row in rows}


def _is_seen(failed: Rows) -> bool:
    """Say whether the author of a wrong piece sees a case fail at the desk."""
    return any(side == "public" for _, side, _ in failed)


def rows_of(exercise: Exercise, *sides: str) -> list[Row]:
    """Return the cases of an exercise in the order of a key."""
    return [
        (probe, side, place)
        for probe, rows in givens(exercise).items()
        for side in sides
        for place in range(len(rows.get(side, ())))
    ]


def verdicts(judges: Quality, exercise: Exercise) -> Iterator[Verdict]:
    """Judge all that is known to be wrong of an exercise."""
    for kind in ("wrong", "mistake", "restated"):
        yield from (verdict for _, verdict in judges._judged(Module(exercise.module), kind))
    made = [one for one in mutants(exercise) if one.key not in constant(exercise, "EXCUSED")]
    wanted = ((one, exercise, submission_with(exercise.module, one.text)) for one in made)
    yield from (verdict for _, verdict in judges._run(wanted))


def known(exercise: Exercise, observer: LocalObserver, pool: ThreadPoolExecutor) -> Known:
    """Judge, and measure, an exercise."""
    rows = rows_of(exercise, "public", "hidden", "hidden")  # the hidden ones with the desk's, too
    wrong = []
    for verdict in verdicts(Quality(observer, pool, [exercise], SECRET), exercise):
        results = zip(rows, verdict.probes, strict=True)
        wrong.append(frozenset(row for row, status in results if status == "fail"))
    own = zip(rows_of(exercise, "public", "hidden"), looks(exercise), strict=True)
    took = {row: min(whole(look) for _ in range(ROUNDS + 1)) for row, look in own}
    return Known(took, [*filter(None, wrong)])


def chosen_by_a_half(every: Sequence[Known], least: int, draw: random.Random) -> tuple[float, ...]:
    """Return how many cases are left, their milliseconds, and the share of the other half, in
    percent, that fails none of them."""
    count, took, others, missed = 0, 0.0, 0, 0
    for one in every:
        drawn = draw.sample(one.wrong, len(one.wrong))
        half = len(drawn) // 2
        kept = one.chosen(drawn[:half], least)
        count += len(kept)
        took += sum(one.took[row] for row in kept)
        others += len(drawn) - half
        missed += sum(not wrong & kept for wrong in drawn[half:])
    return count, took / len(every), 100 * missed / others


def main(names: Sequence[str]) -> None:
    """Measure, print, write."""
    exercises = [e for e in assignment("course").exercises if not names or e.module in names]
    warm = (*OPTIMIZERS, *slow_parts(exercises))
    observer = LocalObserver("basic", limit=LIMIT_S, warm=warm)
    with closing(observer), ThreadPoolExecutor(processors()) as pool:
        every = [known(exercise, observer, pool) for exercise in exercises]
    cases = sum(len(one.took) for one in every)
    mean = statistics.mean(sum(one.took.values()) for one in every)
    lines: list[tuple[object, ...]] = [("all", cases, f"{mean:.1f}", "0")]
    for least in FAILED[::-1]:
        found = [chosen_by_a_half(every, least, random.Random(seed)) for seed in range(DRAWS)]
        count, took, missed = map(statistics.mean, zip(*found, strict=True))
        lines.append((least, f"{count:.0f}", f"{took:.1f}", f"{missed:.1f}"))
    alone = {row for one in every for failed in one.wrong if len(failed) == 1 for row in failed}
    head = ("cases failed, at least", "cases", "ms an exercise", "not caught of the others, %")
    text = report.table(head, lines) + (
        f"\n{sum(len(one.wrong) for one in every):,} wrong pieces, halved {DRAWS} times; "
        f"{len(alone)} cases catch one alone; {report.machine()}.\n"
    )
    report.write("fewer_cases", text)


if __name__ == "__main__":
    main(sys.argv[1:])
