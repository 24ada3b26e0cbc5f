"""Hostile archives: zips that want to be read wrongly, to write elsewhere, or to fill a machine.

Each is built in code. It holds a right `m06_model.py` wherever its trick leaves room for one, so
that a grader which only overlooks the trick would accept it.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import stat
import struct
import tarfile
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias

MODULE = "m06_model.py"
TEXT = b"a = 1\n"
MIB = 2**20
DATA = random.Random(1).randbytes(20_000)  # does not get smaller

Build: TypeAlias = Callable[[zipfile.ZipFile], None]


@dataclass(frozen=True)
class Hostile:
    """An archive: `why` is its mechanism in a sentence, `told` a pattern of the line it gets."""

    name: str
    why: str
    build: Build
    told: str
    damage: Callable[[bytes], bytes] = bytes

    def write(self, folder: Path) -> Path:
        """Write the archive into a folder."""
        content = io.BytesIO()
        with warnings.catch_warnings(), zipfile.ZipFile(content, "w") as archive:
            warnings.simplefilter("ignore")  # zipfile warns of duplicate names
            self.build(archive)
        path = folder / "student.zip"
        path.write_bytes(self.damage(content.getvalue()))
        return path


def entry(
    archive: zipfile.ZipFile,
    name: str,
    text: bytes = TEXT,
    mode: int = 0,
    method: int = zipfile.ZIP_DEFLATED,
) -> zipfile.ZipInfo:
    """Add an entry under exactly this name; what it says of itself can be changed until the end."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    info.external_attr = mode << 16
    info.compress_type = method
    archive.writestr(info, text)
    return info


def named(*names: str) -> Build:
    """Build an archive of entries with these names."""

    def build(archive: zipfile.ZipFile) -> None:
        for name in names:
            entry(archive, name)

    return build


def typed(kind: int, name: str = MODULE, text: bytes = TEXT, system: int = 3) -> Build:
    """Build an archive whose first entry has a type of file in its mode."""

    def build(archive: zipfile.ZipFile) -> None:
        entry(archive, name, text, mode=kind | 0o644).create_system = system
        if name != MODULE:
            entry(archive, MODULE)

    return build


def lying(text: bytes = TEXT, **claims: int) -> Build:
    """Build an archive whose table of contents says something else than the entry is."""

    def build(archive: zipfile.ZipFile) -> None:
        info = entry(archive, MODULE, text)
        for name, value in claims.items():
            setattr(info, name, value)

    return build


def raw(archive: zipfile.ZipFile, name: str, data: bytes, method: int, size: int) -> None:
    """Add an entry of compressed bytes, with the size that it claims."""
    info = entry(archive, name, data, method=zipfile.ZIP_STORED)
    info.compress_type, info.file_size = method, size


@cache
def zeros(mebibytes: int) -> bytes:
    """Return deflated zeros, in the time it takes to deflate one mebibyte."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = deflate.compress(bytes(MIB)) + deflate.flush(zlib.Z_FULL_FLUSH)
    return once * mebibytes + deflate.flush()


def bomb(
    data: Callable[[], bytes], claims: int, name: str = MODULE, method: int = zipfile.ZIP_DEFLATED
) -> Build:
    """Build an archive with an entry that becomes large."""

    def build(archive: zipfile.ZipFile) -> None:
        raw(archive, name, data(), method, claims)
        if name != MODULE:
            entry(archive, MODULE)

    return build


@cache
def lzma_zeros() -> bytes:
    """Return 128 MiB of zeros as a zip holds them with LZMA: its properties, then the stream."""
    filters = [{"id": lzma.FILTER_LZMA1, "preset": 0, "dict_size": MIB}]
    packer = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=filters)
    stream = b"".join(packer.compress(bytes(MIB)) for _ in range(128)) + packer.flush()
    return struct.pack("<BBHBI", 9, 4, 5, 0x5D, MIB) + stream


@cache
def bz2_zeros() -> bytes:
    """Return 128 MiB of zeros in some 100 bytes."""
    packer = bz2.BZ2Compressor(9)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(128)) + packer.flush()


def listed(count: int, comment: bytes = b"") -> Build:
    """Build an archive whose table of contents has so many entries."""

    def build(archive: zipfile.ZipFile) -> None:
        entry(archive, MODULE)
        for number in range(count):
            info = zipfile.ZipInfo(f"notes/{number}.txt")
            info.header_offset, info.CRC, info.comment = 0, 0, comment
            archive.filelist.append(info)

    return build


def file_and_folder(archive: zipfile.ZipFile) -> None:
    """Give a file the name of a folder."""
    named("work", MODULE)(archive)
    entry(archive, "work/", b"")


def overlapping(archive: zipfile.ZipFile) -> None:
    """Let a hundred entries stand for the same bytes."""
    first = entry(archive, MODULE, DATA)
    for number in range(100):
        info = zipfile.ZipInfo(f"data/{number}.csv")
        info.compress_type, info.CRC = first.compress_type, first.CRC
        info.compress_size, info.file_size = first.compress_size, first.file_size
        info.header_offset = first.header_offset
        archive.filelist.append(info)


def quoting(archive: zipfile.ZipFile) -> None:
    """Let an entry's data hold the next entry, header and all, as a block of its own text."""
    inner = zipfile.ZipFile(io.BytesIO(), "w")
    kernel = entry(inner, "data.csv", DATA)
    assert inner.fp is not None
    inner.fp.seek(0)
    whole = inner.fp.read()
    header = whole[: len(whole) - kernel.compress_size]
    block = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF)
    raw(archive, MODULE, block + whole, zipfile.ZIP_DEFLATED, len(header) + len(DATA))
    outer = archive.filelist[0]
    outer.CRC = zlib.crc32(header + DATA)
    kernel.header_offset = archive.start_dir - len(whole)
    archive.filelist.append(kernel)


