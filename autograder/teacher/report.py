"""What a teacher sees while grading and after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from autograder.batch.result import Result
from autograder.cell.isolation import Isolation

STATUSES = ("pass", "fail", "blocked", "not_attempted", "error")


@contextmanager
def progress(total: int) -> Iterator[Callable[[Result], None]]:
    """Show a bar on stderr; yields the function to call with each finished result."""
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("grading", total=total)
        yield lambda result: bar.advance(task)


def print_table(results: Sequence[Result], isolation: Isolation, out: Path) -> None:
    """Print a row per submission, what kept them in, and where the files are."""
    table = Table(box=SIMPLE, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("submission", no_wrap=True)
    for column in ("score", "pass", "fail", "blocked", "not attempted", "error"):
        table.add_column(column, justify="right", min_width=min(len(column), 9))
    table.add_column("first to mend", no_wrap=True, max_width=44)
    for result in results:
        counts: Counter[str] = Counter(verdict.status for verdict in result.verdicts.values())
        score = "error" if result.score is None else f"{result.score:g}/{result.max_score:g}"
        numbers = (str(counts[status] or "") for status in STATUSES)
        table.add_row(*map(Text, (result.submission, score, *numbers, _first(result))))
    console = Console()
    console.print(table)
    console.print(f"grades:  {out / 'grades.csv'}", highlight=False, soft_wrap=True)
    console.print(f"results: {out / 'results'}", highlight=False, soft_wrap=True)
    console.print(f"kept in: {_kept_in(isolation)}", highlight=False, soft_wrap=True, markup=False)


def _kept_in(isolation: Isolation) -> str:
    """Return the level, what stays possible at it, and why there is none stronger."""
    told = f"level {isolation.level}, measured"
    if isolation.holes:
        told += f"; {len(isolation.holes)} holes, listed in each result"
    return told + (f" ({isolation.why})" if isolation.why else "")


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
