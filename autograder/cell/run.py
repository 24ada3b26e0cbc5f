"""Run a submission: observe its exercises in a cell, and in a fresh one after a limit or a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.catalogue import Exercise
from autograder.cell import wire
from autograder.cell.client import Cell, Zygote
from autograder.observation import MAX_TEXT, Malformed, Outcome, decode_observation
from autograder.submission import Submission

LIMIT_S = 10.0  # wall clock, for importing a module and for all cases of an exercise


class SubmissionRun:
    """The observations of one submission. Use as a context manager."""

    def __init__(self, zygote: Zygote, submission: Submission, limit: float = LIMIT_S) -> None:
        self._zygote = zygote
        self._submission = submission
        self._limit = limit
        self._cell: Cell | None = None
        self._import_trouble: dict[str, str] = {}
        self._unusable: set[str] = set()

    def __enter__(self) -> SubmissionRun:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._end_cell()

    def outcome(self, exercise: Exercise, cases: Sequence[Mapping[str, Any]]) -> Outcome:
        """Observe one exercise on its cases (`{probe, given}`).

        What the submission does wrong is in the outcome; GraderFault is the grader's own failure.
        """
        file = self._submission.file(exercise.module)
        source = self._submission.source_name(exercise.module)
        if source not in self._submission.sources:
            return Outcome(file, trouble=f"{file} is missing: put the file back")
        cell = self._ready_cell()
        trouble = self._import_trouble.get(source)
        if source in self._unusable:
            return Outcome(file, trouble=f"{file} cannot be imported: {trouble}")
        request = {
            "module": exercise.module,
            "exercise": exercise.name,
            "names": exercise.names,
            "cases": cases,
        }
        reply = self._guarded(lambda: cell.request(request, self._limit), exercise.name)
        if isinstance(reply, str):
            return Outcome(file, trouble=reply)
        return _outcome(reply, file, trouble, len(cases))

    def _ready_cell(self) -> Cell:
        """Return a cell into which every usable source is loaded, making it if there is none."""
        while self._cell is None:
            self._cell = self._zygote.cell()
            usable = {n: s for n, s in self._submission.sources.items() if n not in self._unusable}
            sources = {n: {"file": s.file, "text": s.text} for n, s in usable.items()}
            self._send_sources(self._cell, sources)
        return self._cell

    def _send_sources(self, cell: Cell, sources: Mapping[str, Any]) -> None:
        wire.send(cell._connection, {"sources": sources})
        for name in sources:
            reply = self._guarded(
                lambda name=name: cell.request({"load": name}, self._limit), "the import"
            )
            if isinstance(reply, str):  # hung or dead: start again without this module
                self._import_trouble[name] = reply
                self._unusable.add(name)
                return
            if reply.get("trouble") is not None:
                self._import_trouble[name] = str(reply["trouble"])[:MAX_TEXT]

    def _guarded(self, request: Callable[[], dict[str, Any]], what: str) -> dict[str, Any] | str:
        """Return the reply, or a line that tells why there is none; the cell is then ended."""
        try:
            return request()
        except TimeoutError:
            told = f"{what} ran longer than {self._limit:g} s: is there a loop that never ends?"
        except wire.Ended:
            told = f"{what} ended the process (os._exit, or a crash)"
        except wire.Broken as error:
            told = f"{what} broke the connection to the grader: {error}"
        self._end_cell()
        return told

    def _end_cell(self) -> None:
        if self._cell is not None:
            cell, self._cell = self._cell, None
            cell.close()


def _outcome(reply: Mapping[str, Any], file: str, trouble: str | None, cases: int) -> Outcome:
    """Decode a reply strictly; one that is malformed is the submission's doing."""
    try:
        line = reply["line"] if type(reply["line"]) is int else None
        if reply["stub"] is True:
            return Outcome(file, line, stub=True)
        if missing := [str(name)[:100] for name in reply["missing"]]:
            return Outcome(file, line, trouble=_missing(file, missing, trouble))
        observations = tuple(decode_observation(data) for data in reply["observations"])
        if len(observations) != cases:
            raise Malformed(f"{len(observations)} observations for {cases} cases")
    except (Malformed, KeyError, TypeError) as error:
        return Outcome(file, trouble=f"the process sent no observations: {error}")
    return Outcome(file, line, observations=observations)


def _missing(file: str, names: Sequence[str], trouble: str | None) -> str:
    if trouble is None:
        return f"{file} does not define {', '.join(names)}: put the stub back"
    return f"{file} stopped before {', '.join(names)} was defined: {trouble}"
