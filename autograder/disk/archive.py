"""Archives: one is checked as a whole before anything of it is read, and never unpacked.

A zip is read where it lies; tar.py makes the same checks of a tar.
"""

from __future__ import annotations

import copy
import io
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TypeAlias

from autograder.disk import files
from autograder.inside.errors import DescentError
from autograder.inside.words import printable

MAX_ENTRIES = 20_000
MAX_TOTAL_BYTES = 256 * 2**20
MAX_RATIO = 1_100  # deflate reaches 1,032
MAX_CONTENTS_BYTES = 4 * 2**20  # of the table of contents, which is read at once
MAX_NAME = 1_000
MAX_DEPTH = 64
LOCAL_HEADER_BYTES = 30  # without the name

# What macOS and Windows put beside the files: never read, and named as these systems please.
SYSTEM_FOLDER, SYSTEM_PREFIX = "__MACOSX", "._"
SYSTEM_FILES = (".DS_Store", "Thumbs.db", "desktop.ini", "Icon\r")

Reader: TypeAlias = Callable[[int], bytes]


class Unreadable(DescentError):
    """A submission cannot be read; the message names the file and the reason."""


@dataclass(frozen=True)
class Entry:
    """One entry of an archive: its name as it stands there (Windows may have written backslashes),
    the size that it claims, and the type of file in its mode; 0 where there is none."""

    name: str
    size: int
    type: int

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The name's parts, without those that say nothing."""
        return tuple(part for part in re.split(r"[/\\]", self.name) if part not in ("", "."))

    @property
    def path(self) -> str:
        """The name as it is written everywhere else."""
        return "/".join(self.parts)

    @property
    def key(self) -> str:
        """What the path is called on a system that ignores case and forms of accents."""
        decomposed = unicodedata.normalize("NFD", self.path).casefold()
        return unicodedata.normalize("NFD", decomposed)

    @property
    def is_folder(self) -> bool:
        """Whether the name says that it is a folder."""
        return self.name.endswith(("/", "\\"))

    @property
    def is_of_system(self) -> bool:
        """Whether macOS or Windows has added it."""
        last = self.parts[-1] if self.parts else ""
        of_macos = self.parts[:1] == (SYSTEM_FOLDER,) or last.startswith(SYSTEM_PREFIX)
        return of_macos or last in SYSTEM_FILES


def _is_unprintable(entry: Entry) -> bool:
    bare = entry.name if not entry.is_of_system else entry.name.replace("Icon\r", "Icon")
    return any(unicodedata.category(character) == "Cc" for character in bare)


# What no entry may be, whether it is wanted or not, and how it is told.
CHECKS: tuple[tuple[Callable[[Entry], bool], str], ...] = (
    (lambda entry: not entry.name, "has no name"),
    (lambda entry: len(entry.name) > MAX_NAME, "has a name that is too long"),
    (lambda entry: len(entry.parts) > MAX_DEPTH, "lies in too many folders"),
    (_is_unprintable, "has a control character in its name"),
    (lambda entry: entry.name.startswith(("/", "\\")), "has an absolute path"),
    (lambda entry: bool(re.match("[A-Za-z]:", entry.name)), "has a drive letter in its path"),
    (lambda entry: ".." in entry.parts, "leads out of its folder by `..`"),
    (lambda entry: entry.type == stat.S_IFLNK, "is a link: put the file itself there"),
    (
        lambda entry: entry.type not in (0, stat.S_IFREG, stat.S_IFDIR),
        "is no ordinary file, but a device, a pipe or a socket",
    ),
    (
        lambda entry: entry.type == stat.S_IFDIR and not entry.is_folder,
        "is a folder by its mode and a file by its name",
    ),
    (lambda entry: entry.is_folder and entry.size > 0, "is a folder with a content"),
)


class Bounded(io.BufferedReader):
    """A file that refuses a read of more than a table of contents may have."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read; zipfile reads the table at once, with the size that the archive claims."""
        if size is not None and size > MAX_CONTENTS_BYTES:
            raise zipfile.BadZipFile(f"its table of contents is over {MAX_CONTENTS_BYTES} bytes")
        return super().read(size)


def opened(path: Path) -> io.FileIO:
    """Open an ordinary file; Unreadable for any other.

    A hard link is one, for systems that keep equal files once make many; but not to a file that
    has another owner than its folder: who made the link might not be allowed to read it.
    """
    try:
        file = files.opened(path)
    except files.NotOrdinary as error:
        raise Unreadable(f"{shown(path.name)} is no ordinary file") from error
    found = os.fstat(file.fileno())
    if found.st_nlink > 1 and found.st_uid != path.parent.stat().st_uid:
        file.close()
        told = "is another owner's file, by a hard link: put a copy there"
        raise Unreadable(f"{shown(path.name)} {told}")
    return file


