"""Systems: what course systems write around the name of a file that a student handed in."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from autograder.batch import gradescope
from autograder.batch.people import Person
from autograder.inside.errors import UserError

SYSTEMS = ("gradescope", "canvas", "moodle", "blackboard", "brightspace", "github", "plain")
_DATE = r"[A-Z][a-z]{2} \d{1,2}, \d{4} \d{3,4} [AP]M"
_CANVAS = r"(?P<late>LATE_)?(?P<name>{name})(?P<late_>_LATE)?_(?P<user>{user})_{file}"
_FILE, _TEXT = r"(?P<when>[1-9]\d\d+)_(?P<file>.+)", r"(?P<file>(?:text|link)\.html)"
# What a student has chosen stands last, so what comes before it is as short as it can be.
_PATTERNS = tuple(
    (system, label, re.compile(pattern))
    for system, label, pattern in (
        (
            *("moodle", "Moodle, folders"),
            r"(?P<who>(?P<name>.+?)_(?P<number>\d+))_assignsubmission_(?:file|onlinetext)_?",
        ),
        (
            *("moodle", "Moodle, flat"),
            r"(?P<who>(?P<name>.+?)_(?P<number>\d+))_assignsubmission_(?:file|onlinetext)_"
            r"(?P<file>.+)",
        ),
        (  # a text about each attempt, and its files
            *("blackboard", "Blackboard"),
            r"(?P<who>.+?)_attempt_(?P<when>\d{4}-[\d-]+)(?:_(?P<file>.+)|\.txt)",
        ),
        (
            *("brightspace", "Brightspace"),
            rf"(?P<who>(?P<number>\d+-\d+) - (?P<name>.+?)) - (?P<when>{_DATE}) - (?P<file>.+)",
        ),
        # the numbers are the user's and the file's, which grows with time; a text has none
        (
            *("canvas", "Canvas, anonymous"),
            _CANVAS.format(name="anon", user=r"[0-9A-Za-z]+", file=_FILE),
        ),
        (
            *("canvas", "Canvas"),
            _CANVAS.format(name=r"[^_].*?", user=r"[1-9]\d+", file=_FILE),
        ),
        (
            *("canvas", "Canvas"),
            _CANVAS.format(
                name=r"[^_].*?", user=r"[1-9]\d+", file=r"(?P<file>(?:text|link)\.html)"
            ),
        ),
    )
)


@dataclass(frozen=True)
class Handed:
    """What a name says: whose it is, when it was handed in (the later, the larger) and the file;
    a folder has none. `user` is the number by which Canvas knows who it is. `label` says how the
    system wrote it; the other fields are those of people.Whose."""

    who: str
    when: tuple[int, ...]
    file: str
    user: str = ""
    system: str = ""
    label: str = ""
    key: str = ""
    told: tuple[Person, ...] = ()
    handed_in: str = ""
    late: bool | None = None


def handed(name: str) -> Handed | None:
    """Read a name as the systems write it; None for any other."""
    for system, label, pattern in _PATTERNS:
        if found := pattern.fullmatch(name):
            part = {key: value or "" for key, value in found.groupdict().items()}
            user = part.get("user", "")
            who = part.get("who") or f"{part['name']}_{user}"
            when = _when(part.get("when", ""))
            return Handed(
                who,
                when,
                part.get("file", ""),
                user,
                system,
                label,
                key=part.get("number") or (who if part.get("name") == "anon" else user) or who,
                told=_told(system, who, part),
                handed_in=_iso(when) if system in ("blackboard", "brightspace") else "",
                late=bool(part["late"] or part["late_"]) if system == "canvas" else None,
            )
    return None


def _told(system: str, who: str, part: Mapping[str, str]) -> tuple[Person, ...]:
    if system == "blackboard":
        return (Person(login=who),)
    if part["name"] == "anon":
        return ()
    number = part.get("number") or part.get("user", "")
    return (Person(name=part["name"], ids={} if system == "brightspace" else {system: number}),)


def handed_in(names: Collection[str], asked: str = "") -> dict[str, Handed]:
    """Read the names of one folder; those that look like Canvas's only where they agree, since
    `hw_2024_1001_alice.zip` looks so, too, or where it is said that they are (`asked`)."""
    found = {name: part for name in names if (part := handed(name))}
    if asked:
        return {name: part for name, part in found.items() if part.system == asked}
    of_canvas = [part for part in found.values() if part.user]
    if _agree(of_canvas):
        return found
    return {name: part for name, part in found.items() if not part.user}


def recognised(folder: Path, asked: str = "") -> dict[str, Handed]:
    """Return what the names in a folder say, by name, and a file of Gradescope's.

    `asked` is a system of SYSTEMS, or empty to tell by the names. Raises UserError where nothing
    in the folder is of that system.
    """
    if asked == "plain":
        return {}
    names = sorted(path.name for path in folder.iterdir())
    found = handed_in(names, asked)
    if asked in ("", "gradescope") and gradescope.METADATA in names:
        found |= _of_gradescope(folder, names)
    if asked == "github" or not found:
        found |= _clones(folder, names, asked == "github")
    if asked and not found:
        told = f"nothing in {folder} is named as by --system {asked}: leave it out, or give plain"
        raise UserError(told)
    return found


def again(parts: Mapping[str, Handed], names: Mapping[tuple[str, str], str]) -> dict[str, Handed]:
    """Give what is known by system and key the name that it had before."""
    return {
        entry: replace(part, who=names.get((part.system, part.key), part.who))
        for entry, part in parts.items()
    }


def _of_gradescope(folder: Path, names: Collection[str]) -> dict[str, Handed]:
    found = {}
    for name, record in gradescope.records(folder / gradescope.METADATA).items():
        people = record.submitters
        if name in names and people:
            own = [one.id or one.email or f"{one.name} {name}" for one in people]
            who = [f"{one.name}_{one.id or one.email or name}".strip("_") for one in people]
            found[name] = Handed(
                *(" + ".join(who), numbers(record.handed_in), "", "", "gradescope", "Gradescope"),
                key=" ".join(sorted(own)),
                told=people,
                handed_in=record.handed_in,
            )
    return found


def _clones(folder: Path, names: Collection[str], asked: bool) -> dict[str, Handed]:
    """Return the clones of an assignment's repositories, which have a beginning in common; of
    `.git` itself nothing is read: it is the student's, and git would run what it says."""
    found = [name for name in names if os.path.lexists(folder / name / ".git")]
    if not asked and (len(found) < 2 or len(beginnings(found, "-")) < 2):
        return {}
    return {
        name: Handed(name, (), "", "", "github", "GitHub, clones", name, (Person(login=name),))
        for name in found
    }


