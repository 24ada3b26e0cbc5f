"""Fuzz: damaged replies neither break the grader nor earn a point; `make attacks` sends 42,000."""

from __future__ import annotations

import copy
import json
import math
import random
import socket
import struct
from collections.abc import Callable, Iterable
from typing import Any, cast

import pytest

from autograder.answers.keys import answer_keys
from autograder.batch.result import Result, to_json
from autograder.cells.client import Cell
from autograder.cells.host import GraderFault
from autograder.cells.observer import LocalObserver
from autograder.cells.replies import Loaded, Wanted, read_outcome
from autograder.cells.run import SubmissionRun
from autograder.cells.source import CellSource
from autograder.course import Exercise, exercises
from autograder.inside import clock, wire
from autograder.inside.codec import encode_observation
from autograder.inside.observation import Observation, Outcome
from autograder.inside.submission import Source, Submission
from autograder.judging.key import AnswerKey
from autograder.judging.verdict import Verdict, judge
from tests.samples import MODEL, MSE

from .corpus import WANTED

# damaged in each way, for each exercise, half of them of a wrong submission
FRAMES = 7_000 if WANTED == "whole" else 2_000
EXERCISES = ("mse", "linreg_grads", "nudge")
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**63, 10**400, 1.5, float("nan"), float("inf"), "", "\ud800"),
    *([], {}, [[]], {"tensor": {}}, {"logged": 0.5}, {"tuple": []}, {"dict": [1]}, "x" * 3_000),
)


def replies(
    exercise: Exercise, observer: LocalObserver
) -> tuple[AnswerKey, dict[str, Any], dict[str, Any]]:
    """Return the key of an exercise, the reply of its reference and that of a wrong submission."""
    key = answer_keys([exercise], observer, b"fuzz")[exercise.name]

    def reply(seen: Iterable[Observation | None]) -> dict[str, Any]:
        found = [encode_observation(one) for one in seen if one is not None]
        return as_sent({"stub": False, "missing": [], "observations": found})

    return key, reply(key.expected), reply(key.mistakes[0].observations)


def as_sent(reply: dict[str, Any]) -> dict[str, Any]:
    """Make text of the observations in a reply, but for one that is a text already."""
    seen = reply.get("observations")
    if not isinstance(seen, list):
        return reply
    texts = [one if isinstance(one, str) else json.dumps(one) for one in seen]
    return {**reply, "observations": texts}


def observations(reply: dict[str, Any]) -> list[Any]:
    """Parse the observations of a reply."""
    return [json.loads(text) for text in reply["observations"]]