def renamed(content: bytes) -> bytes:
    """Change the name in front of the data, which comes first; the table keeps it."""
    return content.replace(MODULE.encode(), b"m07_model.py", 1)


def zip64_end(content: bytes) -> bytes:
    """Put an end of the large kind in front of the end, with a table of 2**40 bytes."""
    place = content.rindex(b"PK\5\6")
    record = (b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 2**40, 2**50)
    large = struct.pack("<4sQ2H2L4Q", *record)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, place, 1)
    return content[:place] + large + locator + content[place:]


def zipped(names: Iterable[str]) -> bytes:
    """Return a zip of entries with these names."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        named(*names)(archive)
    return content.getvalue()


def within(content: Callable[[], bytes], name: str = "work/homework.zip") -> Build:
    """Build an archive that holds another one, and nothing else."""

    def build(archive: zipfile.ZipFile) -> None:
        entry(archive, name, content())

    return build


def matryoshka() -> bytes:
    """Return a zip in a zip, five deep."""
    content = zipped([MODULE])
    for _ in range(5):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w") as archive:
            entry(archive, "in.zip", content)
        content = outer.getvalue()
    return content


def tarred(*members: tarfile.TarInfo, mode: str = "w:gz") -> bytes:
    """Return a tar of these members, each with TEXT where it has a size."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode=mode) as archive:  # type: ignore[call-overload]
        for member in members:
            archive.addfile(member, io.BytesIO(TEXT))
    return content.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    """Return a member of a tar."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    info.size = len(TEXT) if kind == tarfile.REGTYPE else 0
    return info


def long_header() -> bytes:
    """Return a tar whose header says that a name of 8 GiB follows."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 2**33 - 1
    return gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(MIB * 8))


SLIPS = [
    Hostile(
        "slip",
        "A program that unpacks to a folder writes beside it.",
        named("../m06_model.py"),
        r"^\.\./m06_model\.py leads out",
    ),
    Hostile(
        "slip-after-a-folder",
        "The way out is taken twice, after one step in.",
        named("work/../../m06_model.py"),
        r"work/\.\./\.\./m06_model\.py leads out",
    ),
    Hostile(
        "slip-by-backslash",
        "On Windows a backslash is a way out too.",
        named("..\\m06_model.py"),
        r"^\.\.\\m06_model\.py leads out",
    ),
    Hostile(
        "slip-mixed",
        "A check of each kind of slash alone sees no part that is two dots.",
        named("work\\../..\\m06_model.py"),
        "leads out",
    ),
    Hostile(
        "slip-beside-a-module",
        "The entry that writes elsewhere is not one that is read.",
        named(MODULE, "../../.bashrc"),
        r"^\.\./\.\./\.bashrc leads out",
    ),
    Hostile(
        "slip-as-macos",
        "It pretends to be one of the files that macOS adds.",
        named(MODULE, "__MACOSX/../../m06_model.py"),
        r"__MACOSX/\.\./\.\./m06_model\.py leads out",
    ),
    Hostile(
        "absolute",
        "A path from the root is written there.",
        named("/etc/m06_model.py"),
        "/etc/m06_model.py has an absolute path",
    ),
    Hostile(
        "absolute-on-a-server",
        "Windows opens a path of two backslashes on another machine, with the account's password.",
        named("\\\\server\\share\\m06_model.py"),
        r"\\\\server\\share\\m06_model\.py has an absolute path",
    ),
    Hostile(
        "drive",
        "A path with a drive is written there, on Windows.",
        named("C:\\m06_model.py"),
        r"C:\\m06_model\.py has a drive",
    ),
    Hostile(
        "drive-without-a-slash",
        "A drive without a slash is that drive's current folder.",
        named("work.txt", "c:m06_model.py"),
        "c:m06_model.py has a drive",
    ),
]

