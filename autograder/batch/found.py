"""Found: every file of a submission, those in its archives too, and what was passed over unseen.

An archive's files lie in a folder of its name, `work.zip/m06_model.py`.
"""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.batch import tar
from autograder.batch.files import (
    ENVIRONMENT,
    LEDGER,
    OTHER_ARCHIVES,
    hidden,
    is_archive,
    is_hidden,
)
from autograder.batch.text import unreadable
from autograder.disk.archive import (
    MAX_ENTRIES,
    Bounded,
    Reader,
    Unreadable,
    opened,
    readers,
    shown,
)
from autograder.inside.words import printable

MAX_INNER_BYTES = 32 * 2**20  # of all archives in archives or folders, which are held in memory
MAX_ARCHIVES = 10
MAX_DEPTH = 3  # archives in archives
HAND_IN = "hand in a folder, a .zip, a .py or an .ipynb"


@dataclass
class Found:
    """The files of a submission by path, as functions that read so many bytes, and lines about
    what could not be opened."""

    files: dict[str, Reader] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def found(paths: Sequence[Path], stack: ExitStack) -> Found:
    """Find the files of one submission, which came as one path or as several; what is opened
    stays open until `stack` is closed.

    Raises Unreadable where the only path cannot be opened.
    """
    all_of_it = Found()
    for path in paths:
        packed = len(paths) > 1 and (path.is_dir() or is_archive(path.name))
        inside = f"{path.name}/" if packed else ""
        try:
            inner = _entry(path, stack, all_of_it.notes)
            all_of_it.files |= {inside + name: reader for name, reader in inner.items()}
        except Unreadable as error:
            if len(paths) == 1:
                raise
            all_of_it.notes.append(printable(str(error)))
    _open_archives(all_of_it, stack)
    return all_of_it


def _entry(path: Path, stack: ExitStack, notes: list[str]) -> dict[str, Reader]:
    if path.is_symlink():
        raise Unreadable(f"{shown(path.name)} is a link: put the files themselves there")
    if path.is_dir():
        return _folder(path, notes)
    if is_archive(path.name):
        file = stack.enter_context(opened(path))
        return _members(file, shown(path.name), stack)
    return {path.name: partial(content, path)}


def _members(file: io.BytesIO | io.FileIO, name: str, stack: ExitStack) -> dict[str, Reader]:
    """Return the files of an archive; raises Unreadable."""
    bounded = stack.enter_context(Bounded(file))
    if name.lower().endswith(OTHER_ARCHIVES):
        raise Unreadable(f"{name} cannot be opened here: {HAND_IN}")
    start = bounded.peek(6)
    if start.startswith((b"Rar!", b"7z\xbc\xaf")):
        real = "a .rar" if start.startswith(b"Rar!") else "a .7z"
        raise Unreadable(f"{name} is {real} in truth, which cannot be opened here: {HAND_IN}")
    if name.lower().endswith(".zip") or start.startswith(b"PK"):
        return readers(bounded, name)
    return tar.readers(bounded, name, stack)


def _open_archives(all_of_it: Found, stack: ExitStack) -> None:
    """Put the files of each archive among the others, as long as these are few and small."""
    files, left = all_of_it.files, MAX_INNER_BYTES
    todo = [(path, 1) for path in files if is_archive(path) and not is_hidden(path)]
    for number, (path, depth) in enumerate(todo):
        name = shown(path)
        if number >= MAX_ARCHIVES or depth > MAX_DEPTH:
            all_of_it.notes.append(f"{name} is not opened: there are too many archives in it")
            return
        try:
            packed = files[path](left + 1)
            left -= len(packed)
            if left < 0:
                raise Unreadable(f"{name} is not opened: it is over {MAX_INNER_BYTES // 2**20} MiB")
            inner = _members(io.BytesIO(packed), name, stack)
            if len(files) + len(inner) > MAX_ENTRIES:
                raise Unreadable(f"{name} is not opened: it is one of over {MAX_ENTRIES} files")
        except (Unreadable, OSError) as error:
            line = printable(str(error))
            of_it = "" if line.startswith(name) else f"{name} is passed over: "
            all_of_it.notes.append(of_it + line)
            if left < 0:
                return
            continue
        named = {f"{path}/{one}": reader for one, reader in inner.items()}
        files |= named
        todo += [(p, depth + 1) for p in named if is_archive(p) and not is_hidden(p)]


def _folder(folder: Path, notes: list[str]) -> dict[str, Reader]:
    """Return the ordinary files of a folder; neither links nor hidden folders are followed, no
    virtual environment, which may hold more files than a submission, and no results of a run."""
    files: list[str] = []
    seen = 0
    for inside, entries in _walked(folder):
        for entry in entries:
            seen += 1
            if seen > MAX_ENTRIES:
                raise Unreadable(f"it has over {MAX_ENTRIES} files")
            if entry.is_file(follow_symlinks=False):
                files.append(inside + entry.name)
            elif not entry.is_dir(follow_symlinks=False) and not hidden(entry.name):
                what = "a link" if entry.is_symlink() else "no ordinary file"
                notes.append(f"{shown(inside + entry.name)} is passed over: it is {what}")
    return {path: partial(content, folder / path) for path in sorted(files, key=PurePosixPath)}


def _walked(folder: Path) -> Iterator[tuple[str, list[os.DirEntry[str]]]]:
    """Yield each folder that is looked into, with its entries."""
    folders = [""]
    while folders:
        inside = folders.pop()
        entries = _entries(folder, inside)
        if any(entry.name == ENVIRONMENT for entry in entries):
            continue
        if inside and any(entry.name == LEDGER for entry in entries):
            continue
        yield inside, entries
        folders += [
            f"{inside}{entry.name}/"
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and not hidden(entry.name)
        ]


def _entries(folder: Path, inside: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder / inside) as entries:
            return list(itertools.islice(entries, MAX_ENTRIES + 1))
    except OSError as error:
        raise unreadable(inside or folder.name, error) from error


def content(path: Path, limit: int) -> bytes:
    """Read so many bytes of an ordinary file; raises Unreadable for any other."""
    with io.BufferedReader(opened(path)) as file:
        return file.read(limit)
