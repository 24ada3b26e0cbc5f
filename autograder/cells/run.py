"""Run a submission: observe its exercises in a cell, in a fresh one after a limit or a crash."""

from __future__ import annotations

import contextlib
import signal
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from autograder.cells.client import Cell, CpuTimeout
from autograder.cells.host import START_LIMIT_S, GraderFault
from autograder.cells.replies import Loaded, Requests, Wanted, read_loaded, read_outcome
from autograder.cells.source import CellSource
from autograder.course import Exercise, exercises, modules
from autograder.inside import limits, wire
from autograder.inside.errors import DescentError
from autograder.inside.observation import Outcome
from autograder.inside.reading import WORK
from autograder.inside.submission import Submission, has_lines

# What a system ends a process by (a submission can send it to itself, too); a crash is none of it.
_FROM_OUTSIDE = (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM))
MAX_NOTES = 5  # about a file
AHEAD = 1  # requests that wait in a cell while it works on another


class TooSlow(DescentError):
    """A first look came to no end: the full limits are to decide, when nobody waits."""


class _Killed(DescentError):
    """A cell was ended from outside: what was asked of it is to be asked of another one."""


class SubmissionRun:
    """The observations of one submission. Use as a context manager.

    `limit` is in seconds of processor time, for each exercise and each import; an import has at
    most `limits.IMPORT_S`, and once more `limit` when it is repeated without work at module level.
    A `first_look` has less, and raises TooSlow instead of telling of a limit.
    """

    def __init__(
        self,
        cells: CellSource,
        submission: Submission,
        limit: float = limits.CPU_S,
        first_look: bool = False,
    ) -> None:
        self._cells = cells
        self._submission = submission
        self._first_look = first_look
        self._limit = min(limit, limits.FIRST_LOOK_S) if first_look else limit
        self._left = limits.SUBMISSION_S
        self._cell: Cell | None = None
        self._kills = Counter[str]()
        self._loaded: dict[str, Loaded] = {}
        self._stopped: dict[str, str] = {}  # by source: why it is read briefly

    def __enter__(self) -> SubmissionRun:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()

    def close(self) -> None:
        """End its cell."""
        self._end_cell()

    def outcome(self, exercise: Exercise, requests: Requests) -> Outcome:
        """Observe one exercise.

        What the submission does wrong is in the outcome; GraderFault is the grader's own failure.
        """
        return next(self.outcomes([Wanted(exercise, requests)]))

    def outcomes(self, wanted: Iterable[Wanted]) -> Iterator[Outcome]:
        """Observe exercises in turn. The next one is asked for before the last has answered, so
        that the cell need not wait for it."""
        asked = deque[_Asked]()
        for one in wanted:
            asked.append(self._ask(one))
            if len(asked) > AHEAD:
                yield self._first_of(asked)
        while asked:
            yield self._first_of(asked)

    def _first_of(self, asked: deque[_Asked]) -> Outcome:
        """Take the oldest away and return its outcome; if it has ended the cell, ask a new cell
        about the others, in their order."""
        outcome = self._told(asked.popleft())
        for place, other in enumerate(asked):
            if other.cell is not None and other.cell is not self._cell:
                asked[place] = self._ask(other.wanted)
        return outcome

    def _ask(self, wanted: Wanted) -> _Asked:
        """Ask a cell for the observations of an exercise, if it can be asked."""
        exercise = wanted.exercise
        file = self._submission.file(exercise.module)
        source = wanted.source or self._submission.source_name(exercise.module)
        if source not in self._submission.sources:
            missing = "the file is missing: put it back"
            trouble = self._submission.problems.get(exercise.module, missing)
            return _Asked(wanted, Outcome(file, trouble=trouble))
        cell = self._ready_cell()
        loaded = self._loaded[source]
        if not loaded.usable:
            return _Asked(wanted, Outcome(file, trouble=loaded.stopped))
        line = next((loaded.lines[name] for name in exercise.names if name in loaded.lines), None)
        request = {
            "source": source,
            "place": exercise.place,
            "names": exercise.names,
            "cases": wanted.requests,
            "trusted": wanted.trusted,
        }
        _send(cell, request)
        note = "; ".join(loaded.again[name] for name in exercise.names if name in loaded.again)
        notes = tuple(_notes(file, loaded))
        return _Asked(wanted, Outcome(file, line, note=note, notes=notes), cell, loaded)

    def _told(self, asked: _Asked) -> Outcome:
        """Return the outcome of an exercise."""
        while asked.cell is not None:
            try:
                reply = self._reply(asked.cell, asked.wanted.exercise.name, self._limit)
            except _Killed:
                asked = self._ask(asked.wanted)
                continue
            if isinstance(reply, str):
                return replace(asked.outcome, trouble=reply)
            return read_outcome(reply, asked.wanted, asked.outcome, asked.loaded)
        return asked.outcome

    def _ready_cell(self) -> Cell:
        """Return a cell into which every usable source is loaded, making it if there is none.

        Until the sources arrive nothing of the submission has run: a failure is the grader's own.
        """
        while self._cell is None:
            self._cell = self._cells.cell()
            try:
                self._load_sources(self._cell)
            except _Killed:
                continue
            except (TimeoutError, wire.BadFrame) as error:
                raise GraderFault("a cell does not start") from error
        return self._cell

    def _load_sources(self, cell: Cell) -> None:
        """Load the sources, briefly where a reading did not come to its end."""

        def usable(name: str) -> bool:
            return name not in self._loaded or self._loaded[name].usable

        given = self._submission.sources
        in_order = sorted(given, key=lambda name: (name in modules(), name))  # own helpers first
        sources = {name: asdict(given[name]) for name in in_order if usable(name)}
        opening = {"sources": sources, "brief": [*self._stopped], "lent": self._submission.lent}
        try:
            cell.request(opening, START_LIMIT_S)
        except wire.Ended as error:
            raise GraderFault(self._ended(cell, "the start of a cell")) from error
        for name in sources:
            _send(cell, {"load": name})
            is_brief = name in self._stopped
            limit = self._limit if is_brief else min(self._limit, limits.IMPORT_S)
            reply = self._reply(cell, f"the import of {sources[name]['file']}", limit)
            if isinstance(reply, str):  # hung or dead: start again, with less of it
                if is_brief:
                    self._loaded[name] = Loaded(stopped=reply, usable=False)
                self._stopped[name] = reply
                return
            self._loaded[name] = read_loaded(reply, self._stopped.get(name))

    def _reply(self, cell: Cell, what: str, limit: float) -> dict[str, Any] | str:
        """Return the reply, or a line that tells why there is none; the cell is then ended.

        Raises _Killed where that was nobody's doing here, and another cell is to be tried.
        """
        waited, wall = cell.waited, limit * limits.WALL_FACTOR
        spent = f"{what} was not finished: the submission has used its {limits.SUBMISSION_S:g} s"
        try:
            if self._left > 0:
                return cell.reply(min(wall, self._left), limit)
            trouble = spent
        except TimeoutError as error:
            if self._first_look:
                raise TooSlow(what) from error
            trouble = f"{what} waited longer than {wall:g} s: is there a wait that never ends?"
            if self._left < wall:
                trouble = spent
            if isinstance(error, CpuTimeout):
                trouble = f"{what} ran longer than {limit:g} s: is there a loop that never ends?"
        except wire.Ended:
            trouble = self._ended(cell, what)
        except wire.BadFrame as error:
            trouble = f"{what} broke the connection to the grader: {error}"
        finally:
            self._left -= cell.waited - waited
        self._end_cell()
        return trouble

    def _ended(self, cell: Cell, what: str) -> str:
        """Tell how a cell has ended; _Killed where a signal did it that came from outside."""
        self._cell = None
        if cell.close(has_ended=True) not in _FROM_OUTSIDE:
            return f"{what} ended the process (os._exit, or a crash)"
        self._kills[what] += 1
        if self._kills[what] < limits.TRIES:
            raise _Killed
        if self._first_look:  # when the others are done, the machine may have room again
            raise TooSlow(what)
        return (
            f"{what} ended the process, {limits.TRIES} times by a signal that kills: its own, or "
            "this machine's for want of memory"
        )

    def _end_cell(self) -> None:
        if self._cell is not None:
            cell, self._cell = self._cell, None
            cell.close()