TYPES = [
    Hostile(
        "link",
        "The module is a link to a file of the teacher's.",
        typed(stat.S_IFLNK, text=b"/etc/passwd"),
        f"{MODULE} is a link",
    ),
    Hostile(
        "link-from-dos",
        "It says it is from DOS, and has the mode of a link all the same.",
        typed(stat.S_IFLNK, text=b"/etc/passwd", system=0),
        f"{MODULE} is a link",
    ),
    Hostile(
        "link-beside-a-module",
        "A link to a folder lets the entries after it be written there.",
        typed(stat.S_IFLNK, "data", b"/tmp"),
        "^data is a link",
    ),
    Hostile("character-device", "A device has no end.", typed(stat.S_IFCHR), "is no ordinary file"),
    Hostile("block-device", "A device is a disk.", typed(stat.S_IFBLK), "is no ordinary file"),
    Hostile("pipe", "Whoever opens a pipe waits.", typed(stat.S_IFIFO), "is no ordinary file"),
    Hostile("socket", "A socket is no text.", typed(stat.S_IFSOCK), "is no ordinary file"),
    Hostile(
        "folder-by-mode",
        "Its mode is that of a folder, its name and content are those of a module.",
        typed(stat.S_IFDIR),
        f"{MODULE} is a folder by its mode",
    ),
    Hostile(
        "folder-with-content",
        "What is hidden in a folder's entry is seen by some programs only.",
        named("work/", MODULE),
        "work/ is a folder with a content",
    ),
    Hostile(
        "file-and-folder",
        "One name is a file and a folder.",
        file_and_folder,
        "work is both a file and a folder",
    ),
    Hostile(
        "file-and-folder-around",
        "A file of this name stands where a folder must be.",
        named("m06_model.py/m06_model.py", MODULE),
        f"{MODULE} is both a file and a folder",
    ),
]

NAMES = [
    Hostile(
        "twice",
        "Two programs that read the first and the last of two entries grade different texts.",
        named(MODULE, MODULE),
        f"{MODULE} is in it twice",
    ),
    Hostile(
        "twice-by-slashes",
        "Two slashes are one.",
        named("work/m06_model.py", "work//./m06_model.py"),
        "m06_model.py is in it twice",
    ),
    Hostile(
        "twice-by-backslash",
        "One of the two is written as Windows does.",
        named("work/m06_model.py", "work\\m06_model.py"),
        r"work\\m06_model\.py is in it twice",
    ),
    Hostile(
        "twice-beside-a-module",
        "The entry that stands there twice is not one that is read.",
        named("README.txt", MODULE, "README.txt"),
        "README.txt is in it twice",
    ),
    Hostile(
        "case",
        "On Windows and macOS the second overwrites the first.",
        named("M06_model.py", MODULE),
        f"M06_model.py and {MODULE} are one name",
    ),
    Hostile(
        "accents",
        "An accent is one character in one name and two in the other; macOS sees one name.",
        named(*(unicodedata.normalize(form, "é/m06_model.py") for form in ("NFC", "NFD"))),
        "é/m06_model.py and .*/m06_model.py are one name",
    ),
    Hostile(
        "case-of-accents",
        "Letters that are the same only after case and accents are both taken away.",
        named(MODULE, "Å.txt", unicodedata.normalize("NFD", "å.txt")),
        "Å.txt and .*.txt are one name",
    ),
    Hostile(
        "nul",
        "Programs in C read the name up to the character 0, a check in Python all of it.",
        named("m06_model.py\0.txt"),
        r"m06_model\.py\\x00\.txt has a control character",
    ),
    Hostile(
        "newline",
        "The rest of the name looks like a line of the grader.",
        named(MODULE, "a\nstudent-02  100/100"),
        r"a\\nstudent-02  100/100 has a control character",
    ),
    Hostile(
        "escape",
        "A terminal obeys what is in the name.",
        named(MODULE, "\x1b[2J\x1b]0;pass\x07.py"),
        r"\\x1b\[2J\\x1b\]0;pass\\x07\.py has a control character",
    ),
    Hostile(
        "escape-of-one-character",
        "Some terminals take the character 9B for an escape.",
        named(MODULE, "\x9b2J.py"),
        r"\\x9b2J\.py has a control character",
    ),
    Hostile("no-name", "A name of no characters.", named(MODULE, ""), "^'' has no name"),
    Hostile(
        "long-name",
        "A name of 60,000 characters fills the screen, and no file system takes it.",
        named(MODULE, "a" * 60_000),
        r"^a+\.\.\.a+ has a name that is too long",
    ),
    Hostile(
        "deep",
        "A path of 400 folders is longer than some programs' stacks.",
        named(MODULE, "a/" * 400 + "b.txt"),
        r"^[a/]+\.\.\.[a/]+b\.txt lies in too many folders",
    ),
]

