"""`descent explain`: why a student has this mark, from what was seen when it was given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.batch import depends
from autograder.batch.ledger import Ledger
from autograder.batch.lend import told as told_lent
from autograder.batch.lookup import Mark, alike, mark_of, opened
from autograder.course import exercises
from autograder.inside.words import counted
from autograder.judging.score import counting, share
from autograder.teacher.beside import beside, described
from autograder.teacher.replay import replay

CAUSES = {
    "named": "the listed mistake {}: it gives all that is wrong, as no other does",
    "at_least": "the listed mistake {}, and more is wrong",
    "related": "none named: no listed mistake gives all this; a relation of the numbers holds",
    "error": "none named: an exception, whose cause is known, made the gap",
    "none": "none named: no listed mistake alone gives what was seen",
}


def explain(out: Path, name: str, exercise: str, level: str | None = None) -> Iterator[str]:
    """Yield the lines that say why this mark; with a `level` (or auto), what one case gives now.

    Raises UserError where there is no such mark, or nothing that could be run again.
    """
    with opened(out) as ledger:
        mark = mark_of(ledger, name, exercise)
        yield from _of_mark(name, mark)
        yield from _of_cases(mark)
        yield from _of_evidence(mark)
        yield from _of_others(ledger, name, mark)
        yield from _of_run(ledger, name, mark)
        if level:
            yield from replay(out, mark, level)


def _of_mark(name: str, mark: Mark) -> Iterator[str]:
    told = mark.told
    score = "no score"
    if told["score"] is not None:
        score = f"{told['score']:g} of {told['max_score']:g} points"
    yield f"{name}, {told['name']} ({told['id']}): {told['status'].replace('_', ' ')}, {score}"
    if told["file"]:
        yield f"in        {told['file']}" + (f":{told['line']}" if told["line"] else "")
    for index, line in enumerate(told["message"].splitlines()):
        yield f"{'' if index else 'message':<10}{line}"
    if told["status"] == "blocked":
        yield f"blocked   it builds on {', '.join(mark.waits_for)}: mend that first"
    if mark.verdict and mark.verdict.lent:
        yield f"lent      {told_lent(mark.verdict.lent)}"


def _of_cases(mark: Mark) -> Iterator[str]:
    """Yield how the score comes of the cases."""
    told = mark.told
    hidden = [case["hidden"] for case in told["probes"]]
    statuses = [case["status"] for case in told["probes"]]
    yield f"score     {_arithmetic(told, hidden, statuses)}"
    if "fail" not in statuses:
        return
    case_told = mark.verdict.told if mark.verdict else None
    for index, (case, counts) in enumerate(
        zip(told["probes"], counting(hidden, statuses), strict=True)
    ):
        kind = "hidden" if case["hidden"] else "public"
        own = f"{'*' if counts else ' '} {index + 1:>3} {kind} {case['status']:<8}{case['name']}"
        device = "" if case["device"] == "cpu" else f" on {case['device']}"
        yield f"        {own}{device}{'  (told below)' if index == case_told else ''}"


def _arithmetic(told: dict[str, Any], hidden: list[bool], statuses: list[str]) -> str:
    if told["score"] is None:
        return "none, and never a zero: the message says why"
    if "fail" not in statuses:
        ran = len(statuses) - statuses.count("not_run")
        return f"all {counted(ran, 'case')} that ran pass" if ran else "0: nothing could be run"
    passed, of = share(hidden, statuses)
    text = f"{passed} of the {of} cases that count and ran (*) pass"
    if told["score"]:
        return f"{text}: {told['max_score']:g} * {passed}/{of} = {told['score']:g}"
    if statuses[0] != "pass":
        return f"0: the first case does not pass, and without it nothing is earned ({text})"
    plain = told["probes"][0]["name"]
    return f"0: no hidden case of {plain} passes whose answer depends on the secret ({text})"


def _of_evidence(mark: Mark) -> Iterator[str]:
    """Yield the case that the message tells of, and what was seen there beside the reference."""
    verdict = mark.verdict
    if verdict is None or verdict.told is None:
        return
    if verdict.evidence is None:
        yield f"seen      of case {verdict.told + 1} nothing is kept: too large, or an old version"
        return
    evidence = verdict.evidence
    yield f"case      {verdict.told + 1}: {described(evidence.case)}"
    yield "seen      when it was graded, beside the reference:"
    yield from beside(evidence.observed, evidence.expected, evidence.case.dtype)


def _of_others(ledger: Ledger, name: str, mark: Mark) -> Iterator[str]:
    verdict = mark.verdict
    if verdict is None or not verdict.fingerprint:
        return
    yield f"mistake   {CAUSES[verdict.cause].format(verdict.diagnosis)}"
    others = [one for one in alike(ledger, mark.told["name"], verdict.fingerprint) if one != name]
    yield f"alike     fingerprint {verdict.fingerprint}; also: {', '.join(others) or 'nobody'}"


def _of_run(ledger: Ledger, name: str, mark: Mark) -> Iterator[str]:
    exercise, secret = exercises()[mark.told["name"]], ledger.secret()
    level = ledger.result(name)["isolation"]["level"]
    hashes = {depends.of_exercise(exercise, secret, cuda, level) for cuda in (False, True)}
    python, *packages = depends.ran_with()
    versions = "Python {}.{}, torch {}, NumPy {}".format(*python, *packages)
    if mark.depends in hashes:
        yield f"by        the checks of today, level {level}, {versions}"
    else:
        yield f"by        other checks, versions or another level than today's ({versions}):"
        yield f"          level {level}; the next `descent grade` judges it again"
    yield f"secret    {secret.hex()}: hidden numbers are drawn from it; keep it to yourself"
