"""`descent override`: give a mark by hand, excuse an exercise, or have it judged anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.batch.lookup import opened, result_of
from autograder.batch.overrides import Kind, Override, applied, note, overrides
from autograder.batch.written import GRADES, write_marks, write_results
from autograder.inside.errors import UserError
from autograder.inside.words import nearest
from autograder.teacher.packed import of_ledger


@dataclass(frozen=True)
class Decision:
    """What is decided, why, and by whom; the score is None but for a mark `by_hand`."""

    kind: Kind
    score: float | None
    why: str
    who: str


def override(out: Path, name: str, exercise: str | None, decision: Decision) -> list[str]:
    """Decide about an exercise of a name, or about all of them; return lines on what was done.

    Raises UserError where there is no such name or exercise, or the score is not possible.
    """
    if not decision.why.strip():
        raise UserError('--why "...": say why, in a few words')
    with opened(out) as ledger:
        told = result_of(ledger, name)
        before = {entry["name"]: entry for entry in told["exercises"]}
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        for entry in _wanted(told, exercise):
            _check(entry, decision.score)
            note(ledger, name, Override(entry["name"], **asdict(decision), when=now))
            if decision.kind == "withdrawn":
                ledger.judge_anew(name, entry["name"])
        told = applied(told, overrides(ledger, name))
        ledger.replace(name, told)
        write_results(ledger, out)
        write_marks(ledger, of_ledger(ledger), out)
    return [*_changes(before, told), *_what_now(out, decision.kind)]


def _wanted(told: dict[str, Any], exercise: str | None) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = told["exercises"]
    if exercise is None:
        return entries
    found = [entry for entry in entries if entry["name"] == exercise]
    if not found:
        near = nearest(exercise, [entry["name"] for entry in entries])
        raise UserError(f"{exercise!r} is no exercise of this assignment{near}")
    return found


def _check(entry: dict[str, Any], score: float | None) -> None:
    most, name = entry["max_score"], entry["name"]
    if score is not None and not 0 <= score <= most:  # nor NaN
        raise UserError(f"{name} has {most:g} points: {score:g} is not from 0 to {most:g}")


def _changes(before: dict[str, Any], told: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each mark: what it was, and what it is."""
    for entry in told["exercises"]:
        was, is_now = _shown(before[entry["name"]]), _shown(entry)
        if was != is_now:
            yield f"{told['submission']}  {entry['name']}: {was} -> {is_now}"


def _shown(entry: dict[str, Any]) -> str:
    status = entry["status"].replace("_", " ")
    score = entry["score"]
    return status if score is None else f"{score:g}/{entry['max_score']:g} ({status})"


def _what_now(out: Path, kind: Kind) -> Iterator[str]:
    yield f"grades:  {out / GRADES}"
    if kind == "withdrawn":
        yield "next:    run `descent grade` again, which judges it anew"
