"""Behaviours: the different ways in which a class is wrong, and how many share each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.answers.ways import mistakes
from autograder.batch.standing import Standing, Student
from autograder.course import Exercise

_SENTENCE = re.compile(r".+?[.!?](?=\s|$)")


@dataclass(frozen=True)
class Behaviour:
    """One wrong behaviour of an exercise: those who share it, and the one with the shortest code.

    Where nothing could be observed, it is what the message says.
    """

    members: tuple[Standing, ...]
    example: Standing

    @property
    def exercise(self) -> Exercise:
        """The exercise that is wrong."""
        return self.example.exercise

    @property
    def is_unnamed(self) -> bool:
        """Say whether it was observed, nothing explains it, and it is the first thing to mend."""
        observed = bool(self.example.fingerprint)
        return observed and self.example.cause == "none" and not self.is_blocked

    @property
    def is_blocked(self) -> bool:
        """Say whether all who share it are to mend something else first."""
        return all(one.status == "blocked" for one in self.members)


@dataclass(frozen=True)
class Shared:
    """A listed mistake, the first sentence of what is said of it, and who has made it."""

    exercise: Exercise
    slug: str
    text: str
    names: tuple[str, ...]


def behaviours(students: Sequence[Student], exercise: Exercise) -> list[Behaviour]:
    """Return the wrong behaviours of an exercise, those that most share first."""
    groups: dict[str, list[Standing]] = {}
    for standing in _wrong(students, exercise):
        groups.setdefault(standing.fingerprint or standing.gap, []).append(standing)
    found = [Behaviour(tuple(group), min(group, key=_size)) for group in groups.values()]
    return most_shared(found)


def most_shared(found: Iterable[Behaviour]) -> list[Behaviour]:
    """Return behaviours, those that most share first."""
    return sorted(found, key=lambda one: -len(one.members))


def shared(students: Sequence[Student], exercises: Iterable[Exercise]) -> list[Shared]:
    """Return the listed mistakes that were named, those that most have made first."""
    found = [one for exercise in exercises for one in _shared(students, exercise)]
    return sorted(found, key=lambda one: -len(one.names))


def _shared(students: Sequence[Student], exercise: Exercise) -> Iterator[Shared]:
    told = {way.slug: way.story for way in mistakes(exercise)}
    names: dict[str, list[str]] = {}
    for standing in _wrong(students, exercise):
        for slug in standing.slugs:
            names.setdefault(slug, []).append(standing.name)
    for slug, of_slug in names.items():
        yield Shared(exercise, slug, first_sentence(told.get(slug, "")), tuple(of_slug))


def first_sentence(text: str) -> str:
    """Return the first sentence of a text in one line; all of it where no sentence ends."""
    line = " ".join(text.split())
    found = _SENTENCE.match(line)
    return found[0] if found else line


def _wrong(students: Sequence[Student], exercise: Exercise) -> Iterator[Standing]:
    found = (student.standings.get(exercise.name) for student in students)
    return (standing for standing in found if standing and standing.wrong)


def _size(standing: Standing) -> tuple[bool, int]:
    """Return by what the smallest example is found: one without code is the last to be taken."""
    return not standing.code, len(standing.code)
