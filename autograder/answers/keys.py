"""Answer keys: cases, and what an observer sees of the references and of the mistakes on them."""

from __future__ import annotations

import hashlib
import hmac
import threading
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from autograder.answers.ways import called, mistakes, needed, references, solution
from autograder.cells.host import GraderFault
from autograder.cells.observer import Observer
from autograder.cells.replies import ProbeStopped, Wanted
from autograder.course import Exercise, givens, modules
from autograder.inside.errors import UserError
from autograder.inside.observation import Observation, Outcome
from autograder.inside.submission import Source, Submission
from autograder.judging.key import AnswerKey, Case, Mistake

# A module in which one name of a reference's is a mistake's; the others are the reference's.
_WITH_MISTAKE = """\
import {module} as reference, {own} as own
globals().update({{k: v for k, v in vars(reference).items() if not k.startswith("__")}})
{replaces} = own.{name}
{called}"""


class BrokenProbe(UserError):
    """A probe stops at the reference; the message names it, its given and the line.

    No key is made of that: a submission that the probe stops at, too, would be right.
    """


def answer_keys(
    exercises: Iterable[Exercise],
    observer: Observer,
    secret: bytes | None = None,
    cuda: bool = False,
    desk: bool = False,
) -> dict[str, AnswerKey]:
    """Return the answer key of each exercise.

    Without a secret the key has the cases of a desk only; with one, the public rows and the hidden
    cases, drawn from it, and all cases of a desk if that is asked. With `cuda`, every case of the
    CPU stands there again on CUDA. The references are observed together, when one is needed first;
    BrokenProbe is raised then.
    """
    chosen = {exercise.name: exercise for exercise in exercises}
    wanted = {name: tuple(cases(one, secret, cuda, desk)) for name, one in chosen.items()}
    seen = _References(observer, chosen, wanted)
    others = _References(observer, chosen, _others(chosen, secret, cuda))
    return {
        name: AnswerKey(
            wanted[name],
            partial(seen.expected, name),
            partial(_mistakes, observer, one, wanted[name]),
            partial(others.expected, name),
        )
        for name, one in chosen.items()
    }


def cases(
    exercise: Exercise,
    secret: bytes | None = None,
    cuda: bool = False,
    desk: bool = False,
    another: bool = False,
) -> list[Case]:
    """Return the cases of an exercise: probes in the order of their givens, public first.

    Without a secret these are the cases of a student's desk: the public rows, and the hidden ones
    with numbers that are no secret, so that desk and grade differ in numbers alone. With one, the
    hidden rows are drawn from it, and stand there for the desk as well only if that is asked. With
    `another`, all that is drawn is drawn once more, and each number from a range is another one.
    """
    found = []
    for name, rows in givens(exercise).items():
        found += _public_cases(exercise, name, rows, desk or secret is None)
        if secret is not None:
            found += _hidden_cases(exercise, name, rows.get("hidden", []), secret, another)
    if cuda:
        found += [
            Case(case.probe, {**case.given, "device": "cuda"}, case.hidden)
            for case in found
            if case.device == "cpu" and not case.given.get("cpu_only")
        ]
    return found


def _public_cases(
    exercise: Exercise, probe: str, rows: Mapping[str, Any], desk: bool
) -> list[Case]:
    found = []
    more = rows.get("hidden", []) if desk else []
    for index, row in enumerate([*rows.get("public", []), *more]):
        seed = zlib.crc32(_place(exercise, probe, "public", index))
        given = {name: _drawn(value, f"{seed}.{name}") for name, value in row.items()}
        found.append(Case(probe, {"seed": seed, **given}))
    return found


def _hidden_cases(
    exercise: Exercise,
    probe: str,
    rows: Sequence[Mapping[str, Any]],
    secret: bytes,
    another: bool,
) -> list[Case]:
    found = []
    for index, row in enumerate(rows):
        place = _place(exercise, probe, "hidden", index)
        seed = _secret_seed(secret, place)
        given = {name: _drawn(value, f"{seed}.{name}", another) for name, value in row.items()}
        seed = _secret_seed(secret, b"another " + place) if another else seed
        found.append(Case(probe, {"seed": seed, **given}, hidden=True))
    return found


def _place(exercise: Exercise, probe: str, kind: str, index: int) -> bytes:
    return f"{exercise.name}.{probe}.{kind}.{index}".encode()


