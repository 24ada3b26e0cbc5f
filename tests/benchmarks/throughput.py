"""How fast a class is graded: `python -m tests.benchmarks.throughput`.

In each round, in turn: one loop over all probes of the core in a warm process (the floor),
`descent grade` on a class of right submissions and on a mixed class, and its peers on one
submission of each kind of the mixed class. What a run costs before it grades is taken out by a
smaller class. Prints and writes medians, spreads and ratios, and a plot.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt

from autograder.course import assignment
from autograder.inside import ROOT

from . import classroom, report
from .peers import Peers
from .probes import looks

CORE = assignment("core")
FEW = 20  # the smaller class; after about 10 submissions every worker is warm

LOOP = "all probes in one warm loop"
RIGHT = "`descent grade`, a right submission"
MIXED = "`descent grade`, a mixed class"
WHOLE = "the same with its start"
START = "its start, once"
PYTEST = "a `pytest` process each"
OTTER = "an `otter run` each"
IMPORT = "a bare `import torch`"

RATIOS: tuple[tuple[str, Callable[[report.Row], float], str], ...] = (
    ("`otter run` / `descent grade` with its start", lambda r: r[OTTER] / r[WHOLE], "at least 60"),
    ("`pytest` / `descent grade` with its start", lambda r: r[PYTEST] / r[WHOLE], "at least 35"),
    (
        "the start and 30 submissions / `import torch`",
        lambda row: (row[START] + 30 * row[MIXED]) / row[IMPORT],
        "at most 10",
    ),
)


def seconds(action: Callable[[], object]) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def warm_loop() -> Callable[[], None]:
    """Return the loop that runs every probe of the core on the reference, in this process."""
    work = [look for exercise in CORE.exercises for look in looks(exercise)]

    def loop() -> None:
        for look in work:
            look()

    loop()
    return loop


def program(*arguments: str) -> Callable[[], object]:
    """Return the run of a program of this Python."""
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=True)


def grade(submissions: Path, out: Path) -> float:
    """Return the seconds of `descent grade` into a new folder."""
    options = ("--out", str(out), "--device", "cpu")
    return seconds(program("-m", "autograder", "grade", str(submissions), *options))


def one_round(folder: Path, size: int, loop: Callable[[], None]) -> dict[str, float]:
    """Measure everything once: seconds a submission by name."""
    for name, kinds in (("right", (classroom.right,)), ("mixed", classroom.MIXED)):
        classroom.write(folder / name, size, kinds)
        classroom.write(folder / f"few {name}", FEW, kinds)
    peers = Peers(folder / "peers", CORE)
    took = {
        name: grade(folder / name, folder / f"out {name}")
        for name in ("few right", "right", "few mixed", "mixed")
    }
    one_of_each = sorted((folder / "mixed").iterdir())[: len(classroom.MIXED)]
    return {
        LOOP: statistics.median(seconds(loop) for _ in range(5)),
        RIGHT: (took["right"] - took["few right"]) / (size - FEW),
        MIXED: (took["mixed"] - took["few mixed"]) / (size - FEW),
        WHOLE: took["mixed"] / size,
        START: took["mixed"] - size * (took["mixed"] - took["few mixed"]) / (size - FEW),
        PYTEST: seconds(lambda: [*map(peers.pytest, one_of_each)]) / len(one_of_each),
        OTTER: seconds(lambda: [*map(peers.otter, one_of_each)]) / len(one_of_each),
        IMPORT: seconds(program("-c", "import torch")),
    }


def plot(rows: list[dict[str, float]]) -> None:
    """Draw the seconds a submission, on a logarithmic scale."""
    shown = [LOOP, RIGHT, MIXED, WHOLE, PYTEST, OTTER][::-1]
    middle = report.medians(rows)
    figure, axes = plt.subplots(figsize=(7, 2.6))
    bars = axes.barh([name.replace("`", "") for name in shown], [middle[name] for name in shown])
    axes.bar_label(bars, fmt="%.2f s", padding=3)
    axes.set_xscale("log")
    axes.set_xlim(0.05, 20)
    axes.set_xlabel("seconds a submission of the core (logarithmic)")
    report.save(figure, "throughput")


def main(size: int, rounds: int) -> None:
    """Measure, print, write."""
    loop, rows = warm_loop(), list[dict[str, float]]()
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            rows.append(one_round(Path(name), size, loop))
    base = report.medians(rows)[MIXED]
    times = [
        (name, report.spread([row[name] for row in rows]), f"{middle / base:.2f}")
        for name, middle in report.medians(rows).items()
    ]
    ratios = [(name, report.ratio(rows, of), wanted) for name, of, wanted in RATIOS]
    text = report.table(("per submission", "seconds", "times a mixed class"), times)
    text += "\n" + report.table(("ratio", "measured", "wanted"), ratios)
    text += (
        f"\nMedians and ranges of {rounds} rounds with {size} submissions; {report.machine()}.\n"
    )
    report.write("throughput", text)
    plot(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    main(options.submissions, options.rounds)
