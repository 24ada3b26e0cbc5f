"""Intake: read submissions as students hand them in. Nothing of them is executed here."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder.batch.attempted import attempts
from autograder.batch.choose import choose
from autograder.batch.files import (
    LEDGER,
    hidden,
    is_archive,
    is_code,
    is_of_system,
    is_text,
    kind,
    module_of,
    told,
    work,
)
from autograder.batch.found import content, found
from autograder.batch.gradescope import METADATA
from autograder.batch.names import clean, distinct
from autograder.batch.people import Person, Whose
from autograder.batch.systems import Handed, handed, handed_in, recognised
from autograder.batch.text import read_source, unreadable
from autograder.disk.archive import Unreadable, shown
from autograder.inside.submission import Submission
from autograder.inside.words import printable

MAX_LISTED = 3  # files in a line
MAX_CODE_BYTES = 6 * 2**20  # of all sources as they are sent to a cell, in one frame

# The endings of a file, two where an archive or a mailer made the second: .tar.gz, .py.txt
_ENDING = re.compile(
    r"(\.tar\.\w+|\.(pyw?|ipynb)\.(txt|text|json|gz|bz2|xz)|\.[^.]+)\Z", re.IGNORECASE
)


@dataclass(frozen=True)
class HandedIn:
    """One submission of a class: its name, the entries of the folder that it is made of, whose it
    is as far as they tell, how they are written, and a line where it was guessed that they are one
    student's."""

    name: str
    paths: tuple[Path, ...]
    whose: Whose
    label: str = "plain"
    notes: tuple[str, ...] = ()


def entries(
    folder: Path, modules: Collection[str], by_system: Mapping[str, Handed] | None = None
) -> list[HandedIn]:
    """Return the submissions in a folder, in the order of their names; `by_system` is what a course
    system says of its entries, by default what their names tell.

    The entries that a course system wrote for one student are one submission, and so are those of
    one name, such as `a.py` and `a.ipynb`. A folder that is one student's own is one submission.
    """
    by_system = recognised(folder) if by_system is None else by_system
    paths = [p for p in sorted(folder.iterdir()) if _is_submission(p, by_system, modules)]
    if _is_of_one_student(paths, by_system, modules):
        name = folder.resolve().name
        return [HandedIn(clean(name) or "submission", (folder,), _whose(name, (folder,), {}))]
    groups: dict[str, list[Path]] = {}
    for path in paths:
        groups.setdefault(unicodedata.normalize("NFC", _owner(path, by_system)), []).append(path)
    names = distinct([clean(owner) for owner in groups])
    return [
        HandedIn(
            names[i],
            tuple(group),
            _whose(owner, group, by_system),
            next((by_system[p.name].label for p in group if p.name in by_system), "plain"),
            tuple(_guessed(group, by_system, modules)),
        )
        for i, (owner, group) in enumerate(groups.items())
    ]


def read_as(received: Sequence[HandedIn]) -> str:
    """Say as what a folder was read, such as `Moodle, folders`; how many of each where they mix."""
    labels = Counter(one.label for one in received)
    if len(labels) == 1:
        return next(iter(labels))
    return "; ".join(f"{label} ({count})" for label, count in labels.most_common())


def submissions(
    folder: Path, modules: Collection[str], by_system: Mapping[str, Handed] | None = None
) -> Iterator[Submission]:
    """Yield the submissions in a folder, in the order of their names, as `entries` does.

    One is made of folders, archives, .py and .ipynb files, or is a document that has a problem.
    Which files of it are read, choose.py says; what is no submission, `left` says.
    """
    for one in entries(folder, modules, by_system):
        yield _safely(one, modules)


def left(
    folder: Path, modules: Collection[str], by_system: Mapping[str, Handed] | None = None
) -> list[str]:
    """Return a line for each entry of a folder that is no submission."""
    by_system = recognised(folder) if by_system is None else by_system
    paths = [p for p in sorted(folder.iterdir()) if not _is_submission(p, by_system, modules)]
    if _is_of_one_student([p for p in folder.iterdir() if p not in paths], by_system, modules):
        return []  # then all of it is told in the submission's notes
    return [
        f"{shown(path.name)} is passed over: it holds the results of a run"
        if path.is_dir()
        else f"{told(path.name)} is passed over: it holds no exercise"
        for path in paths
        if not hidden(path.name) and not is_of_system(path.name) and path.name != METADATA
    ]


