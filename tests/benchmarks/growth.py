"""How the cost grows: `python -m tests.benchmarks.growth [--largest N]`.

Grades classes of 10, 100 and 1,000 right submissions with one and with two workers, and with two
workers smaller classes in which one of twenty has a loop without end. Of every run it notes when
each submission was finished, the memory of the coordinator, and the private memory of the cells.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib.pyplot as plt

from autograder.inside import ROOT

from . import classroom, report

EVERY_S = 0.5
PLANS = {  # the workers, and the sizes of the classes; a loop without end costs 10 s
    "1 worker": (1, (10, 100, 1_000)),
    "2 workers": (2, (10, 100, 1_000)),
    "2 workers, 5 % endless": (2, (20, 100)),
}
ENDLESS = (classroom.endless, *[classroom.right] * 19)
CELLS = "autograder.inside.zygote"
MB = 1e3  # of the kB that the kernel tells


@dataclass
class Watched:
    """What was seen of a run: (seconds, results, coordinator's MB), and the MB of the largest cell.

    A cell's private memory is what it does not share with its zygote.
    """

    label: str
    size: int
    workers: int
    seen: list[tuple[float, int, float]] = field(default_factory=list)
    cell: float = 0.0
    seconds: float = 0.0

    @property
    def until_the_rest(self) -> float:
        """Seconds until all but one of twenty were finished."""
        return next(time for time, done, _ in self.seen if done >= self.size * 0.95)


def watch(folder: Path, label: str, size: int, workers: int) -> Watched:
    """Grade a class, and look at the run every half second."""
    kinds = ENDLESS if "endless" in label else (classroom.right,)
    submissions = classroom.write(folder / "class", size, kinds)
    command = [sys.executable, "-m", "autograder", "grade", str(submissions), "--device", "cpu"]
    command += ["--workers", str(workers), "--out", str(folder / "out")]
    start = time.monotonic()
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watched = Watched(label, size, workers)
    while running.poll() is None:
        done = len(list((folder / "out" / "results").glob("*.json")))
        memory = _memory(running.pid, "status", "VmRSS")
        watched.seen.append((time.monotonic() - start, done, memory))
        watched.cell = max([watched.cell, *_private_memory_of_cells()])
        time.sleep(EVERY_S)
    watched.seconds = time.monotonic() - start
    assert running.returncode == 0, running.stderr
    watched.seen.append((watched.seconds, size, watched.seen[-1][2]))
    return watched


def _private_memory_of_cells() -> Iterator[float]:
    """Yield the private memory of each process whose parent is a zygote as well."""
    zygotes = {
        int(path.parent.name): path.parent
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if CELLS in _text(path) and not _text(path).startswith("bwrap")
    }
    for pid, place in zygotes.items():
        parent = re.search(r"PPid:\s+(\d+)", _text(place / "status"))
        if parent and int(parent[1]) in zygotes:
            yield _memory(pid, "smaps_rollup", "Private_Dirty")


def _memory(pid: int, file: str, name: str) -> float:
    """Return a figure that the kernel tells of a process, in MB; 0 when it has ended."""
    told = re.search(rf"{name}:\s+(\d+) kB", _text(Path("/proc") / str(pid) / file))
    return int(told[1]) / MB if told else 0.0


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def plot(runs: list[Watched]) -> None:
    """Draw the time over the size of the class, and the memory over the submissions done."""
    figure, (times, memory) = plt.subplots(1, 2, figsize=(8, 3))
    styles = {"1 worker": "o--", "2 workers": "s-", "2 workers, 5 % endless": "^:"}
    for label, style in styles.items():
        own = [run for run in runs if run.label == label]
        times.plot([r.size for r in own], [r.seconds for r in own], style, label=label)
    times.set(xscale="log", yscale="log", xlabel="submissions", ylabel="seconds, start included")
    times.legend()
    largest = max((run for run in runs if run.label == "2 workers"), key=lambda run: run.size)
    memory.plot([done for _, done, _ in largest.seen], [mb for *_, mb in largest.seen], "s-", ms=2)
    memory.set(xlabel="submissions done", ylabel="coordinator's memory in MB")
    memory.set_ylim(0)
    report.save(figure, "growth")


def main(largest: int) -> None:
    """Measure, print, write."""
    runs: list[Watched] = []
    for label, (workers, sizes) in PLANS.items():
        for size in (size for size in sizes if size <= largest):
            with tempfile.TemporaryDirectory() as name:
                runs.append(watch(Path(name), label, size, workers))
    lines = [
        (
            f"{run.size:,}",
            run.label,
            f"{run.seconds:.0f}",
            f"{run.until_the_rest:.0f}",
            f"{run.seconds / run.size:.2f}",
            f"{max(mb for *_, mb in run.seen):.0f}",
            f"{run.cell:.0f}",
        )
        for run in runs
    ]
    head = ("submissions", "run", "seconds", "until 95 % are done", "seconds each")
    text = report.table((*head, "coordinator, MB", "largest cell, MB"), lines)
    text += f"\nStart included; {report.machine()}.\n"
    report.write("growth", text)
    plot(runs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1_000)
    main(parser.parse_args().largest)