def _drawn(value: Any, place: str, another: bool = False) -> Any:
    """Return an entry of a row; where it is a range, `{from, to}`, a number drawn from it."""
    if isinstance(value, list):
        return [_drawn(item, f"{place}.{index}", another) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    low, high = value["from"], value["to"]
    number = int.from_bytes(hashlib.sha256(place.encode()).digest()[:4], "big")
    share = (number / 2**32 + another / 2) % 1
    return low + (int(share * (high - low + 1)) if isinstance(low, int) else share * (high - low))


def _others(
    chosen: Mapping[str, Exercise], secret: bytes | None, cuda: bool
) -> dict[str, list[Case]]:
    """Return the hidden cases with other numbers; none without a secret."""
    return {
        name: [case for case in cases(one, secret, cuda, another=True) if case.hidden]
        for name, one in chosen.items()
    }


def _secret_seed(secret: bytes, place: bytes) -> int:
    return int.from_bytes(hmac.digest(secret, place, hashlib.sha256)[:4], "big")


class _References:
    """What is seen of the references of some exercises; observed once, in one cell."""

    def __init__(
        self,
        observer: Observer,
        exercises: Mapping[str, Exercise],
        cases: Mapping[str, Sequence[Case]],
    ) -> None:
        self._observer = observer
        self._exercises = exercises
        self._cases = cases
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[Observation | None, ...]] = {}

    def expected(self, name: str) -> tuple[Observation | None, ...]:
        """Return the observations of a reference."""
        with self._lock:
            if not self._seen:
                self._seen = self._observed()
        return self._seen[name]

    def _observed(self) -> dict[str, tuple[Observation | None, ...]]:
        every = list(self._exercises.values())
        wanted = [
            Wanted(one, _requests(self._observer, self._cases[one.name]), trusted=True)
            for one in every
        ]
        outcomes = self._observer.outcomes(references({one.module for one in every}), wanted)
        seen: dict[str, tuple[Observation | None, ...]] = {}
        try:
            for one, outcome in zip(every, outcomes, strict=True):
                if outcome.trouble or outcome.stub:
                    raise BrokenProbe(f"the reference of {one.name} has no answer: {outcome}")
                seen[one.name] = _in_place(self._observer, self._cases[one.name], outcome)
        except ProbeStopped as error:
            raise self._broken(error, every[len(seen)]) from error
        return seen

    def _broken(self, stopped: ProbeStopped, exercise: Exercise) -> BrokenProbe:
        """Say in a line where a probe has stopped at a reference."""
        case = _runnable(self._observer, self._cases[exercise.name])[stopped.case]
        return BrokenProbe(
            f"{stopped.place}: the probe {case.probe} of {exercise.name} stops at the reference on "
            f"{dict(case.given)}: {stopped.raised} (nothing was judged by it: mend the probe or "
            "the reference, and run `descent check`)"
        )


def _mistakes(observer: Observer, exercise: Exercise, cases: Sequence[Case]) -> tuple[Mistake, ...]:
    """Observe every mistake of an exercise on its cases, all in one cell."""
    module = exercise.module
    every = mistakes(exercise)
    texts = {name: solution(name) for name in modules()}
    views = []
    for index, way in enumerate(every):
        own, view = f"mistake{index}", f"with_mistake{index}"
        texts[own] = way.text
        texts[view] = _WITH_MISTAKE.format(
            module=module,
            own=own,
            replaces=way.replaces,
            name=way.name,
            called=called(way.replaces, way.replaces),
        )
        views.append(view)
    sources = {name: Source(f"{name}.py", texts[name]) for name in needed(texts, views)}
    wanted = [Wanted(exercise, _requests(observer, cases), source=view) for view in views]
    outcomes = observer.outcomes(Submission("mistakes", sources), wanted)
    found = []
    for way, outcome in zip(every, outcomes, strict=True):
        if outcome.trouble or outcome.stub:
            raise GraderFault(f"the mistake {way.slug} of {exercise.name}: {outcome.trouble}")
        seen = _in_place(observer, cases, outcome)
        observations = tuple(one or Observation() for one in seen)
        found.append(Mistake(str(way.slug), way.story, observations))
    return tuple(found)


def _requests(observer: Observer, cases: Sequence[Case]) -> list[dict[str, Any]]:
    return [case.request() for case in _runnable(observer, cases)]


def _runnable(observer: Observer, cases: Sequence[Case]) -> list[Case]:
    """Return the cases that this machine can run."""
    return [case for case in cases if case.device != "cuda" or observer.cuda]


def _in_place(
    observer: Observer, cases: Sequence[Case], outcome: Outcome
) -> tuple[Observation | None, ...]:
    """Return an observation for each case, None for those that cannot run here."""
    left = iter(outcome.observations)
    runs = (case.device != "cuda" or observer.cuda for case in cases)
    return tuple(next(left) if does else None for does in runs)
