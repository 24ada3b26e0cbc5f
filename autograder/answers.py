"""Answers: what every exercise is judged by, made from the solutions and the mistakes.

Trusted side only: a release leaves this file, `givens/`, `mistakes/` and `solutions/` out.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib
import threading
import traceback
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch

from autograder import ROOT, mistakes, probes
from autograder.catalogue import Exercise, read_toml
from autograder.cli import UserError
from autograder.judging.implementation import Implementation
from autograder.judging.observe import look, observe
from autograder.judging.verdict import AnswerKey, Case, Mistake
from autograder.observation import Observation, decode_observation
from autograder.probes.tools import ONLY_EXPECTED

GIVENS = Path(__file__).parent / "givens"

_ONE_AT_A_TIME = threading.Lock()  # probes seed the process's global random generators


class BrokenProbe(UserError):
    """A probe stops at the reference; the message names it, its given and the line.

    No key is made of that: a submission that the probe stops at, too, would be right.
    """


def answer_keys(
    exercises: Iterable[Exercise], secret: bytes | None = None, cuda: bool = False
) -> dict[str, AnswerKey]:
    """Return the answer key of each exercise.

    Without a secret the key has the public cases only; with one, also the hidden cases, drawn from
    it. With `cuda`, every case of the CPU stands there again on CUDA. Raises BrokenProbe.
    """
    return {e.name: answer_key(e, cases(e, secret, cuda)) for e in exercises}


def answer_key(exercise: Exercise, wanted: Sequence[Case]) -> AnswerKey:
    """Observe the reference of an exercise on its cases, and every mistake when it is wanted."""
    reference = implementation_of(exercise)

    def known_mistakes() -> tuple[Mistake, ...]:
        return tuple(
            Mistake(wrong.slug, wrong.feedback, observed(wrong))
            for wrong in mistakes.of(exercise.module, exercise.name)
        )

    def observed(wrong: mistakes.WrongWay) -> tuple[Observation, ...]:
        other = reference.replaced(wrong.replaces, wrong.implementation, wrong.file)
        return tuple(_observed(other, exercise, case) or Observation() for case in wanted)

    expected = tuple(_expected(reference, exercise, case) for case in wanted)
    return AnswerKey(tuple(wanted), expected, known_mistakes)


def implementation_of(exercise: Exercise) -> Implementation:
    """Return the reference: the solution's module as an implementation."""
    module = importlib.import_module(exercise.module)
    return Implementation(vars(module), frozenset({str(module.__file__)}))


def cases(exercise: Exercise, secret: bytes | None = None, cuda: bool = False) -> list[Case]:
    """Return the cases of an exercise: probes in the order of their definition, public first."""
    found = []
    for name in probes.names(exercise.module, exercise.name):
        rows = givens(exercise.module)[exercise.name][name]
        found += _cases(exercise, name, rows, "public", None)
        if secret is not None:
            found += _cases(exercise, name, rows, "hidden", secret)
    if cuda:
        found += [
            Case(case.probe, {**case.given, "device": "cuda"}, case.hidden)
            for case in found
            if case.device == "cpu" and not case.given.get("cpu_only")
        ]
    return found


@cache
def givens(module: str) -> Mapping[str, Mapping[str, Mapping[str, list[dict[str, Any]]]]]:
    """Read the givens of a module: exercise -> probe -> public and hidden rows."""
    return read_toml(GIVENS / f"{module}.toml")


def _cases(
    exercise: Exercise, probe: str, rows: Mapping[str, Any], kind: str, secret: bytes | None
) -> list[Case]:
    found = []
    for index, row in enumerate(rows.get(kind, [])):
        place = f"{exercise.name}.{probe}.{kind}.{index}".encode()
        seed = zlib.crc32(place) if secret is None else _secret_seed(secret, place)
        found.append(Case(probe, {"seed": seed, **row}, hidden=secret is not None))
    return found


def _secret_seed(secret: bytes, place: bytes) -> int:
    return int.from_bytes(hmac.digest(secret, place, hashlib.sha256)[:4], "big")


def _expected(reference: Implementation, exercise: Exercise, case: Case) -> Observation | None:
    """Return what a case's probe sees of the reference; None where it cannot run."""
    if case.device == "cuda" and not torch.cuda.is_available():
        return None
    probe = probes.find(exercise.module, exercise.name, case.probe)
    with _ONE_AT_A_TIME:
        before = ONLY_EXPECTED.set(True)
        try:
            facts = look(reference, probe, case.given)
        except Exception as error:
            raise BrokenProbe(_broken(exercise, case, error)) from error
        finally:
            ONLY_EXPECTED.reset(before)
    return decode_observation({"facts": facts, "raised": None, "line": None})


def _broken(exercise: Exercise, case: Case, error: Exception) -> str:
    """Say in a line where a probe has stopped at the reference."""
    frames = [(Path(f.filename), f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    kit = (ROOT / "autograder" / "probes", ROOT / "solutions")
    own = [(path, line) for path, line in frames if any(map(path.is_relative_to, kit))]
    path, line = (own or frames[:1])[-1]  # a given that breaks leaves no frame of a probe
    first_line = str(error).strip().partition("\n")[0]
    return (
        f"{path.relative_to(ROOT)}:{line}: the probe {case.probe} of {exercise.name} stops at the "
        f"reference on {dict(case.given)}: {type(error).__name__}: {first_line} (nothing was "
        f"judged by it: mend the probe or the reference, and run `descent check`)"
    )


def _observed(it: Implementation, exercise: Exercise, case: Case) -> Observation | None:
    if case.device == "cuda" and not torch.cuda.is_available():
        return None
    probe = probes.find(exercise.module, exercise.name, case.probe)
    with _ONE_AT_A_TIME:
        observed = decode_observation(observe(it, probe, case.given))
    if observed.raised and observed.raised.startswith("KeyboardInterrupt"):
        raise KeyboardInterrupt  # Ctrl-C here is nothing that the reference does
    return observed
