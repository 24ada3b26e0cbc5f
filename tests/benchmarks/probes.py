"""What the probes cost: `python -m tests.benchmarks.probes [ROUNDS]`.

Prints, by module, the milliseconds of processor time that all cases of an exercise take on the
reference, in one warm process with one thread: for each case its best round, and the mean over the
exercises. The floor is what of it the reference's own code takes, on the stand-in as well: no probe
that looks at the same cases can take less.
"""

from __future__ import annotations

import functools
import gc
import importlib
import inspect
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FunctionType
from typing import Any, TypeAlias

from autograder.answers.keys import cases
from autograder.answers.ways import SOLUTIONS
from autograder.course import Exercise, assignment
from autograder.inside import probes
from autograder.inside.implementation import Implementation
from autograder.inside.observe import observe
from autograder.judging.key import Case

from . import report

Look: TypeAlias = Callable[[], object]


def looks(exercise: Exercise) -> list[Look]:
    """Return, for each case of an exercise, what observes its reference in this process."""
    if str(SOLUTIONS) not in sys.path:
        sys.path.insert(0, str(SOLUTIONS))
    names = vars(importlib.import_module(exercise.module))
    implementation = Implementation(names, frozenset())

    def look(case: Case) -> Look:
        probe = probes.find(exercise.place, case.probe)
        return lambda: observe(implementation, probe, case.given)

    return [*map(look, cases(exercise, b"benchmark"))]


class Watch:
    """Adds up, in `ns`, the processor time of the outermost calls of what it has wrapped.

    Each call counts a microsecond too much, for the clock is read.
    """

    def __init__(self) -> None:
        self.ns = 0
        self._running = False

    def wrap(self, module: str) -> None:
        """Measure the functions of a module, and the methods of its classes."""
        names = vars(importlib.import_module(module))
        for name, value in list(names.items()):
            if getattr(value, "__module__", None) != module:
                continue
            if isinstance(value, FunctionType):
                names[name] = self._timed(value)
            elif inspect.isclass(value):
                for method, function in list(vars(value).items()):
                    if isinstance(function, FunctionType):
                        setattr(value, method, self._timed(function))

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self._counted():
                result = function(*args, **kwargs)
            return self._steps(result) if inspect.isgenerator(result) else result

        return call

    def _steps(self, generator: Iterator[Any]) -> Iterator[Any]:
        while True:
            with self._counted():
                item = next(generator, self)
            if item is self:
                return
            yield item

    @contextmanager
    def _counted(self) -> Iterator[None]:
        outermost, start = not self._running, time.process_time_ns()
        self._running = True
        try:
            yield
        finally:
            if outermost:
                self.ns += time.process_time_ns() - start
                self._running = False


def whole(look: Look) -> float:
    """Return the milliseconds of processor time of an observation."""
    start = time.process_time_ns()
    look()
    return (time.process_time_ns() - start) / 1e6


def best(exercises: Sequence[Exercise], rounds: int, took: Callable[[Look], float]) -> list[float]:
    """Return for each exercise the sum of what its cases take in their best rounds."""
    every = [looks(one) for one in exercises]
    gc.collect()
    gc.freeze()  # as in the process that forks cells
    seen = [[[took(look) for look in each] for each in every] for _ in range(rounds + 1)]
    return [sum(map(min, zip(*row, strict=True))) for row in zip(*seen[1:], strict=True)]


def main(rounds: int) -> None:
    """Measure, print."""
    course = assignment("course")
    watch = Watch()

    def within(look: Look) -> float:
        watch.ns = 0
        look()
        return watch.ns / 1e6

    took = best(course.exercises, rounds, whole)
    for module in course.modules:
        watch.wrap(module)
    floor = best(course.exercises, rounds, within)
    lines = []
    for name in (*course.modules, "all"):
        own = [n for n, one in enumerate(course.exercises) if name in ("all", one.module)]
        count = sum(len(cases(course.exercises[n], b"benchmark")) for n in own)
        means = (statistics.mean(column[n] for n in own) for column in (took, floor))
        lines.append((name, len(own), count, *(f"{mean:.1f}" for mean in means)))
    print(report.table(("module", "exercises", "cases", "ms an exercise", "floor"), lines), end="")
    print(f"\nThe best of {rounds} rounds; {report.machine()}.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10)
