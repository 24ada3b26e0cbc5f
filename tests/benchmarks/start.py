"""How soon the first verdict is there: `python -m tests.benchmarks.start [ROUNDS]`.

In each round, in turn: a bare Python that imports torch and takes one step of torch.optim.SGD (what
every grader of such code needs), `descent grade` on one submission until its first verdict stands
in the ledger, the same command again with nothing new, and a cold `pytest exercises/`. Prints
medians of seconds, and of the ratios to the bare Python of the same round.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.inside import ROOT

from . import report

BARE, FIRST, AGAIN, DESK = (
    "a bare Python: import torch, one step of SGD",
    "`descent grade` to its first verdict",
    "`descent grade` with nothing new",
    "a cold `pytest exercises/`",
)
_STEP = (
    "import torch; p = torch.zeros(1, requires_grad=True); p.sum().backward(); "
    "torch.optim.SGD([p], lr=0.1).step()"
)
LOOK_S = 0.005


def seconds(command: list[str], folder: Path) -> float:
    """Return how long a program of this Python takes."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, check=False)
    return time.perf_counter() - start


def to_first_verdict(command: list[str], folder: Path, ledger: Path) -> float:
    """Return the seconds until a program has written a verdict into a ledger; then let it end."""
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None and not _has_verdict(ledger):
            time.sleep(LOOK_S)
        took = time.perf_counter() - start
        process.wait()
    return took


def _has_verdict(ledger: Path) -> bool:
    if not ledger.exists():
        return False
    try:
        with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as base:
            return bool(base.execute("SELECT count(*) FROM verdict").fetchone()[0])
    except sqlite3.OperationalError:  # its tables are being made
        return False


def one_round(folder: Path) -> dict[str, float]:
    """Measure everything once."""
    shutil.copytree(ROOT / "solutions", folder / "class" / "student-01")
    grade = ["-m", "autograder", "grade", str(folder / "class"), "--out", str(folder / "out")]
    pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "exercises/"]
    return {
        BARE: seconds(["-c", _STEP], ROOT),
        FIRST: to_first_verdict(grade, ROOT, folder / "out" / "ledger.sqlite"),
        AGAIN: seconds(grade, ROOT),
        DESK: seconds(pytest, ROOT),
    }


def main(rounds: int) -> None:
    """Measure and print a table."""
    rows = []
    for index in range(rounds + 1):
        with tempfile.TemporaryDirectory() as name:
            row = one_round(Path(name))
        if index:  # the first round warms the disk
            rows.append(row)
    lines = [
        (
            name,
            f"{statistics.median(row[name] for row in rows):.2f} s",
            report.ratio(rows, lambda row, name=name: row[name] / row[BARE]),  # type: ignore[misc]
        )
        for name in (BARE, FIRST, AGAIN, DESK)
    ]
    print(report.table(("", "median", "times the bare Python"), lines), end="")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
