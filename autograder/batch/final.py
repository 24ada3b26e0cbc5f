"""Final: what a name's work is worth in the end, after what being late costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from autograder.batch.people import Whose
from autograder.batch.result import total_of
from autograder.course import Assignment
from autograder.course.late import FREE, FinalMark, final_mark

_PARTS = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)?")


def final_of(
    marks: Mapping[str, float | str], chosen: Assignment, whose: Whose | None
) -> FinalMark:
    """Return the final mark of a name with these marks: scores, or words in their place."""
    own = [marks.get(exercise.name, "error") for exercise in chosen.exercises]
    points = zip(chosen.exercises, own, strict=True)
    most = sum(exercise.points for exercise, mark in points if mark != "excused")
    return final_mark(total_of(own), round(most, 2), days_late(chosen, whose), chosen.late)


def days_late(chosen: Assignment, whose: Whose | None) -> int | None:
    """Return by how many days, begun ones counted, work was late; None where nobody knows.

    A time that does not tell its distance from UTC is taken to have the deadline's.
    """
    if chosen.deadline is None or whose is None:
        return None
    at = _time(whose.handed_in)
    if at is None:
        return 0 if whose.late is False else None
    if at.tzinfo is None:
        at = at.replace(tzinfo=chosen.deadline.tzinfo)
    return chosen.late.days_late(at, chosen.deadline)


def costs_unknown(chosen: Assignment, whose: Whose | None) -> bool:
    """Say whether work is late, that costs something, and nobody knows by how much."""
    late = whose is not None and bool(whose.late)
    return late and chosen.late != FREE and days_late(chosen, whose) is None


def _time(text: str) -> datetime | None:
    """Read a time of ISO 8601, or one with a space in it, as course systems write them."""
    found = _PARTS.fullmatch(text)
    if not found:
        return None
    day, clock, zone = found.groups(default="")
    zone = "+0000" if zone == "Z" else zone.replace(":", "")
    clock = clock if clock.count(":") == 2 else f"{clock}:00"
    try:
        return datetime.strptime(f"{day} {clock}{zone}", f"%Y-%m-%d %H:%M:%S{'%z' if zone else ''}")
    except ValueError:
        return None
