"""Run a submission: observe its exercises in a cell, in a fresh one after a limit or a crash."""

from __future__ import annotations

import contextlib
import signal
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeAlias

from autograder.catalogue import Exercise
from autograder.cell import limits, wire
from autograder.cell.client import Cell, CpuTimeout
from autograder.cell.host import START_LIMIT_S, GraderFault
from autograder.cell.source import CellSource
from autograder.observation import (
    MAX_TEXT,
    Malformed,
    Observation,
    Outcome,
    decode_observation,
)
from autograder.submission import Submission

# What a system ends a process by (a submission can send it to itself, too); a crash is none of it.
_FROM_OUTSIDE = (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM))
AHEAD = 1  # requests that wait in a cell while it works on another
Cases: TypeAlias = Sequence[Mapping[str, Any]]  # each is `{probe, given}`


class TooSlow(Exception):
    """A first look came to no end: the full limits are to decide, when nobody waits."""


class _Killed(Exception):
    """A cell was ended from outside: what was asked of it is to be asked of another one."""


class SubmissionRun:
    """The observations of one submission. Use as a context manager.

    `limit` is in seconds of processor time, for each import and each exercise. A `first_look` has
    less, and raises TooSlow instead of telling of a limit.
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
        self._loaded: dict[str, _Loaded] = {}

    def __enter__(self) -> SubmissionRun:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._end_cell()

    def outcome(self, exercise: Exercise, cases: Cases) -> Outcome:
        """Observe one exercise on its cases.

        What the submission does wrong is in the outcome; GraderFault is the grader's own failure.
        """
        return next(self.outcomes([(exercise, cases)]))

    def outcomes(self, wanted: Iterable[tuple[Exercise, Cases]]) -> Iterator[Outcome]:
        """Observe exercises in turn. The next one is asked for before the last has answered, so
        that the cell need not wait for it."""
        asked = deque[_Asked]()
        for exercise, cases in wanted:
            asked.append(self._ask(exercise, cases))
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
                asked[place] = self._ask(other.exercise, other.cases)
        return outcome

    def _ask(self, exercise: Exercise, cases: Cases) -> _Asked:
        """Ask a cell for the observations of an exercise, if it can be asked."""
        file = self._submission.file(exercise.module)
        source = self._submission.source_name(exercise.module)
        if source not in self._submission.sources:
            missing = "the file is missing: put it back"
            trouble = self._submission.problems.get(exercise.module, missing)
            return _Asked(exercise, cases, Outcome(file, trouble=trouble))
        cell = self._ready_cell()
        loaded = self._loaded[source]
        if not loaded.usable:
            return _Asked(exercise, cases, Outcome(file, loaded.stopped_at, trouble=loaded.trouble))
        line = next((loaded.lines[name] for name in exercise.names if name in loaded.lines), None)
        request = {
            "module": exercise.module,
            "exercise": exercise.name,
            "names": exercise.names,
            "cases": cases,
        }
        _send(cell, request)
        return _Asked(exercise, cases, Outcome(file, line), cell, loaded)

    def _told(self, asked: _Asked) -> Outcome:
        """Return the outcome of an exercise."""
        while asked.cell is not None:
            try:
                reply = self._reply(asked.cell, asked.exercise.name)
            except _Killed:
                asked = self._ask(asked.exercise, asked.cases)
                continue
            if isinstance(reply, str):
                return replace(asked.outcome, trouble=reply)
            return _outcome(reply, asked)
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
            except (TimeoutError, wire.Ended, wire.Broken) as error:
                raise GraderFault("a cell does not start") from error
        return self._cell

    def _load_sources(self, cell: Cell) -> None:
        def usable(name: str) -> bool:
            return name not in self._loaded or self._loaded[name].usable

        given = sorted(self._submission.sources.items())
        sources = {name: asdict(source) for name, source in given if usable(name)}
        cell.request({"sources": sources}, START_LIMIT_S)
        for name in sources:
            _send(cell, {"load": name})
            reply = self._reply(cell, "the import")
            if isinstance(reply, str):  # hung or dead: start again without this module
                self._loaded[name] = _Loaded(trouble=reply, usable=False)
                return
            self._loaded[name] = _loaded(reply)

    def _reply(self, cell: Cell, what: str) -> dict[str, Any] | str:
        """Return the reply, or a line that tells why there is none; the cell is then ended.

        Raises _Killed where that was nobody's doing here, and another cell is to be tried.
        """
        waited, wall = cell.waited, self._limit * limits.WALL_FACTOR
        spent = f"{what} was not finished: the submission has used its {limits.SUBMISSION_S:g} s"
        try:
            if self._left > 0:
                return cell.reply(min(wall, self._left), self._limit)
            told = spent
        except TimeoutError as error:
            if self._first_look:
                raise TooSlow(what) from error
            told = f"{what} waited longer than {wall:g} s: is there a wait that never ends?"
            if self._left < wall:
                told = spent
            if isinstance(error, CpuTimeout):
                told = f"{what} ran longer than {self._limit:g} s: is there a loop that never ends?"
        except wire.Ended:
            told = self._ended(cell, what)
        except wire.Broken as error:
            told = f"{what} broke the connection to the grader: {error}"
        finally:
            self._left -= cell.waited - waited
        self._end_cell()
        return told

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


def _send(cell: Cell, request: dict[str, Any]) -> None:
    """Send a request; where it cannot be sent there will be no reply, which tells why."""
    with contextlib.suppress(wire.Ended, TimeoutError):
        cell.ask(request)


@dataclass(frozen=True)
class _Loaded:
    """What is known of a source after its import: where definitions stand, where it stopped."""

    lines: Mapping[str, int] = field(default_factory=dict)
    stopped_at: int | None = None
    trouble: str | None = None
    usable: bool = True


def _loaded(reply: Mapping[str, Any]) -> _Loaded:
    """Read a reply to `load`; it only says where things stand, so nonsense is dropped."""
    lines, trouble = reply.get("lines"), reply.get("trouble")
    own = lines if isinstance(lines, dict) else {}
    known = {name: line for name, line in own.items() if type(line) is int}
    match trouble:
        case [int() | None as line, str() as text]:
            told = f"the import of this file stops here: {text[:MAX_TEXT]}"
            return _Loaded(known, line, told)
        case _:
            return _Loaded(known)


@dataclass(frozen=True)
class _Asked:
    """An exercise about which a cell was asked; without a cell, `outcome` is all of it."""

    exercise: Exercise
    cases: Cases
    outcome: Outcome
    cell: Cell | None = None
    loaded: _Loaded = field(default_factory=_Loaded)


def _outcome(reply: Mapping[str, Any], asked: _Asked) -> Outcome:
    """Decode a reply strictly; one that is malformed is the submission's doing."""
    start, loaded = asked.outcome, asked.loaded
    try:
        if reply["stub"] is True:
            return replace(start, stub=True)
        if reply["missing"]:
            if loaded.trouble:
                return replace(start, line=loaded.stopped_at, trouble=loaded.trouble)
            missing = [name for name in asked.exercise.names if name in reply["missing"]]
            if not missing:
                raise Malformed("it misses names that nobody asked for")
            gone = f"{', '.join(missing)} is not defined in this file: put the stub back"
            return replace(start, trouble=gone)
        observations = tuple(_observation(data) for data in reply["observations"])
        if len(observations) != len(asked.cases):
            raise Malformed(f"{len(observations)} observations for {len(asked.cases)} cases")
    except (Malformed, KeyError, TypeError) as error:
        return replace(start, trouble=f"the process sent no observations: {error}")
    return replace(start, observations=observations)


def _observation(data: object) -> Observation:
    """Decode an observation; an exception that a limit causes names the limit."""
    observation = decode_observation(data)
    if observation.raised is None:
        return observation
    return replace(observation, raised=limits.named(observation.raised))
