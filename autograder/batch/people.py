"""People: whose a submission is. The ledger keeps it, so that a later run knows it again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # it needs filelock, which reading names does not
    from autograder.batch.database import Database


@dataclass(frozen=True)
class Person:
    """What is known of one person, each part empty where it is not: `id` is the university's,
    `ids` are those of course systems, by system. `last_first` is the name in the order of a list,
    `lateness` what Gradescope's table of scores says of it."""

    name: str = ""
    id: str = ""
    email: str = ""
    login: str = ""
    group: str = ""
    last_first: str = ""
    lateness: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The person in a line: the name, and what tells it apart from another of this name."""
        key = self.id or self.email or self.login or next(iter(self.ids.values()), "")
        return f"{self.name} ({key})" if self.name and key else self.name or key


@dataclass(frozen=True)
class Whose:
    """Whose a submission is, and when it was handed in.

    `key` is what the system calls the student, group or folder in every download; `written` are the
    entries as it wrote them. `told` are the people as far as the names of the entries tell;
    `persons` are those of the roster. `handed_in` is a time of ISO 8601, or empty; `late` is what
    the system says, or None.
    """

    system: str
    key: str
    written: tuple[str, ...] = ()
    told: tuple[Person, ...] = ()
    persons: tuple[Person, ...] = ()
    handed_in: str = ""
    late: bool | None = None

    @property
    def known(self) -> tuple[Person, ...]:
        """The persons, on a roster or as Gradescope names them."""
        return self.persons or (self.told if self.system == "gradescope" else ())


def whose(ledger: Database) -> dict[str, Whose]:
    """Return whose the submissions of a ledger are, by name."""
    with ledger.transaction() as base:
        rows = base.execute("SELECT name, content FROM person ORDER BY name").fetchall()
    return {name: _whose(json.loads(content)) for name, content in rows}


def note_whose(ledger: Database, rows: Mapping[str, Whose]) -> None:
    """Keep whose these submissions are."""
    contents = [(name, json.dumps(asdict(row))) for name, row in rows.items()]
    with ledger.transaction() as base:
        base.executemany("INSERT OR REPLACE INTO person VALUES (?, ?)", contents)


def _whose(content: Mapping[str, Any]) -> Whose:
    people = {part: _people(content[part]) for part in ("told", "persons")}
    return Whose(**{**content, **people, "written": tuple(content["written"])})


def _people(rows: Iterable[Mapping[str, Any]]) -> tuple[Person, ...]:
    return tuple(Person(**row) for row in rows)
