"""Intake: read submissions as students hand them in. Nothing of them is executed here."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.batch.archive import (
    MAX_ENTRIES,
    Bounded,
    Reader,
    Unreadable,
    opened,
    readers,
    shown,
)
from autograder.batch.choose import choose
from autograder.batch.files import ARCHIVES, ENVIRONMENT, SUFFIXES, hidden, is_never_read
from autograder.batch.text import read_source, unreadable
from autograder.inside.submission import WHOLE, Submission
from autograder.inside.words import printable

MAX_NAME_BYTES = 200  # a file system takes 255, and results add a suffix
MAX_CODE_BYTES = 6 * 2**20  # of all sources as they are sent to a cell, in one frame

# Control characters, marks that reverse what is read, and bytes that are no text.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def entries(folder: Path) -> list[Path]:
    """Return the entries of a folder that are submissions, in the order of their names."""
    return [path for path in sorted(folder.iterdir()) if _is_submission(path)]


def submissions(folder: Path, modules: Collection[str]) -> Iterator[Submission]:
    """Yield every entry of a folder as a submission, in the order of their names.

    An entry is a folder of module files, a zip of one, or one .py or .ipynb file; an archive of
    another kind has a problem, other files and hidden ones are passed over. Which files of a
    folder are read, choose.py says.
    """
    paths = entries(folder)
    for path, name in zip(paths, _names(paths), strict=True):
        yield replace(read(path, modules), name=name)


def read(entry: Path, modules: Collection[str]) -> Submission:
    """Read one submission; what is wrong with it becomes its `problem`, and an exception of the
    grader's own code its `fault`: neither may stop a class."""
    name = _name(entry)
    try:
        return _checked(_read(name, entry, modules))
    except Unreadable as error:
        return Submission(name, problem=printable(str(error)))
    except OSError as error:
        return Submission(name, problem=str(unreadable(entry.name, error)))
    except Exception as fault:
        return Submission(name, fault=printable(f"{type(fault).__name__}: {fault}"))


def _is_submission(entry: Path) -> bool:
    kinds = (*SUFFIXES, ".zip", *ARCHIVES)
    return not hidden(entry.name) and (entry.is_dir() or entry.suffix.lower() in kinds)


def _names(entries: Sequence[Path]) -> list[str]:
    """Name each entry: `a.py` beside `a.zip` by its full name, and no two of them alike."""
    short = [_name(path) for path in entries]
    count = Counter(map(_key, short))
    names: dict[str, str] = {}  # by what they are on a system that ignores case
    tried = Counter[str]()
    for path, name in zip(entries, short, strict=True):
        own = _clean(path.name, path.name) if count[_key(name)] > 1 else name
        while _key(unique := own + _ending(tried[_key(own)])) in names:
            tried[_key(own)] += 1
        names[_key(unique)] = unique
    return list(names.values())


def _ending(number: int) -> str:
    return "+" * min(number, 1) + (str(number) if number > 1 else "")


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def _name(entry: Path) -> str:
    stem = entry.name if entry.is_dir() else entry.stem.removesuffix(".tar")
    return _clean(stem, entry.name)


def _clean(name: str, full: str) -> str:
    """Write a name so that it can be shown, and be a file's name."""
    cleaned = _UNSEEN.sub(lambda found: printable(found[0]), unicodedata.normalize("NFC", name))
    if len(cleaned.encode()) <= MAX_NAME_BYTES:
        return cleaned
    end = "~" + hashlib.sha256(os.fsencode(full)).hexdigest()[:8]
    return cleaned.encode()[: MAX_NAME_BYTES - len(end)].decode(errors="ignore") + end


def _read(name: str, entry: Path, modules: Collection[str]) -> Submission:
    if entry.is_symlink():
        raise Unreadable(f"{shown(entry.name)} is a link: put the files themselves there")
    if entry.is_dir():
        return choose(name, _folder(entry), modules)
    suffix = entry.suffix.lower()
    if suffix in ARCHIVES:
        kinds = "a folder, a .zip, a .py or an .ipynb"
        raise Unreadable(f"{shown(entry.name)} cannot be read: hand in {kinds}")
    if suffix == ".zip":
        with opened(entry) as raw, Bounded(raw) as file:
            return choose(name, readers(file, shown(entry.name)), modules)
    if is_never_read(entry.stem):
        raise Unreadable(f"{entry.name} is never read: give it another name")
    source = read_source(entry.name, printable(entry.name), partial(_content, entry))
    return Submission(name, {WHOLE: source})


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


def _folder(folder: Path) -> dict[str, Reader]:
    """Return the ordinary files of a folder; neither links nor hidden folders are followed, and no
    virtual environment, which may hold more files than a submission."""
    files: list[str] = []
    folders, seen = [""], 0
    while folders:
        inside = folders.pop()
        entries = _entries(folder, inside)
        if any(entry.name == ENVIRONMENT for entry in entries):
            continue
        for entry in entries:
            seen += 1
            if seen > MAX_ENTRIES:
                raise Unreadable(f"it has over {MAX_ENTRIES} files")
            if entry.is_file(follow_symlinks=False):
                files.append(inside + entry.name)
            elif entry.is_dir(follow_symlinks=False) and not hidden(entry.name):
                folders.append(f"{inside}{entry.name}/")
    return {path: partial(_content, folder / path) for path in sorted(files, key=PurePosixPath)}


def _entries(folder: Path, inside: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder / inside) as entries:
            return list(itertools.islice(entries, MAX_ENTRIES + 1))
    except OSError as error:
        raise unreadable(inside or folder.name, error) from error


def _content(path: Path, limit: int) -> bytes:
    with io.BufferedReader(opened(path)) as file:
        return file.read(limit)