def beginnings(names: Collection[str], separator: str) -> list[str]:
    """Return all beginnings that names have in common and that end where a part ends: what a system
    puts before each login is one of them; the first is empty."""
    first, last = min(names), max(names)
    pairs = enumerate(zip(first, last, strict=False))
    common = first[: next((i for i, (a, b) in pairs if a != b), min(len(first), len(last)))]
    return ["", *(common[: found.end()] for found in re.finditer(re.escape(separator), common))]


def _agree(parts: Collection[Handed]) -> bool:
    """Say whether Canvas can have written all these names: a user has one name, a name seldom two
    users (but the anonymous), a number stands for one file, and several files are of several users.
    """
    users = {part.user for part in parts}
    names = {
        part.who if part.who.startswith("anon") else part.who.removesuffix(f"_{part.user}")
        for part in parts
    }
    files = {(part.when, part.file.partition(".")[0]) for part in parts if part.when}
    return (
        len(users) == len({part.who for part in parts})
        and len({part.when for part in parts if part.when}) == len(files)
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


def _iso(when: tuple[int, ...]) -> str:
    if len(when) not in (5, 6):
        return ""
    try:
        return datetime(*when).isoformat()  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return ""


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers in a text, none so long that it is no number of anything."""
    return tuple(int(digits[:18]) for digits in re.findall(r"[0-9]+", text))
