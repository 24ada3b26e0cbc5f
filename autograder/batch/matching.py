"""Matching: whose a submission is, by a roster. Nothing is guessed: one person or none.

An id, an e-mail or a login decides; a whole name does where nobody else on the roster and no other
submission has it. What says two different things says nothing.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.batch.attention import Matter
from autograder.batch.people import Person, Whose
from autograder.batch.systems import beginnings
from autograder.disk.archive import shown

MAX_SHOWN = 3  # people in a line
MAX_WORDS = 8  # of a name that are put in another order
_COMPLETE = "complete the roster (name, email, student_id, username, group), run it again with it"
_SEPARATORS = {"github": "-", "blackboard": "_"}  # what stands before a login


@dataclass(frozen=True)
class Matched:
    """Whose the submissions are now, what somebody should look at, and who handed in nothing."""

    rows: Mapping[str, Whose]
    matters: tuple[Matter, ...]
    missing: tuple[Person, ...]


@dataclass(frozen=True)
class _Claim:
    """The people that a submission is of, by nothing but a name where not `sure`; by place in the
    roster, and `others` that are on it no longer. `maybe` are people of whom it may be instead, and
    `why` says what is missing."""

    people: frozenset[int] = frozenset()
    sure: bool = False
    others: tuple[Person, ...] = ()
    maybe: frozenset[int] = frozenset()
    why: str = ""


def match(rows: Mapping[str, Whose], roster: Sequence[Person]) -> Matched:
    """Find the people of a roster in the submissions of a ledger."""
    index = _Index(roster)
    logins = {system: _logins(rows, system, index) for system in _SEPARATORS}
    claims = {name: index.claim(row, logins.get(row.system, {})) for name, row in rows.items()}
    times = Counter(person for claim in claims.values() for person in claim.people)
    found, matters = dict[str, Whose](), list[Matter]()
    for name, claim in claims.items():
        several = frozenset(person for person in claim.people if times[person] > 1)
        people = claim.people if claim.sure else claim.people - several
        persons = (*(roster[person] for person in sorted(people)), *claim.others)
        found[name] = replace(rows[name], persons=persons)
        also = f"more than one submission is of {index.listed(several)}" if several else ""
        if why := claim.why or also:
            matters.append(Matter(name, why, _COMPLETE))
    known = {person for claim in claims.values() for person in claim.people | claim.maybe}
    missing = tuple(person for place, person in enumerate(roster) if place not in known)
    anonymous = any(row.system == "canvas" and not row.told for row in rows.values())
    return Matched(found, tuple(matters), () if anonymous else missing)


def not_handed_in(person: Person) -> Matter:
    """Return the matter of somebody on the roster who has no submission."""
    return Matter("", f"no submission is found for {shown(person.shown)}", "ask whether one is due")


def _logins(rows: Mapping[str, Whose], system: str, index: _Index) -> dict[str, str]:
    """Return the logins in names that begin with those of the course and the work, by name; nothing
    where these beginnings could be of several lengths."""
    names = [row.key for row in rows.values() if row.system == system]
    if not names:
        return {}
    fitting = [
        beginning
        for beginning in beginnings(names, _SEPARATORS[system])
        if any(index.has_login(system, name[len(beginning) :]) for name in names)
    ]
    return {name: name[len(fitting[0]) :] for name in names} if len(fitting) == 1 else {}


class _Index:
    """The people of a roster by what is known of them."""

    def __init__(self, roster: Sequence[Person]) -> None:
        self._roster = roster
        self._people: dict[tuple[str, str], set[int]] = {}
        for place, person in enumerate(roster):
            for key in (*_keys(person), *_names(person), ("group", squeezed(person.group))):
                if key[1]:
                    self._people.setdefault(key, set()).add(place)
        self._github = any("github" in person.ids for person in roster)

    def listed(self, people: frozenset[int]) -> str:
        """Name a few of these people."""
        names = [shown(self._roster[person].shown) for person in sorted(people)]
        more = len(names) - MAX_SHOWN
        return ", ".join(names[:MAX_SHOWN]) + (f" and {more} more" if more > 0 else "")

    def has_login(self, system: str, login: str) -> bool:
        """Say whether a person, or a group, has this login."""
        kind = "github" if system == "github" and self._github else "login"
        return (kind, login.casefold()) in self._people or bool(self._find("group", login))

    def claim(self, row: Whose, logins: Mapping[str, str]) -> _Claim:
        """Return of whom a submission is: by an id, or else as before, or else by the name."""
        told = [self._with_login(row, one, logins) for one in row.told]
        each = [self._of_one(row, one) for one in told]
        if row.persons and not (each and all(one.sure for one in each)):
            return self._as_before(row.persons)
        people = frozenset[int]().union(*(one.people for one in each))
        maybe = frozenset[int]().union(*(one.maybe for one in each))
        sure = all(one.sure for one in each)
        return _Claim(people, sure, (), maybe, next((one.why for one in each if one.why), ""))

    def _with_login(self, row: Whose, told: Person, logins: Mapping[str, str]) -> Person:
        if row.key not in logins:
            return told
        login = logins[row.key]
        if row.system == "github" and self._github:
            return Person(group=login, ids={"github": login})
        return Person(group=login, login=login)

    def _of_one(self, row: Whose, told: Person) -> _Claim:
        """Return of which person, or of which group, a submission is."""
        keyed = [found for kind, value in _keys(told) if (found := self._find(kind, value))]
        named = self._named(row.system, told.name)
        group = frozenset[int]()
        if row.system != "gradescope":
            group = self._find("group", squeezed(told.group or told.name))
        by_number = row.system in ("canvas", "moodle")  # which may be that of a group
        if group and not named and (by_number or not keyed):
            return _Claim(group)
        if keyed:
            found = frozenset.intersection(*keyed, *([named] if named else []))
            everybody = frozenset[int]().union(*keyed, named)
            if not found:
                why = f"what is known of it is of several: {self.listed(everybody)}"
                return _Claim(maybe=everybody, why=why)
            if by_number and not named and self._roster[min(found)].name:
                why = f"it has the number of {self.listed(found)}, but another name: is it a group?"
                return _Claim(maybe=found, why=why)
        else:
            found = frozenset(p for p in named if not _differ(row, told, self._roster[p]))
        if group or len(found) > 1:
            return _Claim(maybe=found | group, why=f"it may be of {self.listed(found | group)}")
        whom = shown(told.shown or row.key)
        why = "" if found else f"nobody on the roster is found for {whom}"
        return _Claim(found, bool(keyed), why=why)

    def _named(self, system: str, name: str) -> frozenset[int]:
        """Return who has a whole name; Canvas writes it without spaces and marks."""
        found = self._find("name", spaced(name)) if system != "canvas" else frozenset()
        if not found and system in ("canvas", "plain"):
            found = self._find("squeezed", squeezed(name))
        return found

    def _as_before(self, persons: Sequence[Person]) -> _Claim:
        """Return the people of an earlier run, as they stand on the roster now."""
        people, others = set[int](), list[Person]()
        for person in persons:
            keyed = [f for kind, value in _keys(person) if (f := self._find(kind, value))]
            named = self._find("name", spaced(person.name))
            found = frozenset.intersection(*(keyed or [named]))
            if len(found) == 1:
                people |= found
            else:
                others.append(person)
        return _Claim(frozenset(people), True, tuple(others))

    def _find(self, kind: str, value: str) -> frozenset[int]:
        return frozenset(self._people.get((kind, value.casefold()), ()))


def _keys(person: Person) -> Iterator[tuple[str, str]]:
    """Yield what nobody else has."""
    for kind, value in (*person.ids.items(), ("id", person.id), ("email", person.email)):
        yield kind, value.casefold()
    yield "login", person.login.casefold()


def _names(person: Person) -> Iterator[tuple[str, str]]:
    """Yield a person's whole name in the orders in which systems write it."""
    last, comma, first = person.last_first.partition(", ")
    words = spaced(person.name).split()
    turned = [words[n:] + words[:n] for n in range(min(len(words), MAX_WORDS))]
    names = [f"{first} {last}", f"{last} {first}"] if comma else [" ".join(w) for w in turned]
    for name in names:
        yield "name", spaced(name)
        yield "squeezed", squeezed(name)


def _differ(row: Whose, told: Person, person: Person) -> bool:
    """Say whether a person of the same name is another one, by the number in the same place."""
    if row.system == "plain":
        return False
    ids = any(person.ids.get(system, number) != number for system, number in told.ids.items())
    return ids or bool(told.id and person.id and told.id != person.id)


def spaced(name: str) -> str:
    """Return the words of a name, alike in all spellings that differ in nothing but capitals,
    marks between letters and ways to write an accent."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in folded)
    return " ".join("".join(kept).split())


def squeezed(name: str) -> str:
    """Return a name as Canvas writes it: without spaces and marks between letters."""
    return spaced(name).replace(" ", "")