def received(frame: bytes) -> Any:
    """Send bytes over a socket that then closes, and receive them as the coordinator does."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        theirs.sendall(frame)
        theirs.shutdown(socket.SHUT_WR)
        reply = wire.receive(ours, clock.timer(60.0))
    if not isinstance(reply, dict):
        raise wire.BadFrame("a reply is not a mapping")
    return reply


def judged(exercise: Exercise, key: AnswerKey, frame: bytes) -> tuple[Verdict, Any] | None:
    """Judge a frame; None when the wire refuses it, and any other exception is a failure."""
    try:
        reply = received(frame)
    except (wire.BadFrame, wire.Ended):
        return None
    outcome = _whole(exercise, key, reply)
    return judge(exercise, key, outcome), reply


def framed(body: bytes) -> bytes:
    """Put the length in front."""
    return struct.pack("!I", len(body)) + body


def damaged_bytes(reply: dict[str, Any], chance: random.Random) -> bytes:
    """Flip, drop, insert, repeat or cut bytes anywhere, the length among them or set right."""
    whole = bytearray(framed(json.dumps(reply).encode()))
    for _ in range(chance.choice((1, 1, 2, 8))):
        at, kind = chance.randrange(max(len(whole), 1)), chance.randrange(5)
        if len(whole) < 8:
            break
        if kind == 0:
            whole[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del whole[at : at + chance.randrange(1, 40)]
        elif kind == 2:
            whole[at:at] = chance.choice((b"9", b"-", b"[", b"}", b"null,", b"\xff", b"\\ud800"))
        elif kind == 3:
            start = chance.randrange(len(whole))
            whole[at:at] = whole[start : start + chance.randrange(1, 200)]
        else:
            del whole[max(at, 1) :]
    return bytes(whole) if chance.random() < 0.2 else framed(bytes(whole[4:]))


def damaged_structure(reply: dict[str, Any], chance: random.Random) -> bytes:
    """Replace, drop, rename, repeat or wrap a part of the JSON, within observations mostly."""
    whole = copy.deepcopy(reply)
    if "observations" in reply and chance.random() < 0.9:
        whole["observations"] = observations(reply)
    for _ in range(chance.choice((1, 1, 3))):
        holder, place = chance.choice(list(_places(whole)) or [(whole, "stub")])
        kind = chance.randrange(5)
        if kind == 0:
            holder[place] = chance.choice(ODD)
        elif kind == 1:
            del holder[place]
        elif kind == 2 and isinstance(holder, dict):
            holder[chance.choice(("facts", "tensor", "values", "raised", "x"))] = holder.pop(place)
        elif kind == 3 and isinstance(holder, list):
            holder.insert(chance.randrange(len(holder) + 1), copy.deepcopy(holder[place]))
        else:
            holder[place] = chance.choice(([holder[place]], {"list": [holder[place]]}))
    return framed(json.dumps(as_sent(whole)).encode())


def _places(value: Any) -> Any:
    """Yield (holder, key or index) of every part of parsed JSON."""
    if isinstance(value, dict | list):
        for place in value if isinstance(value, dict) else range(len(value)):
            yield value, place
            yield from _places(value[place])


def alike(yours: Any, right: Any) -> bool:
    """Say whether two parts of replies say the same, but for the last digits and for what is told
    and never compared: line numbers, and calls as they can be typed."""
    if isinstance(right, dict) and isinstance(yours, dict):
        names = (set(right) | set(yours)) - {"line", "calls"}
        return all(n in yours and n in right and alike(yours[n], right[n]) for n in names)
    if isinstance(right, list) and isinstance(yours, list):
        return len(yours) == len(right) and all(map(alike, yours, right))
    if type(right) is float and type(yours) is float:
        both_nan = math.isnan(yours) and math.isnan(right)
        return both_nan or math.isclose(yours, right, rel_tol=1e-4, abs_tol=1e-4)
    return type(yours) is type(right) and bool(yours == right)


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("damaged", [damaged_bytes, damaged_structure])
def test_damaged_replies_are_refused(
    name: str,
    damaged: Callable[[dict[str, Any], random.Random], bytes],
    observer: LocalObserver,
) -> None:
    """A damaged reply of a wrong submission earns no more than the whole one; one of a right
    submission passes only where the damage left what it says as it was."""
    exercise = exercises()[name]
    key, right, wrong = replies(exercise, observer)
    chance = random.Random(f"{name} {damaged.__name__}")
    passes = 0
    assert judge(exercise, key, _whole(exercise, key, right)).status == "pass"
    undamaged = judge(exercise, key, _whole(exercise, key, wrong)).score or 0
    for count in range(FRAMES):
        reply = right if count % 2 else wrong
        if (told := judged(exercise, key, damaged(reply, chance))) is None:
            continue
        verdict, parsed = told
        assert verdict.status in ("pass", "fail", "not_attempted")
        assert verdict.gap.isprintable()
        if verdict.status == "pass":
            passes += 1
            assert reply is right
            assert alike(observations(parsed), observations(right))
        elif reply is wrong:
            assert (verdict.score or 0) <= undamaged
    assert passes < FRAMES / 4


def _whole(exercise: Exercise, key: AnswerKey, reply: Any) -> Outcome:
    wanted = Wanted(exercise, key.requests)
    return read_outcome(reply, wanted, Outcome("fuzz.py"), Loaded())


class Recorded:
    """A source of cells whose replies are bytes that were sent before, the same for each cell."""

    def __init__(self, sent: bytes) -> None:
        self._sent = sent

    def cell(self) -> Cell:
        """Return a cell that has answered everything, takes requests, and says no more."""
        ours, theirs = socket.socketpair()

        def end(has_ended: bool) -> int:
            theirs.close()
            return 0

        theirs.setblocking(False)
        theirs.sendall(self._sent)
        theirs.shutdown(socket.SHUT_WR)
        return Cell(ours, end)


LOADED: dict[str, Any] = {
    "left": [[3, "NameError: name 'x' is not defined: `x`", ["x"]], [None, "it ends", ["model"]]],
    "lines": {"mse": 4, "model": 1},
    "again": {"mse": "`mse` is set again in line 9: `mse = 1`; the definition of line 4 is judged"},
}


@pytest.mark.parametrize("damaged", [damaged_bytes, damaged_structure])
@pytest.mark.parametrize("place", ["greeting", "import"])
def test_damaged_greetings_and_imports_are_told(
    place: str,
    damaged: Callable[[dict[str, Any], random.Random], bytes],
    observer: LocalObserver,
) -> None:
    """Whatever a cell says before its first observations, its outcome is judged, or told in a line;
    only one that never greets is the grader's own fault, since nothing of a submission has run."""
    exercise = exercises()["mse"]
    key, right, _ = replies(exercise, observer)
    chance = random.Random(f"{place} {damaged.__name__}")
    submission = Submission("fuzz", {"m06_model": Source("fuzz.py", MODEL + MSE)})
    for _ in range(FRAMES // 4):
        frames = {"greeting": framed(b"{}"), "import": framed(json.dumps(LOADED).encode())}
        frames[place] = damaged(LOADED, chance)
        sent = b"".join([*frames.values(), framed(json.dumps(right).encode())])
        with SubmissionRun(cast("CellSource", Recorded(sent)), submission) as run:
            try:
                outcome = run.outcome(exercise, key.requests)
            except GraderFault:
                assert place == "greeting"
                continue
        verdict = judge(exercise, key, outcome)
        assert verdict.status in ("pass", "fail", "not_attempted")
        assert verdict.message or verdict.status == "pass"
        result = Result("fuzz", {"mse": verdict}, {}, verdict.notes)
        told = json.dumps(to_json(result, {"mse": key}, submission), ensure_ascii=False)
        assert told.isprintable()
        assert len(told.encode()) < 20_000
        assert verdict.line is None or 0 < verdict.line < 2**31