def read(entry: Path, modules: Collection[str]) -> Submission:
    """Read one submission; what is wrong with it becomes its `problem`, and an exception of the
    grader's own code its `fault`: neither may stop a class."""
    owner = _owner(entry, handed_in([entry.name]))
    return _safely(HandedIn(clean(owner), (entry,), _whose(owner, (entry,), {})), modules)


def _safely(one: HandedIn, modules: Collection[str]) -> Submission:
    try:
        with ExitStack() as stack:
            everything = found(one.paths, stack)
            notes = [*one.notes, *everything.notes]
            return _checked(choose(one.name, everything.files, modules, notes))
    except Unreadable as error:
        return Submission(one.name, problem=printable(str(error)))
    except OSError as error:
        return Submission(one.name, problem=str(unreadable(one.paths[0].name, error)))
    except Exception as fault:
        return Submission(one.name, fault=printable(f"{type(fault).__name__}: {fault}"))


def _guessed(
    paths: Sequence[Path], by_system: Mapping[str, Handed], modules: Collection[str]
) -> Iterator[str]:
    """Yield a line where nothing but Canvas's numbers says that entries are one student's."""
    files = [path.name for path in paths if path.name in by_system and by_system[path.name].user]
    if len({work(file) for file in files}) > 1 and not any(module_of(f, modules) for f in files):
        listed = ", ".join(map(shown, files[:MAX_LISTED]))
        yield f"taken as files of one student, by the numbers in their names: {listed}"


def _whose(owner: str, paths: Sequence[Path], by_system: Mapping[str, Handed]) -> Whose:
    """Return whose entries are, as far as a course system says it, and when they were handed in."""
    written = tuple(path.name for path in paths)
    parts = [by_system[name] for name in written if name in by_system]
    if not parts:  # the name may be any of these
        named = Person(owner, id=owner, email=owner, login=owner, ids={"github": owner})
        return Whose("plain", owner, written, (named,))
    first, late = parts[0], [part.late for part in parts if part.late is not None]
    at = max(part.handed_in for part in parts)
    return Whose(
        first.system, first.key, written, first.told, handed_in=at, late=any(late) if late else None
    )


def _is_submission(entry: Path, by_system: Mapping[str, Handed], modules: Collection[str]) -> bool:
    """Say whether somebody handed an entry in: nobody hands in a table, or results of a run."""
    name = entry.name
    if hidden(name) or is_of_system(name):
        return False
    if entry.is_dir():
        return entry.is_symlink() or not os.path.isfile(entry / LEDGER)  # never raises
    if is_code(name) or is_archive(name) or kind(name) or name in by_system:
        return True
    return is_text(name) and _has_exercise(entry, modules)


def _has_exercise(entry: Path, modules: Collection[str]) -> bool:
    try:
        source, _ = read_source(entry.name, entry.name, partial(content, entry))
    except (Unreadable, OSError):
        return False
    return bool(attempts(source.text, modules))


def _is_of_one_student(
    paths: Sequence[Path], by_system: Mapping[str, Handed], modules: Collection[str]
) -> bool:
    """Say whether the entries of a folder are files of one student, not submissions."""
    if any(path.name.casefold() == "exercises" and path.is_dir() for path in paths):
        return True
    own = [p for p in paths if not p.is_dir() and p.name not in by_system]
    named = [p for p in own if module_of(p.name, modules) and not handed(p.name)]
    return 2 * len(named) >= max(len(paths), 1)


def _owner(entry: Path, by_system: Mapping[str, Handed]) -> str:
    """Return what an entry says of whose it is."""
    if part := by_system.get(entry.name):
        return part.who
    return entry.name if entry.is_dir() else _ENDING.sub("", entry.name) or entry.name


def _checked(submission: Submission) -> Submission:
    """Refuse what is more than can be sent to a cell."""
    sent = [(len(json.dumps(one.text)), one.file) for one in submission.sources.values()]
    total = sum(size for size, _ in sent)
    if total <= MAX_CODE_BYTES:
        return submission
    size, file = max(sent)
    limit = f"its code is {_mib(total)} as it is sent to be judged, over {_mib(MAX_CODE_BYTES)}"
    problem = f"{limit}: the largest file, {shown(file)}, is {_mib(size)} of it"
    return Submission(submission.name, problem=problem, notes=submission.notes)


def _mib(size: int) -> str:
    return f"{size / 2**20:.3g} MiB"