SIZES = [
    Hostile(
        "bomb",
        "A module of 128 kB becomes 128 MiB.",
        bomb(partial(zeros, 128), 128 * MIB),
        f"{MODULE} is over 2 MiB",
    ),
    Hostile(
        "bomb-that-lies",
        "A module that becomes 128 MiB says that it has 6 bytes.",
        bomb(partial(zeros, 128), 6),
        f"{MODULE} is over 2 MiB",
    ),
    Hostile(
        "bomb-beside-a-module",
        "All that it holds is over 256 MiB, though nothing of it is read.",
        bomb(partial(zeros, 300), 300 * MIB, "data.csv"),
        "data.csv is the largest .* 300 MiB, over 256",
    ),
    Hostile(
        "bomb-by-ratio",
        "A table of 100 bytes becomes 128 MiB, which deflate cannot do.",
        bomb(bz2_zeros, 128 * MIB, "data.csv", zipfile.ZIP_BZIP2),
        "data.csv is the largest .* times the size of the zip",
    ),
    Hostile(
        "bomb-of-bzip2",
        "bzip2 gives all of a block at once, and says nothing of its size.",
        bomb(bz2_zeros, 6, method=zipfile.ZIP_BZIP2),
        f"{MODULE} is compressed in an unusual way",
    ),
    Hostile(
        "bomb-of-lzma",
        "LZMA gives all there is at once, too.",
        bomb(lzma_zeros, 6, method=zipfile.ZIP_LZMA),
        f"{MODULE} is compressed in an unusual way",
    ),
    Hostile(
        "many-entries",
        "Twenty thousand entries more than anybody hands in.",
        listed(20_000),
        "20001 files, over 20000",
    ),
    Hostile(
        "large-contents",
        "The table of contents itself is what fills the memory.",
        listed(100, b"x" * 65_000),
        "student.zip is no readable zip: its table of contents",
    ),
    Hostile(
        "too-small-a-size",
        "It claims the size and checksum of its first two bytes, so others read another text.",
        lying(file_size=2, CRC=zlib.crc32(TEXT[:2])),
        f"{MODULE} is damaged",
    ),
    Hostile(
        "too-large-a-size", "It claims more than there is.", lying(file_size=60), "its size is not"
    ),
    Hostile("checksum", "The checksum is another text's.", lying(CRC=1), f"{MODULE}.* Bad CRC-32"),
    Hostile(
        "cut-off",
        "It claims to end in the middle of its compressed data.",
        lying(bytes(range(256)) * 9, compress_size=50),
        f"{MODULE} is damaged",
    ),
    Hostile(
        "beyond-the-end",
        "It claims more compressed bytes than the archive has.",
        lying(compress_size=2**31),
        f"{MODULE} overlaps with the table of contents",
    ),
    Hostile(
        "large-size",
        "A size of 2**62 bytes, in the field for large archives.",
        lying(file_size=2**62),
        f"{MODULE} is the largest .* over 256 MiB",
    ),
    Hostile(
        "elsewhere",
        "It claims to stand outside the archive.",
        lying(header_offset=2**40),
        f"{MODULE} overlaps with the table",
    ),
    Hostile(
        "overlap",
        "A hundred entries share the same bytes.",
        overlapping,
        r"data/\d+\.csv overlaps with",
    ),
    Hostile(
        "overlap-by-quoting",
        "Each entry's text holds the next entry, so that n entries unpack to n times the data.",
        quoting,
        f"{MODULE} overlaps with data.csv",
    ),
]

