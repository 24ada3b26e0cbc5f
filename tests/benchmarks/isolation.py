"""What each level costs per submission: `python -m tests.benchmarks.isolation [ROUNDS]`.

Grades the reference solutions of the core at every level in turn, so that a busy machine slows all
of them alike, and prints the median seconds and the median of the ratios to level basic.
"""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import ExitStack, closing

from autograder.answers.keys import answer_keys
from autograder.batch.grade import Grader
from autograder.batch.intake import read
from autograder.cells.isolation import LevelError
from autograder.cells.observer import LocalObserver
from autograder.course import assignment, modules
from autograder.inside import ROOT

CORE = assignment("core")


def main(rounds: int) -> None:
    """Measure and print a line per level."""
    reference = read(ROOT / "solutions", modules())
    seconds: dict[str, list[float]] = {}
    with ExitStack() as stack:
        graders = {}
        for level in ("basic", "container", "full"):
            try:
                observer = stack.enter_context(closing(LocalObserver(level)))
                keys = answer_keys(CORE.exercises, observer, b"benchmark")
                graders[level] = Grader(CORE, keys, observer)
            except LevelError as error:
                print(f"{level:<10} not measured: {error}")
        for index in range(rounds + 1):
            for level, grader in graders.items():
                start = time.perf_counter()
                score = grader.grade(reference).score
                took = time.perf_counter() - start
                assert score == sum(exercise.points for exercise in CORE.exercises)
                if index:  # the first round warms the caches
                    seconds.setdefault(level, []).append(took)
    for level, times in seconds.items():
        ratios = [own / base for own, base in zip(times, seconds["basic"], strict=True)]
        spread = f"{min(times):.3f} to {max(times):.3f}"
        print(
            f"{level:<10} {statistics.median(times):.3f} s a submission ({spread}), "
            f"{statistics.median(ratios):.2f} times basic"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
