"""Packed: an assignment where its file is not, in a ledger or in an autograder elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from autograder.batch.ledger import Ledger
from autograder.course import Assignment, assignment, exercises
from autograder.course.late import Late

CHOSEN = "chosen"  # the fact of a ledger that has it


def packed(chosen: Assignment) -> dict[str, Any]:
    """Return what has to be known of an assignment where its file is not, as JSON can write it."""
    return {
        "assignment": chosen.name,
        "points": {one.name: one.points for one in chosen.exercises},
        "seconds": chosen.seconds,
        "deadline": chosen.deadline.isoformat() if chosen.deadline else None,
        "late": asdict(chosen.late),
        "references": chosen.references,
    }


def unpacked(kept: Mapping[str, Any]) -> Assignment:
    """Return the assignment that `packed` has written, with the exercises of this kit."""
    every = exercises()
    chosen = (replace(every[name], points=points) for name, points in kept["points"].items())
    return Assignment(
        kept["assignment"],
        tuple(chosen),
        datetime.fromisoformat(kept["deadline"]) if kept["deadline"] else None,
        Late(**kept["late"]),
        kept["seconds"],
        references=kept["references"],
    )


def of_ledger(ledger: Ledger) -> Assignment:
    """Return the assignment by which a class was last graded."""
    kept = ledger.fact(CHOSEN)
    return unpacked(json.loads(kept)) if kept else assignment(ledger.fact("assignment") or "core")
