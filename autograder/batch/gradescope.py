"""Gradescope: who handed in what, from the YAML file beside the folders of an export.

Its events are read one after the other: nothing is built of them, so neither a deep nor a
self-repeating file costs anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.batch.people import Person
from autograder.inside.errors import UserError

METADATA = "submission_metadata.yml"
MAX_BYTES = 64 * 2**20
MAX_DEPTH = 64
MAX_TEXT = 1_000  # characters of a name or an address
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True)
class Record:
    """What the file says of one folder."""

    submitters: tuple[Person, ...]
    handed_in: str


def records(path: Path) -> dict[str, Record]:
    """Return what an export says of its folders, by name; UserError where it cannot be read."""
    import yaml

    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _damaged(path, f"it is over {MAX_BYTES // 2**20} MiB")
    found: dict[str, dict[tuple[str, ...], str]] = {}
    try:
        for (folder, *place), value in _scalars(content.decode("utf-8", "replace")):
            if len(place) in (1, 3):
                found.setdefault(folder, {})[tuple(place)] = value[:MAX_TEXT]
    except (yaml.YAMLError, ValueError) as error:
        raise _damaged(path, " ".join(str(error).split())[:200]) from error
    return {folder: _record(values) for folder, values in found.items()}


def _damaged(path: Path, why: str) -> UserError:
    return UserError(f"{path} cannot be read: {why}; take the export anew, or give --system plain")


def _scalars(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each text of a YAML file, with the keys and numbers that lead to it; the keys are
    without the colon of Ruby's. Raises ValueError where it is too deep."""
    import yaml

    anchors: dict[str, str] = {}
    place: list[str | int | None] = []  # None: a key comes next
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if isinstance(event, yaml.CollectionEndEvent):
            place.pop()
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(place) == MAX_DEPTH or place[-1:] == [None]:
                raise ValueError(f"line {event.start_mark.line + 1} is not as Gradescope writes it")
            place.append(None if isinstance(event, yaml.MappingStartEvent) else 0)
            continue
        elif isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
            known = anchors.get(event.anchor or "", "")
            value = event.value if isinstance(event, yaml.ScalarEvent) else known
            if event.anchor:
                anchors[event.anchor] = value[:MAX_TEXT]
            if place[-1:] == [None]:
                place[-1] = value.removeprefix(":")
                continue
            if place:
                yield tuple(map(str, place)), value
        else:
            continue
        if place:  # a value has ended: another key, or the next of a list
            last = place[-1]
            place[-1] = last + 1 if isinstance(last, int) else None


def _record(values: dict[tuple[str, ...], str]) -> Record:
    numbers = sorted({place[1] for place in values if place[0] == "submitters" and place[1:]})

    def person(number: str) -> Person:
        name, sid, email = (values.get(("submitters", number, k), "") for k in _PARTS)
        return Person(name=name.strip(), id=sid.strip(), email=email.strip())

    time = _TIME.match(values.get(("created_at",), ""))
    at = f"{time[1]}T{time[2]}{(time[3] or '').replace('Z', '+00:00')}" if time else ""
    return Record(tuple(map(person, numbers)), at)


_PARTS = ("name", "sid", "email")
