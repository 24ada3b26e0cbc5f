"""What a teacher sees while grading and after it."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.batch.attention import Matter
from autograder.batch.result import total_of
from autograder.batch.run import Graded
from autograder.cells.isolation import Isolation
from autograder.inside.words import counted

STATUSES = (
    *("pass", "fail", "blocked", "not_attempted", "unreadable", "error"),
    *("by_hand", "excused"),
)
ATTENTION = "needs_attention.csv"
MAX_ROWS = 100  # of a large class the table shows the first names only
MAX_LISTED = 10  # submissions to look at, and names of earlier runs
FOLDED = 14  # columns of a name or a reason, at least


@dataclass(frozen=True)
class WholeClass:
    """What is told of all marks in a folder, below the table of a run.

    `facts` are lines about the run. `earlier` are the names whose marks are of earlier runs.
    """

    out: Path
    facts: list[str]
    earlier: list[str]
    moved: int
    matters: list[Matter]


class Summary:
    """The table of a run: a row per submission, as they are finished, shown by name at the end."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, tuple[str, ...], str]] = []
        self._known = 0
        self._counts = Counter[str]()
        self.submissions = 0
        self.judged = 0  # verdicts that are of this run
        self.unpublished: list[str] = []

    @property
    def errors(self) -> int:
        """The number of verdicts that the grader failed to give."""
        return self._counts["error"]

    def add(self, graded: Graded) -> None:
        """Take in a finished submission."""
        told, entries = graded.told, graded.told["exercises"]
        self.submissions += 1
        self._known += max(0, len(entries) - graded.judged)
        self.judged += graded.judged
        if not graded.published:
            self.unpublished.append(told["submission"])
        counts: Counter[str] = Counter(entry["status"] for entry in entries)
        score = total_of([e["status"] if e["score"] is None else e["score"] for e in entries])
        if score == "unreadable":  # the word says it
            counts.clear()
        self._counts += counts
        numbers = tuple(str(counts[status] or "") for status in STATUSES)
        shown = score if isinstance(score, str) else f"{score:g}/{told['max_score']:g}"
        insort(self._rows, (told["submission"], shown, numbers, _first(entries)))
        del self._rows[MAX_ROWS:]

    def print(self, isolation: Isolation, whole: WholeClass) -> None:
        """Print the table, where the files are, what to look at, and what kept submissions in."""
        console = Console()
        table = self._table()
        narrowest = 2 + sum(2 + (column.min_width or 0) for column in table.columns)
        console.width = max(console.width, narrowest)  # below it the terminal folds whole lines
        console.print(table)
        kept_in = f"kept in: {_kept_in(isolation)}"
        for line in [*self._of_run(whole), kept_in, *_to_look_at(whole)]:
            console.print(line, highlight=False, soft_wrap=True, markup=False)

    def _of_run(self, whole: WholeClass) -> Iterator[str]:
        """Yield where the files are, and what is to be known of this run and of earlier ones."""
        if self.submissions > len(self._rows):
            yield f"and {self.submissions - len(self._rows)} more"
        yield f"grades:  {whole.out / 'grades.csv'}"
        yield f"results: {whole.out / 'results'}"
        yield from whole.facts
        yield from _earlier(whole.earlier)
        if self.unpublished:
            failed = f"the grader failed on {len(self.unpublished)} this time"
            yield f"stands:  what was marked before, since {failed}"
        if self._known:
            of = "of earlier runs, or of the same work under another name"
            yield f"known:   {self._known} verdicts, {of}"
        if whole.moved:
            yield f"moved:   {counted(whole.moved, 'mark')}, {whole.out / 'moved.csv'}"

    def _table(self) -> Table:
        """Return the table: where it is wide, names and reasons are folded, and nothing is cut."""
        table = Table(box=SIMPLE, padding=(0, 1, 0, 0), pad_edge=False)
        widest = max((len(score) for _, score, *_ in self._rows), default=0)
        names = max((len(name) for name, *_ in self._rows), default=0)
        table.add_column("submission", overflow="fold", min_width=min(FOLDED, max(names, 10)))
        table.add_column("score", justify="right", min_width=max(widest, 5))
        shown = [status for status in STATUSES if self._counts[status]]
        for status in shown:
            column = status.replace("_", " ")
            table.add_column(column, justify="right", min_width=max(map(len, column.split())))
        table.add_column("first to fix", overflow="fold", min_width=FOLDED)
        for name, score, numbers, first in self._rows:
            own = [n for status, n in zip(STATUSES, numbers, strict=True) if status in shown]
            table.add_row(*map(Text, (name, score, *own, first)))
        return table


def _earlier(names: list[str]) -> Iterator[str]:
    """Yield whose marks are of earlier runs alone, and how a name is taken out."""
    if not names:
        return
    yield f"earlier: {len(names)} more in grades.csv, handed in for earlier runs:"
    yield from (f"         {name}" for name in names[:MAX_LISTED])
    if len(names) > MAX_LISTED:
        yield f"         and {len(names) - MAX_LISTED} more"
    yield "         whoever has withdrawn: --forget NAME takes the row away"


def _to_look_at(whole: WholeClass) -> list[str]:
    """Return a line for each of the first submissions that somebody should look at."""
    matters: dict[str, list[str]] = {}
    for matter in whole.matters:
        matters.setdefault(matter.submission, []).append(matter.what)
    if not matters:
        return []
    first = list(matters.items())[:MAX_LISTED]
    lines = [f"to look at: {counted(len(matters), 'submission')}, {whole.out / ATTENTION}"]
    for name, whats in first:
        more = f" (and {len(whats) - 1} more)" if len(whats) > 1 else ""
        lines.append(f"  {name}: {whats[0]}{more}")
    return lines + [f"  and {len(matters) - MAX_LISTED} more"] * (len(matters) > MAX_LISTED)


def _kept_in(isolation: Isolation) -> str:
    """Return the level, what stays possible at it, and why there is none stronger."""
    text = f"level {isolation.level}, measured"
    if isolation.holes:
        text += f"; {counted(len(isolation.holes), 'hole')}, listed in each result"
    return text + (f" ({isolation.why})" if isolation.why else "")


def _first(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return what to look at first: the one reason that all exercises share, or an exercise."""
    reasons = {entry["message"] for entry in entries}
    if len(reasons) == 1 and len(entries) > 1:
        return str(reasons.pop())
    for entry in entries:
        if entry["status"] in ("fail", "unreadable", "error"):
            diagnosis = entry["diagnosis"]
            return f"{entry['name']}: {diagnosis}" if diagnosis else str(entry["name"])
    return ""
