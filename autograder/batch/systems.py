"""Systems: what course systems write around the name of a file that a student handed in."""

from __future__ import annotations

import re
from collections.abc import Collection
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
    a folder has none. `user` is the number by which Canvas knows who it is."""

    who: str
    when: tuple[int, ...]
    file: str
    user: str = ""


def handed(name: str) -> Handed | None:
    """Read a name as the systems write it; None for any other."""
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(name):
            part = found.groupdict()
            user = part.get("user") or ""
            who = "_".join(filter(None, (part["who"], user)))
            return Handed(who, _when(part.get("when") or ""), part["file"] or "", user)
    return None


def handed_in(names: Collection[str]) -> dict[str, Handed]:
    """Read the names of one folder; those that look like Canvas's only where they agree, since
    `hw_2024_1001_alice.zip` looks so, too."""
    found = {name: part for name in names if (part := handed(name))}
    of_canvas = [part for part in found.values() if part.user]
    if _agree(of_canvas):
        return found
    return {name: part for name, part in found.items() if not part.user}


def _agree(parts: Collection[Handed]) -> bool:
    """Say whether Canvas can have written all these names: a user has one name, a name seldom two
    users (but the anonymous), a number stands for one file, and several files are of several users.
    """
    users = {part.user for part in parts}
    names = {
        part.who if part.who.startswith("anon") else part.who.removesuffix(f"_{part.user}")
        for part in parts
    }
    files = {(part.when, part.file.partition(".")[0]) for part in parts}
    return (
        len(users) == len({part.who for part in parts})
        and len({part.when for part in parts}) == len(files)
        and (len(parts) < 2 or 1 < len(users) < 2 * len(names))
    )


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