def readers(file: Bounded, name: str, most: int = MAX_TOTAL_BYTES) -> dict[str, Reader]:
    """Return a function for every file of a zip that reads so many bytes of it, by its path.

    Raises Unreadable, naming the entry, where one is hostile, or where they are over `most` bytes.
    """
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:  # a damaged archive makes zipfile fail in many ways
        raise Unreadable(f"{name} is no readable zip: {said(error)}") from error
    infos = archive.infolist()
    entries = [
        Entry(i.orig_filename, i.file_size, stat.S_IFMT(i.external_attr >> 16)) for i in infos
    ]
    check_sizes(entries, MAX_RATIO * file.seek(0, io.SEEK_END), most)
    check(entries)
    _check_places(list(zip(infos, entries, strict=True)), archive.start_dir)
    pairs = [(i, entry) for i, entry in zip(infos, entries, strict=True) if not entry.is_folder]
    return {entry.path: partial(_content, archive, info, entry.name) for info, entry in pairs}


def check(entries: Sequence[Entry]) -> None:
    """Refuse an archive for one of its entries; raises Unreadable that names it."""
    for entry in entries:
        for is_hostile, reason in CHECKS:
            if is_hostile(entry):
                raise Unreadable(f"{shown(entry.name)} {reason}")
    _check_names([entry for entry in entries if not entry.is_of_system])


def shown(name: str) -> str:
    """Write a name on the one line there is for it."""
    text = printable(name) or "''"
    return text if len(text) <= 100 else f"{text[:60]}...{text[-30:]}"


def check_sizes(entries: Sequence[Entry], possible: int, most: int = MAX_TOTAL_BYTES) -> None:
    """Refuse an archive that says of itself that it is a bomb; `possible` is what its bytes can
    become, `most` what they may."""
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(f"it has {len(entries)} files, over {MAX_ENTRIES}")
    total = sum(entry.size for entry in entries)
    if total <= min(most, possible):
        return
    largest = max(entries, key=lambda entry: entry.size)
    start = f"{shown(largest.name)} is the largest of its files, which unpack to"
    if total > most:
        raise Unreadable(f"{start} {total / 2**20:.0f} MiB, over {most // 2**20} MiB")
    times = total * MAX_RATIO // possible
    raise Unreadable(f"{start} {times} times the size of the zip, over {MAX_RATIO}")


def _check_names(entries: Sequence[Entry]) -> None:
    """Refuse two entries that are one file somewhere, and a file that is also a folder."""
    files: dict[str, Entry] = {}
    for entry in entries:
        if not entry.is_folder and (first := files.setdefault(entry.key, entry)) is not entry:
            if first.path == entry.path:
                raise Unreadable(f"{shown(entry.name)} is in it twice")
            both = f"{shown(first.name)} and {shown(entry.name)}"
            raise Unreadable(f"{both} are one name on many systems: keep one of them")
    for entry in entries:
        for folder in _folders(entry):
            if folder in files:
                raise Unreadable(f"{shown(files[folder].name)} is both a file and a folder")


def _folders(entry: Entry) -> Iterator[str]:
    """Yield the keys of the folders that an entry stands for: those around it, or itself."""
    key = entry.key + "/" * entry.is_folder
    for found in re.finditer("/", key):
        yield key[: found.start()]


def _check_places(entries: Sequence[tuple[zipfile.ZipInfo, Entry]], end: int) -> None:
    """Refuse entries that share bytes of the archive: so a few bytes are unpacked many times."""
    following = "the table of contents"
    for info, entry in sorted(entries, key=lambda pair: pair[0].header_offset, reverse=True):
        header = LOCAL_HEADER_BYTES + len(entry.name)
        if info.header_offset + header + info.compress_size > end:
            raise Unreadable(f"{shown(entry.name)} overlaps with {following}")
        following, end = shown(entry.name), info.header_offset


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limit: int) -> bytes:
    """Read a file; what it says of its size and checksum must be true."""
    if info.flag_bits & 0x41:
        raise Unreadable(f"{shown(name)} needs a password: hand in a zip without one")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Of bzip2 and lzma, a few bytes may become gigabytes before anybody can stop it.
        raise Unreadable(f"{shown(name)} is compressed in an unusual way: use deflate")
    unbounded = copy.copy(info)
    unbounded.file_size = limit + 1  # zipfile would stop at the size that is claimed
    try:
        with archive.open(unbounded) as file:
            content = file.read(limit)
    except Exception as error:  # as above
        raise Unreadable(f"{shown(name)} is damaged: {said(error)}") from error
    claimed = (min(info.file_size, limit), info.CRC)
    if (len(content), zlib.crc32(content)) != claimed and len(content) < limit:
        raise Unreadable(f"{shown(name)} is damaged: its size is not what the zip says")
    return content


def said(error: Exception) -> str:
    """Return what an exception says, in a line."""
    text = printable(str(error))
    return text[:200] or type(error).__name__
