"""What a teacher sees while grading and after it."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.batch.result import Result
from autograder.batch.run import Graded
from autograder.cells.isolation import Isolation
from autograder.inside.words import counted

STATUSES = ("pass", "fail", "blocked", "not_attempted", "error")
MAX_ROWS = 100  # of a large class the table shows the first names only


class Summary:
    """The table of a run: a row per submission, as they are finished, shown by name at the end."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, ...]] = []
        self._notes: list[str] = []
        self._known = 0
        self._unpublished = 0
        self.submissions = 0
        self.errors = 0

    def add(self, graded: Graded) -> None:
        """Take in a finished submission."""
        result = graded.result
        self.submissions += 1
        self._known += max(0, len(result.verdicts) - graded.judged)
        self._unpublished += not graded.published
        self._notes += [f"{result.submission}: {note}" for note in result.notes]
        counts: Counter[str] = Counter(verdict.status for verdict in result.verdicts.values())
        self.errors += counts["error"] > 0
        score = "error" if result.score is None else f"{result.score:g}/{result.max_score:g}"
        numbers = (str(counts[status] or "") for status in STATUSES)
        row = (result.submission, score, *numbers, _first(result))
        insort(self._rows, row)
        del self._rows[MAX_ROWS:]

    def print(self, isolation: Isolation, out: Path, moved: int, earlier: int) -> None:
        """Print the table, what kept the submissions in, and where the files are.

        `earlier` is the number of submissions whose marks are of earlier runs.
        """
        table = Table(box=SIMPLE, padding=(0, 1, 0, 0), pad_edge=False)
        table.add_column("submission", no_wrap=True)
        for column in ("score", "pass", "fail", "blocked", "not attempted", "error"):
            table.add_column(column, justify="right", min_width=min(len(column), 9))
        table.add_column("first to mend", no_wrap=True, max_width=44)
        for row in self._rows:
            table.add_row(*map(Text, row))
        console = Console()
        console.print(table)
        lines = [f"grades:  {out / 'grades.csv'}", f"results: {out / 'results'}"]
        if self.submissions > len(self._rows):
            lines.insert(0, f"and {self.submissions - len(self._rows)} more")
        if earlier:
            lines.append(f"earlier: {earlier} more in grades.csv, handed in for earlier runs")
        if self._unpublished:
            failed = f"the grader failed on {self._unpublished} this time"
            lines.append(f"stands:  what was marked before, since {failed}")
        if self._known:
            lines.append(f"known:   {self._known} verdicts of earlier runs")
        if moved:
            lines.append(f"moved:   {moved} marks, {out / 'moved.csv'}")
        lines += [f"note:    {note}" for note in sorted(self._notes)[:MAX_ROWS]]
        for line in [*lines, f"kept in: {_kept_in(isolation)}"]:
            console.print(line, highlight=False, soft_wrap=True, markup=False)


def _kept_in(isolation: Isolation) -> str:
    """Return the level, what stays possible at it, and why there is none stronger."""
    text = f"level {isolation.level}, measured"
    if isolation.holes:
        text += f"; {counted(len(isolation.holes), 'hole')}, listed in each result"
    return text + (f" ({isolation.why})" if isolation.why else "")


def _first(result: Result) -> str:
    """Return what to look at first: the one reason that all exercises share, or an exercise."""
    reasons = {verdict.gap for verdict in result.verdicts.values()}
    if len(reasons) == 1 and len(result.verdicts) > 1:
        return reasons.pop()
    for verdict in result.verdicts.values():
        if verdict.status in ("fail", "error"):
            name = verdict.exercise.name
            return f"{name}: {verdict.diagnosis}" if verdict.diagnosis else name
    return ""
