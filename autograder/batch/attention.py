"""Attention: what a teacher should look at, since it was guessed, left, or not judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.batch.text import FOR_NOTEBOOK

_RUN_AGAIN = "run the same command again: it is judged anew"
_ASK = (
    "open the file; where it does not open, ask for it again, put it there, run the command again"
)
_LOOK = "see whether this is what was meant to be handed in"


@dataclass(frozen=True)
class Matter:
    """One thing to look at: of which submission, what, and what can be done about it."""

    submission: str
    what: str
    next_step: str


def of_result(result: Mapping[str, Any]) -> Iterator[Matter]:
    """Yield what a result (schema 3) has to look at, the gravest first; each reason once."""
    name, entries = result["submission"], result["exercises"]
    for status, next_step in (("error", _RUN_AGAIN), ("unreadable", _ASK)):
        reasons = Counter(entry["message"] for entry in entries if entry["status"] == status)
        for reason, count in reasons.items():
            share = f" ({count} of {len(entries)} exercises)" if count < len(entries) else ""
            yield Matter(name, f"{status}{share}: {reason}", next_step)
    for note in result["notes"]:
        if FOR_NOTEBOOK not in note:  # every notebook has such lines: nothing was guessed or left
            yield Matter(name, note, _LOOK)


def lost(name: str) -> Matter:
    """Return the matter of a name whose work the ledger had, and has no longer."""
    what = "the ledger's copy of what was handed in is damaged: there are no marks of it any more"
    return Matter(name, what, "put it into the folder again, run the command again")


def not_judged(name: str) -> Matter:
    """Return the matter of a name whose earlier marks stand, since the grader failed this time."""
    return Matter(name, "error this time: its earlier marks stand", _RUN_AGAIN)
