"""The student's desk: the files in exercises/, judged by their public cases in a cell."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from autograder.cells import isolation, room
from autograder.cells.beside import add_helpers
from autograder.cells.host import Refused
from autograder.cells.replies import Requests
from autograder.cells.run import SubmissionRun
from autograder.cells.source import CellSource, cell_source
from autograder.course import Exercise, exercises, modules
from autograder.disk.files import read_file
from autograder.inside.limits import CPU_S
from autograder.inside.observation import Observation, Outcome
from autograder.inside.sandbox import Level
from autograder.inside.submission import Source, Submission, decode_text
from autograder.inside.words import printable
from autograder.judging.public import Task, read_tasks
from autograder.judging.verdict import Verdict, judge, settle
from autograder.student.here import command_here

MAX_PRINTED = 100_000  # bytes of an exercise


class Desk:
    """Judges the exercises of a folder, each at most once. Call `close` at the end.

    Its cells allow no more than a grader's, so that this is met here first. Where the system cannot
    keep them in, they run all the same. What is `warm`, slow parts of torch, no cell has to
    import.
    """

    def __init__(self, folder: Path, limit: float = CPU_S, warm: Sequence[str] = ()) -> None:
        self.folder = folder
        self._limit = limit
        self._warm = warm
        self._level = _level()
        self._cells: CellSource | None = None
        self._run: SubmissionRun | None = None
        self._observed: dict[str, tuple[Observation, ...]] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._left_out: list[str] = []  # of the files beside the exercises
        self._output = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed in close()
        self._read_up_to = 0

    @cached_property
    def tasks(self) -> Mapping[str, Task]:
        """The exercises of the folder by name."""
        return read_tasks(self.folder)

    @cached_property
    def exercises(self) -> Mapping[str, Exercise]:
        """The catalogue's entries of these exercises."""
        return {name: exercises()[name] for name in self.tasks}

    def text(self, module: str) -> str:
        """Return the text of a module's file; nothing where it cannot be read, which is told when
        its exercises are judged."""
        try:
            return self._source(module).text
        except (OSError, ValueError):
            return ""

    def verdict(self, name: str) -> Verdict:
        """Judge an exercise, and what it builds on, so that `blocked` is known."""
        related = {name: self._judged(name)}
        for other in self.exercises[name].builds_on:
            if other in self.exercises:
                related[other] = self._judged(other)
        return settle(related)[name]

    def observed(self, name: str) -> tuple[Observation, ...]:
        """Return what was seen of an exercise on its cases; nothing where it did not run."""
        self._judged(name)
        return self._observed[name]

    def forget(self) -> None:
        """Forget every verdict, since a file has changed; the process that has torch stays."""
        self._end_run()
        self._verdicts.clear()
        self._output.seek(0)  # for the cells, too: they write where this file stands
        self._output.truncate()
        self._read_up_to = 0

    def close(self) -> None:
        """End the processes."""
        self._end_processes()
        self._output.close()

    def _judged(self, name: str) -> Verdict:
        if name not in self._verdicts:
            exercise, key = self.exercises[name], self.tasks[name].key
            outcome = self._outcome(exercise, key.requests)
            self._observed[name] = outcome.observations
            verdict = judge(exercise, key, outcome)
            notes = (*verdict.notes, *self._left_out, *self._told_of_files(name, outcome))
            printed = self._new_output()
            self._verdicts[name] = replace(verdict, printed=printed, notes=notes)
        return self._verdicts[name]

    def _told_of_files(self, name: str, outcome: Outcome) -> Iterator[str]:
        """Yield a line about what the code has written where it is judged."""
        if outcome.written:
            names = printable(", ".join(outcome.written))
            command = command_here(self.folder, "try", name)
            yield (
                f"{names} was written while your code was judged, in a folder that is removed: "
                f"`{command}` runs a case where you stand, and its files stay"
            )

    def _outcome(self, exercise: Exercise, requests: Requests) -> Outcome:
        """Observe an exercise, at level basic where the system refuses a stronger one after all."""
        try:
            return self._running().outcome(exercise, requests)
        except Refused:
            if self._level == "basic":
                raise
        self._level = "basic"
        self._end_processes()
        return self._running().outcome(exercise, requests)

    def _running(self) -> SubmissionRun:
        """Return the run of the files as they are, begun when it is asked for first."""
        if self._cells is None:
            self._cells = cell_source(self._output, warm=self._warm, level=self._level)
        if self._run is None:
            self._run = SubmissionRun(self._cells, self.submission(), self._limit)
        return self._run

    def _end_processes(self) -> None:
        self._end_run()
        if self._cells is not None:
            self._cells.close()
            self._cells = None

    def _end_run(self) -> None:
        if self._run is not None:
            self._run.close()
            self._run = None

    def submission(self) -> Submission:
        """Return the files as they are now, read as a submission is."""
        sources, problems = {}, {}
        for module in dict.fromkeys(exercise.module for exercise in self.exercises.values()):
            try:
                sources[module] = self._source(module)
            except FileNotFoundError:
                continue
            except OSError as error:
                problems[module] = f"the file cannot be read: {error.strerror}"
            except ValueError as error:
                problems[module] = f"the file {error}"
        _, self._left_out = add_helpers([*self._beside()], sources, modules())
        return Submission("exercises", sources, problems=problems)

    def _beside(self) -> Iterator[tuple[str, Source]]:
        """Yield the student's own files beside the exercises, and in folders there, that can be
        read: they are handed in, too."""
        paths = [*self.folder.glob("*.py"), *self.folder.glob("[!.]*/*.py")]
        for path in sorted(path for path in paths if path.stem not in modules()):
            with contextlib.suppress(OSError, ValueError):
                yield self._read(path)

    def _source(self, module: str) -> Source:
        """Return the text of a module and where it stands; OSError or ValueError without one."""
        return self._read(self.folder / f"{module}.py")[1]

    def _read(self, path: Path) -> tuple[str, Source]:
        content = read_file(path, self.folder.parent)
        file = os.path.relpath(path).replace(os.sep, "/")
        return file, Source(file, decode_text(content))

    def _new_output(self) -> str:
        self._output.seek(self._read_up_to)
        content = self._output.read(MAX_PRINTED)
        read, end = self._output.tell(), self._output.seek(0, os.SEEK_END)  # for the cells, too
        self._read_up_to = end
        cut = f"\n({end - read} more bytes were printed)\n" if end > read else ""
        return content.decode("utf-8", "replace") + cut


def _level() -> Level:
    """Return the strongest level that a desk can have without bubblewrap.

    Only where torch lies among what its cells can read: they import some of it late.
    """
    if isolation.lacking("container"):
        return "basic"
    torch = importlib.util.find_spec("torch")
    place = Path(torch.origin) if torch and torch.origin else Path()
    return "container" if any(map(place.is_relative_to, room.of_python())) else "basic"
