"""Received: what a run has before it: the submissions of a class, and whose they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.batch.attention import Matter
from autograder.batch.database import Database
from autograder.batch.intake import HandedIn, entries, left, read_as, submissions
from autograder.batch.matching import match
from autograder.batch.people import Person, Whose, note_whose, whose
from autograder.batch.systems import Handed, again
from autograder.inside.submission import Submission


@dataclass(frozen=True)
class Received:
    """A folder of submissions, under the names that the ledger knows them by.

    `left` tells of the entries that are no submission, `matters` of those whose student is not
    found; `missing` are the people of the roster without a submission; None without a roster.
    """

    folder: Path
    modules: Collection[str]
    by_system: Mapping[str, Handed]
    entries: Sequence[HandedIn]
    roster: Sequence[Person] | None = None
    matters: Sequence[Matter] = ()
    missing: Sequence[Person] = ()

    @classmethod
    def of(
        cls,
        folder: Path,
        modules: Collection[str],
        by_system: Mapping[str, Handed],
        ledger: Database,
        roster: Sequence[Person] | None,
    ) -> Received:
        """Take in a folder; the ledger then knows whose the submissions are."""
        before = whose(ledger)
        known = {(row.system, row.key): name for name, row in before.items()}
        by_system = again(by_system, known)
        handed = entries(folder, modules, by_system)
        rows = before | {one.name: _now(one.whose, before.get(one.name)) for one in handed}
        if roster is None:
            note_whose(ledger, rows)
            return cls(folder, modules, by_system, handed)
        matched = match(rows, roster)
        note_whose(ledger, matched.rows)
        people = (matched.matters, matched.missing)
        return cls(folder, modules, by_system, handed, roster, *people)

    def submissions(self) -> Iterator[Submission]:
        """Yield the submissions, read one after the other."""
        return submissions(self.folder, self.modules, self.by_system)

    @property
    def left(self) -> list[str]:
        """A line for each entry that is no submission."""
        return left(self.folder, self.modules, self.by_system)

    def facts(self) -> Iterator[str]:
        """Yield the lines of the summary: how the folder was read, and who is missing."""
        if self.by_system:
            yield f"read as: {read_as(self.entries)}"
        if self.roster is None:
            return
        if not any(one.whose.told for one in self.entries):
            yield "roster:  not used, since the names are hidden"
            return
        yield f"roster:  no submission is found for {len(self.missing)} of {len(self.roster)} on it"


def _now(new: Whose, before: Whose | None) -> Whose:
    """Return whose a submission is after it came again; a file that somebody has put there under
    the name of a submission says nothing new."""
    if before is None:
        return new
    if new.system == "plain" != before.system:
        return before
    return replace(new, persons=before.persons)
