"""A class whose verdicts are known: what tests of the desk read, without running anything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from autograder.batch.ledger import Ledger
from autograder.batch.result import Result, to_json
from autograder.batch.standing import Student, students
from autograder.course import exercises
from autograder.inside.submission import Source, Submission
from autograder.judging.key import AnswerKey, Case
from autograder.judging.verdict import Verdict

MSE = exercises()["mse"]
KEY = AnswerKey((Case("value", {}), Case("value", {}, hidden=True)), tuple)
HOSTILE = "<script>alert(1)</script>"


def wrong(code: str = "", hidden: bool = False, **fields: object) -> tuple[str, Verdict]:
    """Return a text of m06 and a verdict about its mse, told of a public or of a hidden case."""
    probes = ("pass", "fail") if hidden else ("fail", "fail")
    verdict = Verdict(MSE, "fail", 0.5, "exercises/m06_model.py", 1, probes=probes)
    told = {"told": int(hidden), "fingerprint": "f1", "gap": "your loss 1, expected 2"}
    return code, replace(verdict, **(told | fields))  # type: ignore[arg-type]


def right() -> tuple[str, Verdict]:
    """Return a text of m06, and the verdict that its mse is right."""
    return "", Verdict(MSE, "pass", 2.0, "exercises/m06_model.py", 1, probes=("pass", "pass"))


def class_of(out: Path, **verdicts: tuple[str, Verdict]) -> list[Student]:
    """Write a ledger as a run does, in which each name has one verdict; return what stands."""
    with Ledger(out) as ledger:
        ledger.claim("m06_model")
        for name, (code, verdict) in verdicts.items():
            sources = {"m06_model": Source("exercises/m06_model.py", code)}
            attempt = ledger.receive(Submission(name, sources))
            checks = {"mse": "checks"}
            ledger.keep(attempt.digest, checks, [verdict])
            result = Result(name, {"mse": verdict}, {"level": "full", "holes": []})
            content = to_json(result, {"mse": KEY}, attempt.submission)
            ledger.publish(name, attempt.digest, checks, content)
        return list(students(ledger))
