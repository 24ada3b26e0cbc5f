"""Systems: what course systems write around the name of a file that a student handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

_DATE = r"[A-Z][a-z]{2} \d{1,2}, \d{4} \d{3,4} [AP]M"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # Moodle: a folder, or a file of the flat kind
        r"(?P<who>.+_\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)",
        # Blackboard: a text about each attempt, and its files
        r"(?P<who>.+)_attempt_(?P<when>\d{4}-[\d-]+)(?:_(?P<file>.+)|\.txt)",
        # Brightspace
        rf"(?P<who>\d+-\d+ - .+?) - (?P<when>{_DATE}) - (?P<file>.+)",
        # Canvas: the numbers are the user's and the file's, which grows with time
        r"(?:LATE_)?(?P<who>[^_].*?)(?:_LATE)?_(?P<user>[1-9]\d+)_(?P<when>[1-9]\d\d+)_(?P<file>.+)",
    )
)


@dataclass(frozen=True)
class Handed:
    """What a name says: whose it is, when it was handed in (the later, the larger) and the file;
    a folder has none."""

    who: str
    when: tuple[int, ...]
    file: str


def handed(name: str) -> Handed | None:
    """Read a name as the systems write it; None for any other."""
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(name):
            part = found.groupdict()
            who = "_".join(filter(None, (part["who"], part.get("user"))))
            return Handed(who, _when(part.get("when") or ""), part["file"] or "")
    return None


def _when(text: str) -> tuple[int, ...]:
    if re.fullmatch(_DATE, text):
        try:
            at = datetime.strptime(text, "%b %d, %Y %I%M %p")
        except ValueError:
            return ()
        return (at.year, at.month, at.day, at.hour, at.minute)
    return numbers(text)


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers in a text, none so long that it is no number of anything."""
    return tuple(int(digits[:18]) for digits in re.findall(r"[0-9]+", text))
