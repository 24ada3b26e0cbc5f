"""Replies: what is asked of the cell of a submission, and how its answers are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from autograder.course import Exercise
from autograder.inside import limits
from autograder.inside.codec import Malformed, decode_observation
from autograder.inside.errors import DescentError
from autograder.inside.observation import MAX_TEXT, Observation, Outcome

MAX_NOTE = 200  # characters

Requests: TypeAlias = Sequence[Mapping[str, Any]]  # each is `{probe, given}`


class ProbeStopped(DescentError):
    """A probe did not come to its end at code of the kit's own."""

    def __init__(self, case: int, place: str, raised: str) -> None:
        """`case` is the number of the request, `place` the file and line where it stopped."""
        super().__init__(f"{place}: {raised}")
        self.case, self.place, self.raised = case, place, raised


@dataclass(frozen=True)
class Wanted:
    """What a cell is asked: an exercise, and a request for each of its cases.

    `source` names the source in which it is looked up, by default that of its module. What is
    `trusted`, a reference, may raise only what a probe expects (ProbeStopped).
    """

    exercise: Exercise
    requests: Requests
    source: str | None = None
    trusted: bool = False


@dataclass(frozen=True)
class Loaded:
    """What is known of a source after its import: where definitions stand, where it stopped, and by
    name, what tells that the name of a definition was given to something else."""

    lines: Mapping[str, int] = field(default_factory=dict)
    stopped_at: int | None = None
    trouble: str | None = None
    usable: bool = True
    again: Mapping[str, str] = field(default_factory=dict)


def read_loaded(reply: Mapping[str, Any]) -> Loaded:
    """Read a reply to `load`; it only says where things stand, so nonsense is dropped."""
    lines, trouble = reply.get("lines"), reply.get("trouble")
    own = lines if isinstance(lines, dict) else {}
    known = {name: line for name, line in own.items() if type(line) is int}
    told = reply.get("again")
    notes = told.items() if isinstance(told, dict) else ()
    again = {name: note[:MAX_NOTE] for name, note in notes if isinstance(note, str)}
    match trouble:
        case [int() | None as line, str() as text]:
            stopped = f"the import of this file stops here: {text[:MAX_TEXT]}"
            return Loaded(known, line, stopped, again=again)
        case _:
            return Loaded(known, again=again)


def read_outcome(
    reply: Mapping[str, Any], wanted: Wanted, start: Outcome, loaded: Loaded
) -> Outcome:
    """Decode a reply about an exercise strictly; one that is malformed is the submission's doing.

    Raises ProbeStopped where the kit's own code did not come to the end of a probe.
    """
    try:
        if wanted.trusted and "stopped" in reply:
            raise ProbeStopped(*reply["stopped"])
        if reply["stub"] is True:
            return replace(start, stub=True)
        if reply["missing"]:
            if loaded.trouble:
                return replace(start, line=loaded.stopped_at, trouble=loaded.trouble)
            missing = [name for name in wanted.exercise.names if name in reply["missing"]]
            if not missing:
                raise Malformed("it misses names that nobody asked for")
            gone = f"{', '.join(missing)} is not defined in this file: put the stub back"
            return replace(start, trouble=gone)
        observations = tuple(_observation(data) for data in reply["observations"])
        if len(observations) != len(wanted.requests):
            raise Malformed(f"{len(observations)} observations for {len(wanted.requests)} cases")
    except (Malformed, KeyError, TypeError) as error:
        return replace(start, trouble=f"the process sent no observations: {error}")
    return replace(start, observations=observations)


def _observation(data: object) -> Observation:
    """Decode an observation; an exception that a limit causes names the limit."""
    observation = decode_observation(data)
    if observation.raised is None:
        return observation
    return replace(observation, raised=limits.named(observation.raised))
