"""Where the processor time of a submission goes: `python -m tests.benchmarks.processor`.

One worker grades the reference, as handed in, at the strongest level that can be had; the clocks of
processor time of all processes that take part are read. In each round all probes run in one warm
process, too: the floor. Processor time depends on what else runs on the machine by what is shared,
such as caches; so the ratios are those of one round.
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

from autograder.answers.keys import answer_keys
from autograder.answers.ways import references, slow_parts
from autograder.batch import depends, grade
from autograder.batch.ledger import Ledger
from autograder.batch.run import Run
from autograder.cells import run
from autograder.cells.client import Cell
from autograder.cells.observer import LocalObserver
from autograder.cells.run import SubmissionRun
from autograder.course import assignment
from autograder.inside import warm, wire
from autograder.inside.codec import encode_observation

from . import report
from .probes import looks

PROBES = "all probes in one warm process"
ENCODE = "their observations as text, there"
START = "a cell until the submission is in it: memory, namespaces"
IMPORT = "the import of the submission"
WORK = "its exercises, the first touch of memory among it"
END = "the second fork of level full, and the ends"
FORKING = "the process that forks"
GRADES = "the process that grades, in all"
WHOLE = "a submission, all processes"
GRADING = (  # within the process that grades
    (wire, "_read", "grading: receive"),
    (run, "read_outcome", "grading: decode"),
    (grade, "judge", "grading: compare and judge"),
    (Ledger, "receive", "grading: commit the submission"),
    (Ledger, "keep", "grading: commit verdicts"),
    (Ledger, "publish", "grading: commit the result"),
)
PARSE = "grading: parse JSON"
REST = "grading: the rest"
UNIT = "ms of processor time"
SECRET = b"benchmark"
SIZES = {"core": 10, "course": 3}  # submissions in a round


@dataclass
class Clock:
    """Adds up processor time by name. Time that is counted within other time is taken from it."""

    spent: dict[str, float] = field(default_factory=dict)
    _inner: list[float] = field(default_factory=list)

    def add(self, name: str, seconds: float) -> None:
        """Count some time."""
        self.spent[name] = self.spent.get(name, 0.0) + seconds

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function whose time is counted; it is called in one thread alone."""

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            begun = time.thread_time()
            self._inner.append(0.0)
            try:
                return function(*args, **kwargs)
            finally:
                took = time.thread_time() - begun
                self.add(name, took - self._inner.pop())
                if self._inner:
                    self._inner[-1] += took

        return call


@contextmanager
def phases(clock: Clock) -> Iterator[None]:
    """Count what the process that grades does, and what its cells have spent at each step."""
    load, end = SubmissionRun._load_sources, SubmissionRun._end_cell
    loaded_at: dict[Cell, float] = {}

    def load_sources(whose: SubmissionRun, cell: Cell) -> None:
        begun = cell.cpu_time()
        load(whose, cell)
        loaded_at[cell] = cell.cpu_time()
        clock.add(START, begun)
        clock.add(IMPORT, loaded_at[cell] - begun)

    def end_cell(whose: SubmissionRun) -> None:
        if (cell := whose._cell) is not None:
            clock.add(WORK, cell.cpu_time() - loaded_at.pop(cell))
        end(whose)

    parsing = SimpleNamespace(loads=clock.timed(PARSE, json.loads), dumps=json.dumps)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, told in GRADING:
            patch.setattr(owner, name, clock.timed(told, getattr(owner, name)))
        patch.setattr(wire, "json", parsing)
        patch.setattr(SubmissionRun, "_load_sources", load_sources)
        patch.setattr(SubmissionRun, "_end_cell", end_cell)
        yield


def of_others() -> tuple[float, float]:
    """Return the seconds of the processes that this one has started, and of those that these have
    seen end."""
    every = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    own = sum(one.user + one.system for one in every)
    return own, sum(one.children_user + one.children_system for one in every)


