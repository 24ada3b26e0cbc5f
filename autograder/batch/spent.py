"""Spent: how long the last run took that judged anything."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from autograder.batch.ledger import Ledger


@dataclass(frozen=True)
class Spent:
    """The verdicts that a run has given, of how many submissions, and the seconds by the clock."""

    submissions: int
    judged: int
    seconds: float


def note_spent(ledger: Ledger, spent: Spent) -> None:
    """Keep what a run took; one that judged nothing leaves what is known."""
    if spent.judged:
        ledger.note("spent", json.dumps(asdict(spent)))


def last_spent(ledger: Ledger) -> Spent | None:
    """Return what the last run took that judged anything; None where it is not known."""
    known = ledger.fact("spent")
    return Spent(**json.loads(known)) if known else None