def _notes(file: str, loaded: Loaded) -> Iterator[str]:
    """Yield a line for what was left out of a file and is no exercise's own, which tells it."""
    others = [one for one in loaded.left if one.told != WORK]
    if others:
        own = {name for exercise in exercises().values() for name in exercise.names}
        others = [one for one in others if not one.names & own]
    if loaded.stopped:
        end = "" if loaded.stopped.endswith("?") else "."
        left = _work(file, loaded)
        yield f"{loaded.stopped}{end} It is read without its work at module level ({left})"
    reasons = Counter(one.reason for one in others)  # one cause is told once
    for reason in [*reasons][:MAX_NOTES]:
        first = next(one for one in others if one.reason == reason)
        at = f", line {first.line}" if first.line and has_lines(file) else ""
        again = f" (and {reasons[reason] - 1} more like it)" if reasons[reason] > 1 else ""
        yield f"{file}{at} does not run and is passed over{again}: {first.told}"
    if (more := len(reasons) - MAX_NOTES) > 0:
        yield f"{file}: {more} more statements do not run"


def _work(file: str, loaded: Loaded) -> str:
    """Say what of a file was work at module level, and was left out."""
    lines = [str(one.line) for one in loaded.left if one.told == WORK]
    if not lines:
        return "there is none"
    return f"line {_listed(lines)}" if has_lines(file) else f"{len(lines)} statements"


def _listed(lines: Sequence[str]) -> str:
    more = len(lines) - MAX_NOTES
    return ", ".join(lines[:MAX_NOTES]) + (f" and {more} more" if more > 0 else "")


def _send(cell: Cell, request: dict[str, Any]) -> None:
    """Send a request; where it cannot be sent there will be no reply, which tells why."""
    with contextlib.suppress(wire.Ended, TimeoutError):
        cell.ask(request)


@dataclass(frozen=True)
class _Asked:
    """What a cell was asked; without a cell, `outcome` is the answer."""

    wanted: Wanted
    outcome: Outcome
    cell: Cell | None = None
    loaded: Loaded = field(default_factory=Loaded)