FORMATS = [
    Hostile(
        "unknown-method",
        "A way of compressing that nobody knows.",
        lying(compress_type=99),
        f"{MODULE} is compressed in an unusual way",
    ),
    Hostile("password", "It needs a password.", lying(flag_bits=1), f"{MODULE} needs a password"),
    Hostile("patched", "It is a patch of another file.", lying(flag_bits=32), MODULE),
    Hostile(
        "two-names",
        "It has one name in the table of contents and another in front of its data.",
        named(MODULE),
        f"{MODULE} is damaged: File name",
        renamed,
    ),
    Hostile(
        "truncated",
        "The end, with the table of contents, is missing.",
        named(MODULE),
        "student.zip is no readable zip",
        lambda content: content[:-30],
    ),
    Hostile(
        "large-end",
        "An end of the large kind says that the table has 2**40 bytes.",
        named(MODULE),
        "student.zip is no readable zip",
        zip64_end,
    ),
    Hostile(
        "no-utf-8",
        "A name is marked as UTF-8 and is none.",
        named("é.txt", MODULE),
        "student.zip is no readable zip",
        lambda content: content.replace("é".encode(), b"\xff\xff"),
    ),
    Hostile(
        "zip-in-a-zip",
        "The inner one leads out of its folder.",
        within(lambda: zipped(["../m06_model.py"])),
        r"^work/homework\.zip is passed over: \.\./m06_model\.py leads out",
    ),
    Hostile(
        "matryoshka",
        "Archives in archives without end.",
        within(matryoshka),
        "is not opened: there are too many archives in it",
    ),
    Hostile(
        "inner-bomb",
        "The inner zip unpacks to 300 MiB.",
        within(lambda: gzip.compress(bytes(100 * MIB), 1), "a.tar.gz"),
        "a.tar.gz unpacks to over 64 MiB",
    ),
]

# Tars, as they are sent: each lies alone in a zip, so that both are opened.
TARS = [
    Hostile(name, why, within(content, f"work.{ending}"), told)
    for name, why, ending, content, told in (
        (
            "tar-slip",
            "A tar may lead out of its folder, too.",
            "tar.gz",
            partial(tarred, member("../m06_model.py")),
            r"work\.tar\.gz is passed over: \.\./m06_model\.py leads out",
        ),
        (
            "tar-absolute",
            "A tar may hold a path from the root.",
            "tar",
            partial(tarred, member("/etc/m06_model.py"), mode="w"),
            "/etc/m06_model.py has an absolute path",
        ),
        (
            "tar-link",
            "A link in a tar points at a file of the teacher's.",
            "tgz",
            partial(tarred, member(MODULE, tarfile.SYMTYPE, "/etc/passwd")),
            f"{MODULE} is a link",
        ),
        (
            "tar-hard-link",
            "A hard link is a link.",
            "tar.bz2",
            partial(tarred, member(MODULE, tarfile.LNKTYPE, "/etc/passwd"), mode="w:bz2"),
            f"{MODULE} is a link",
        ),
        (
            "tar-device",
            "A device in a tar has no end.",
            "tar.xz",
            partial(tarred, member(MODULE, tarfile.CHRTYPE), mode="w:xz"),
            "is no ordinary file",
        ),
        (
            "tar-twice",
            "The second member of a name overwrites the first.",
            "tar.gz",
            partial(tarred, member(MODULE), member(MODULE)),
            f"{MODULE} is in it twice",
        ),
        (
            "tar-bomb",
            "bzip2 makes 128 MiB of a few bytes.",
            "tar.bz2",
            bz2_zeros,
            "unpacks to over 64 MiB",
        ),
        (
            "tar-long-header",
            "A header claims a name of gigabytes.",
            "tar.gz",
            long_header,
            "work.tar.gz is no readable archive: its table of contents",
        ),
        (
            "tar-cut-off",
            "Its end is missing.",
            "tar.gz",
            lambda: tarred(member(MODULE))[:-40],
            "work.tar.gz is no readable archive",
        ),
    )
]

ARCHIVES = [*SLIPS, *TYPES, *NAMES, *SIZES, *FORMATS, *TARS]
