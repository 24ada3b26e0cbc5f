"""Replies: what is asked of the cell of a submission, and how its answers are read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from autograder.course import Exercise
from autograder.inside import limits
from autograder.inside.codec import Malformed, decode_observation
from autograder.inside.errors import DescentError
from autograder.inside.observation import Observation, Outcome
from autograder.inside.reading import WORK, LeftOut

MAX_NOTE = 400  # characters
MAX_WRITTEN, MAX_NAME = 5, 40  # files that are told, and characters of each
MAX_LINE = 2**22  # more lines than a source that is sent to a cell can have
MOST_KEPT = 2**14  # texts of references; the course has 1,228 cases

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
    """What is known of a source after its import: where definitions stand, which statements were
    left out, and by name, what tells that the name of a definition was given to something else.

    `stopped` says why there is no more than a brief reading or, if it is not `usable`, nothing.
    """

    lines: Mapping[str, int] = field(default_factory=dict)
    left: tuple[LeftOut, ...] = ()
    again: Mapping[str, str] = field(default_factory=dict)
    stopped: str | None = None
    usable: bool = True

    def left_out(self, names: Iterable[str]) -> LeftOut | None:
        """Return the statement, if it was left out, that would have bound one of these names."""
        return next((one for one in self.left if one.names.intersection(names)), None)


def read_loaded(reply: Mapping[str, Any], stopped: str | None) -> Loaded:
    """Read a reply to `load`; it only says where things stand, so nonsense is dropped."""
    lines, again, left = (reply.get(name) for name in ("lines", "again", "left"))
    own = lines.items() if isinstance(lines, dict) else ()
    notes = again.items() if isinstance(again, dict) else ()
    return Loaded(
        {name: line for name, line in own if _is_line(line)},
        tuple(filter(None, map(_left_out, left if isinstance(left, list) else ()))),
        {name: note[:MAX_NOTE] for name, note in notes if isinstance(note, str)},
        stopped,
    )


def _is_line(number: object) -> bool:
    return type(number) is int and 0 < number <= MAX_LINE


def _left_out(told: object) -> LeftOut | None:
    match told:
        case [int() | None as line, str() as text, list() as names]:
            own = line if _is_line(line) else None
            return LeftOut(own, text[:MAX_NOTE], frozenset(map(str, names)))
        case _:
            return None


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
            missing = [name for name in wanted.exercise.names if name in reply["missing"]]
            if not missing:
                raise Malformed("it misses names that nobody asked for")
            return _without(missing, start, loaded)
        observations = tuple(_observation(text, wanted.trusted) for text in reply["observations"])
        if len(observations) != len(wanted.requests):
            raise Malformed(f"{len(observations)} observations for {len(wanted.requests)} cases")
    except (Malformed, KeyError, TypeError) as error:
        return replace(start, trouble=f"the process sent no observations: {error}")
    return replace(start, observations=observations, written=_written(reply))


def _written(reply: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the names of files; they only tell something, so nonsense is dropped."""
    names = reply.get("written")
    few = names[:MAX_WRITTEN] if isinstance(names, list) else ()
    return tuple(name[:MAX_NAME] for name in few if isinstance(name, str))


def _without(missing: Sequence[str], start: Outcome, loaded: Loaded) -> Outcome:
    """Return the outcome of an exercise whose names a source does not bind."""
    gone = f"{', '.join(missing)} is not defined"
    if (left := loaded.left_out(missing)) is None:
        return replace(start, trouble=f"{gone} in this file: put the stub back")
    if left.told == WORK:
        return replace(start, line=left.line, trouble=f"{gone}, since this was left out: {WORK}")
    return replace(start, line=left.line, trouble=f"{gone}, since this does not run: {left.told}")


_KEPT: dict[str, Observation] = {}  # by the text that a reference has sent


def _observation(text: object, trusted: bool) -> Observation:
    """Return the observation in a text. If a reference has sent the same text it is the reference's
    own object: so does a right answer mostly, and need not be decoded or compared."""
    if not isinstance(text, str):
        raise Malformed("an observation is a text")
    if (known := _KEPT.get(text)) is not None:
        return known
    observation = _decoded(text)
    if trusted:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[text] = observation
    return observation


def _decoded(text: str) -> Observation:
    """Decode an observation; an exception that a limit causes names the limit."""
    try:
        observation = decode_observation(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise Malformed("an observation is not JSON") from error
    if observation.raised is None:
        return observation
    return replace(observation, raised=limits.named(observation.raised))
