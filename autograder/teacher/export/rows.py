"""Rows: which row of a teacher's file is whose. Nothing is guessed: one row or none.

A number of the course system, an id, a login or an e-mail decides; a name does where nobody else in
the file has it and no other submission is of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.batch.matching import spaced
from autograder.batch.people import Person, Whose
from autograder.inside.words import printable


@dataclass(frozen=True)
class Placed:
    """The rows of each submission, and a line for each person who has none."""

    rows: Mapping[str, Sequence[int]]
    unclear: Sequence[str]


def place(file: Mapping[int, Person], names: Sequence[str], by_name: Mapping[str, Whose]) -> Placed:
    """Find the rows of submissions in a file, whose persons are told by row."""
    index, found, unclear = _Index(file), dict[str, list[int]](), list[str]()
    for name in names:
        found[name] = []
        for person in _people(name, by_name.get(name)):
            fits = sorted(index.rows(person))
            if len(fits) == 1:
                found[name] += fits
            else:
                unclear.append(_why(name, person, [file[row] for row in fits]))
    times = Counter(row for rows in found.values() for row in set(rows))
    for name, rows in found.items():
        several = [row for row in dict.fromkeys(rows) if times[row] > 1]
        unclear += (f"{name}: another submission is of {_shown(file[r])}, too" for r in several)
        found[name] = [row for row in dict.fromkeys(rows) if times[row] == 1]
    return Placed(found, unclear)


def _people(name: str, whose: Whose | None) -> Sequence[Person]:
    """Return the persons whose work a submission is, as far as that is known."""
    if whose and (known := whose.persons or (whose.told if whose.system != "plain" else ())):
        return known
    return (Person(name=name, login=name),)  # a folder may be named after either


class _Index:
    """The rows of a file by what is known of their persons."""

    def __init__(self, file: Mapping[int, Person]) -> None:
        self._file = file
        self._rows: dict[tuple[str, str], set[int]] = {}
        for row, person in file.items():
            for key in (*_keys(person), *_names(person)):
                self._rows.setdefault(key, set()).add(row)

    def rows(self, person: Person) -> set[int]:
        """Return the rows of which a person may be the one."""
        keyed = [rows for key in _keys(person) if (rows := self._rows.get(key))]
        named = set[int]().union(*(self._rows.get(key, set()) for key in _names(person)))
        if not keyed:
            return {row for row in named if not _differ(person, self._file[row])}
        fits = set.intersection(*keyed) or set.union(*keyed)
        # a number alone may be that of a group, which has another name than the person
        by_number = bool(person.ids and person.name) and not (person.id or person.email)
        hidden = not any(self._file[row].name for row in fits)
        return fits & named if by_number and not hidden else fits


def _keys(person: Person) -> Iterator[tuple[str, str]]:
    """Yield what nobody else has; a login may be the e-mail, and a student's id the login."""
    yield from person.ids.items()
    for value in filter(None, (person.id, person.login, person.email)):
        yield "account", value.casefold()


def _names(person: Person) -> Iterator[tuple[str, str]]:
    """Yield the ways in which a name may be written: with the last name first, and as Canvas names
    a file."""
    for name in filter(None, (person.name, person.last_first)):
        last, comma, first = name.partition(",")
        for turned in {name, f"{first} {last}"} if comma else {name}:
            words = spaced(turned).split()
            yield "name", " ".join(words)
            yield "name", "".join(words)


def _differ(person: Person, other: Person) -> bool:
    """Say whether two of one name are not the same, by a number that both have."""
    ids = any(other.ids.get(system, number) != number for system, number in person.ids.items())
    return ids or bool(person.id and other.id and person.id != other.id)


def _why(name: str, person: Person, fits: Sequence[Person]) -> str:
    whom = "" if name in (person.shown, person.name) else f" ({printable(person.shown)})"
    if fits:
        return f"{name}{whom}: it may be of {' or '.join(map(_shown, fits))}"
    return f"{name}{whom}: no row is found"


def _shown(person: Person) -> str:
    return printable(person.shown)