class Bench:
    """Grades the reference of an assignment again and again. Use as a context manager."""

    def __init__(self, name: str, folder: Path) -> None:
        self._chosen = assignment(name)
        exercises = self._chosen.exercises
        self._size, self._count = SIZES[name], 0
        self._points = sum(exercise.points for exercise in exercises)
        self._reference = references({exercise.module for exercise in exercises})
        self._stack = ExitStack()
        observer = self._stack.enter_context(closing(LocalObserver(warm=slow_parts(exercises))))
        grader = grade.Grader(self._chosen, answer_keys(exercises, observer, SECRET), observer)
        ledger = self._stack.enter_context(Ledger(folder))
        checks = {e.name: depends.of_exercise(e, SECRET, False, "full") for e in exercises}
        self._run = Run(grader, ledger, checks, again=True)
        self._looks = [look for exercise in exercises for look in looks(exercise)]
        self.level = observer.isolation.level

    def __enter__(self) -> Bench:
        for _ in range(2):  # the first time is slower by what it imports and caches
            self._grade(1)
            self._observe()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def round(self) -> dict[str, float]:
        """Measure once: milliseconds of processor time a submission, by what they go for."""
        gc.collect()
        gc.freeze()
        clock, looks_took = Clock(), self._observed()
        begun, others = time.process_time(), of_others()
        with phases(clock):
            self._grade(self._size)
        own = time.process_time() - begun
        forking, cells = (now - then for now, then in zip(of_others(), others, strict=True))
        told = {name: seconds / self._size for name, seconds in clock.spent.items()}
        row = {
            **{name: told[name] for name in (START, IMPORT, WORK)},
            END: cells / self._size - sum(told[name] for name in (START, IMPORT, WORK)),
            FORKING: forking / self._size,
            **{name: seconds for name, seconds in told.items() if name.startswith("grading")},
            REST: own / self._size - sum(told[n] for n in told if n.startswith("grading")),
            GRADES: own / self._size,
            WHOLE: (own + forking + cells) / self._size,
        }
        row[PROBES] = (looks_took + self._observed()) / 2  # before and after: the machine drifts
        seen = self._observe()
        begun = time.process_time()
        json.dumps([encode_observation(one) for one in seen])
        row[ENCODE] = time.process_time() - begun
        return {name: 1e3 * seconds for name, seconds in row.items()}

    def _grade(self, count: int) -> None:
        self._count += 1
        names = (f"student-{self._count:03}-{number:03}" for number in range(count))
        handed_in = [replace(self._reference, name=name) for name in names]
        for graded in self._run.grade(handed_in, workers=1):
            assert graded.result.score == self._points

    def _observed(self) -> float:
        """Return the seconds that all probes take, the mean of two times."""
        begun = time.process_time()
        for _ in range(2):
            self._observe()
        return (time.process_time() - begun) / 2

    def _observe(self) -> list[Any]:
        return [look() for look in self._looks]


def main(rounds: int) -> None:
    """Measure, print, write."""
    warm._warm_up(slow_parts(assignment("course").exercises))  # as the process that forks cells is
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in SIZES}
    with ExitStack() as stack:
        benches = {}
        for name in SIZES:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            benches[name] = stack.enter_context(Bench(name, Path(folder)))
        for _ in range(rounds):
            for name, bench in benches.items():
                rows[name].append(bench.round())
        level = benches["core"].level
    names = [PROBES, ENCODE, *(n for n in rows["core"][0] if n not in (PROBES, ENCODE))]
    lines = [(n, *(report.spread([row[n] for row in r], 1) for r in rows.values())) for n in names]
    over = [report.ratio(own, lambda row: row[WHOLE] / row[PROBES]) for own in rows.values()]
    text = report.table((f"{UNIT} a submission", *SIZES), [*lines, ("over all probes", *over)])
    pairs = zip(rows["course"], rows["core"], strict=True)
    times = report.spread([course[WHOLE] / core[WHOLE] for course, core in pairs], 2)
    served = report.spread([(row[WHOLE] - row[GRADES]) / row[GRADES] for row in rows["core"]], 0)
    text += (
        f"\nA submission of the course takes {times} times one of the core.\n"
        f"One process that grades can serve {served} workers with submissions of the core.\n"
        f"Medians and ranges of {rounds} rounds, level {level}; {report.machine()}.\n"
    )
    report.write("processor", text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    main(parser.parse_args().rounds)
