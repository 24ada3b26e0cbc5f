"""A student's own module: judged in a cell first, then imported here, to draw with it."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.catalogue import exercises, modules
from autograder.cell.host import GraderFault
from autograder.cli import UserError
from autograder.judging.verdict import Verdict
from autograder.student.desk import Desk
from autograder.student.keys import Task


class Stopped(Exception):
    """A function of the student's raised; the message is the line that tells it."""


@dataclass(frozen=True)
class Judged:
    """A student's module, or None where nothing of it can run, and what was decided about it.

    `stopped` has a line for each call that raised.
    """

    module: Any
    tasks: Mapping[str, Task]
    verdicts: Mapping[str, Verdict]
    stopped: list[str] = field(default_factory=list)

    def passes(self, *names: str) -> bool:
        """Say whether all these exercises pass."""
        return all(self.verdicts[name].status == "pass" for name in names)

    def call(self, name: str, *args: Any, **options: Any) -> Any:
        """Call a function of the student's; Stopped, in a line, where it raises."""
        try:
            return getattr(self.module, name)(*args, **options)
        except (Exception, SystemExit) as error:
            self.stopped.append(f"{name} stopped with {told_of(error)}")
            raise Stopped(self.stopped[-1]) from error


@contextlib.contextmanager
def judged_module(folder: Path, module: str) -> Iterator[Judged]:
    """Judge a module in a cell, then import it here if something of it ran there to its end."""
    with contextlib.closing(Desk(folder)) as desk:
        try:
            names = [name for name, one in desk.exercises.items() if one.module == module]
            verdicts = {name: desk.verdict(name) for name in names}
        except (GraderFault, ValueError) as error:
            raise UserError(str(error)) from error
    if set(verdicts) != {e.name for e in exercises().values() if e.module == module}:
        raise UserError(f"{folder} has not all exercises of {module}: get it anew")
    if any(verdict.status == "pass" or _ran(verdict) for verdict in verdicts.values()):
        with _imported(folder, module) as own:
            yield Judged(own, desk.tasks, verdicts)
    else:
        yield Judged(None, desk.tasks, verdicts)


def _ran(verdict: Verdict) -> bool:
    """Say whether a failing exercise came to the end of its cases: it may be called again."""
    return "fail" in verdict.probes


@contextlib.contextmanager
def _imported(folder: Path, module: str) -> Iterator[ModuleType]:
    """Import a student's file, whose imports find the files beside it; then forget them all."""
    places = [str(folder.resolve()), str(folder.resolve().parent)]
    before = {name: sys.modules.pop(name) for name in modules() if name in sys.modules}
    sys.path[:0] = places
    importlib.invalidate_caches()
    try:
        try:
            own = importlib.import_module(module)
        except (Exception, SystemExit) as error:
            raise UserError(f"the import of {module}.py stops: {told_of(error)}") from error
        yield own
    finally:
        for place in places:
            with contextlib.suppress(ValueError):  # the student's code may have removed it
                sys.path.remove(place)
        for name in modules():
            sys.modules.pop(name, None)
        sys.modules |= before


def told_of(error: BaseException) -> str:
    """Return the type and the first line of an exception."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else ''}".rstrip(": ")
