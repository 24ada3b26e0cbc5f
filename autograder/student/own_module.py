"""A student's own module: judged in a cell first, then imported here, to draw with it."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from autograder.cells.host import GraderFault
from autograder.course import modules
from autograder.inside.errors import UserError, first_line
from autograder.inside.observation import Observation
from autograder.judging.public import Task
from autograder.judging.verdict import Verdict
from autograder.student.desk import Desk


class Stopped(Exception):
    """A function of the student's raised; the message is the line that tells it."""


@dataclass(frozen=True)
class Judged:
    """A student's module, or None where nothing of it can run, and what was decided about it.

    `verdicts` has the exercises that the copy has; `stopped` a line for each call that raised.
    """

    module: Any
    tasks: Mapping[str, Task]
    verdicts: Mapping[str, Verdict]
    observed: Mapping[str, Sequence[Observation]]  # on the public cases
    stopped: list[str] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        """Say whether the copy has all these exercises: that of an assignment may have fewer."""
        return all(name in self.verdicts for name in names)

    def passes(self, *names: str) -> bool:
        """Say whether the copy has all these exercises, and all pass."""
        return self.has(*names) and all(self.verdicts[name].status == "pass" for name in names)

    def call(self, name: str, *args: Any, **options: Any) -> Any:
        """Call a function of the student's; Stopped, in a line, where it raises."""
        with self.stopping(name):
            return getattr(self.module, name)(*args, **options)

    @contextlib.contextmanager
    def stopping(self, name: str) -> Iterator[None]:
        """Tell in a line where something of an exercise raises in this block: Stopped."""
        try:
            yield
        except Stopped:
            raise
        except (Exception, SystemExit) as error:
            self.stop(f"{name} stopped with {first_line(error)}", error)

    def stop(self, line: str, cause: BaseException | None = None) -> NoReturn:
        """Raise Stopped with this line, and remember the line."""
        self.stopped.append(line)
        raise Stopped(line) from cause


@contextlib.contextmanager
def judged_module(folder: Path, module: str) -> Iterator[Judged]:
    """Judge a module in a cell, then import it here if something of it ran there to its end."""
    with contextlib.closing(Desk(folder)) as desk:
        try:
            names = [name for name, one in desk.exercises.items() if one.module == module]
            verdicts = {name: desk.verdict(name) for name in names}
            observed = {name: desk.observed(name) for name in names}
        except GraderFault as error:
            raise UserError(str(error)) from error
    if not verdicts:
        raise UserError(f"{folder} has no exercise of {module}: get them from your course")
    if any(verdict.status == "pass" or _ran(verdict) for verdict in verdicts.values()):
        with _imported(folder, module) as own:
            yield Judged(own, desk.tasks, verdicts, observed)
    else:
        yield Judged(None, desk.tasks, verdicts, observed)


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
            raise UserError(f"the import of {module}.py stops: {first_line(error)}") from error
        yield own
    finally:
        for place in places:
            with contextlib.suppress(ValueError):  # the student's code may have removed it
                sys.path.remove(place)
        for name in modules():
            sys.modules.pop(name, None)
        sys.modules |= before
