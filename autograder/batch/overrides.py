"""Overrides: marks by hand. They count in place of the grader's, and outlive every regrade.

Each is kept as it was given, with who, when and why; the last one of an exercise counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from autograder.batch.ledger import Ledger
from autograder.batch.result import total_of

Kind: TypeAlias = Literal["by_hand", "excused", "withdrawn"]


@dataclass(frozen=True)
class Override:
    """What somebody decided about an exercise of a name.

    `by_hand` gives it a score, `excused` takes it out of the total and of its maximum, `withdrawn`
    gives it back to the grader. `when` is a time in ISO 8601, with its distance from UTC.
    """

    exercise: str
    kind: Kind
    score: float | None
    why: str
    who: str
    when: str


def note(ledger: Ledger, name: str, override: Override) -> None:
    """Keep an override of a name."""
    content = json.dumps(asdict(override), ensure_ascii=False)
    with ledger.transaction() as base:
        base.execute(
            "INSERT INTO override (name, exercise, content) VALUES (?, ?, ?)",
            (name, override.exercise, content),
        )


def history(ledger: Ledger, name: str) -> list[Override]:
    """Return all overrides of a name, in the order in which they were given."""
    with ledger.transaction() as base:
        rows = base.execute("SELECT content FROM override WHERE name = ? ORDER BY number", (name,))
        return [Override(**json.loads(content)) for (content,) in rows]


def overrides(ledger: Ledger, name: str) -> dict[str, Override]:
    """Return what counts in place of the grader's marks of a name, by exercise."""
    last = {override.exercise: override for override in history(ledger, name)}
    return {exercise: one for exercise, one in last.items() if one.kind != "withdrawn"}


def applied(told: Mapping[str, Any], by_exercise: Mapping[str, Override]) -> dict[str, Any]:
    """Return a result (schema 3) with these overrides, and with no others."""
    entries = [_entry(entry, by_exercise.get(entry["name"])) for entry in told["exercises"]]
    total = total_of([e["status"] if e["score"] is None else e["score"] for e in entries])
    most = sum(entry["max_score"] for entry in entries if entry["status"] != "excused")
    return {
        **told,
        "score": None if isinstance(total, str) else total,
        "max_score": round(most, 2),
        "exercises": entries,
    }


def _entry(entry: Mapping[str, Any], override: Override | None) -> dict[str, Any]:
    """Return the entry of an exercise, first as the grader judged it, then as it was overridden."""
    before = entry["by_hand"]
    judged = before["judged"] if before else {key: entry[key] for key in ("status", "score")}
    if override is None:
        return {**entry, **judged, "by_hand": None}
    told = {key: getattr(override, key) for key in ("why", "who", "when")}
    by_hand = {**told, "judged": judged}
    return {**entry, "status": override.kind, "score": override.score, "by_hand": by_hand}
