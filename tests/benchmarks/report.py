"""What benchmarks print and write: tables as text, plots as SVG, both in `measured/`."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams |= {"svg.hashsalt": "graded-descent", "svg.fonttype": "none", "font.size": 9}

import torch  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from autograder.cells.observer import processors  # noqa: E402

MEASURED = Path(__file__).parent / "measured"

Row: TypeAlias = Mapping[str, float]
Cells: TypeAlias = Iterable[object]


def machine() -> str:
    """Return what the figures were measured on, in a line."""
    python, cores = platform.python_version(), processors()
    return f"{cores} shared cores, Python {python}, torch {torch.__version__}"


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Return the median, and the least and the greatest value."""
    told = [f"{v:.{digits}f}" for v in (statistics.median(values), min(values), max(values))]
    return f"{told[0]} ({told[1]} to {told[2]})"


def medians(rows: Sequence[Row]) -> dict[str, float]:
    """Return the median of every name."""
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def ratio(rows: Sequence[Row], of: Callable[[Row], float]) -> str:
    """Return the spread of a ratio, each taken within one round."""
    return spread([of(row) for row in rows], 2)


def table(head: Sequence[str], lines: Iterable[Cells]) -> str:
    """Return a table as Markdown."""
    rows = [head, ["---"] * len(head), *lines]
    return "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows)


def write(name: str, text: str) -> None:
    """Print a text, and keep it in `measured/`."""
    print(text, end="")
    MEASURED.mkdir(exist_ok=True)
    (MEASURED / f"{name}.md").write_text(text, encoding="utf-8")


def save(figure: Figure, name: str) -> None:
    """Keep a plot in `measured/`."""
    figure.tight_layout()
    MEASURED.mkdir(exist_ok=True)
    figure.savefig(MEASURED / f"{name}.svg", metadata={"Date": None})
