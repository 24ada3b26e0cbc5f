"""Tars: `.tar`, `.tar.gz` and their like, checked as a zip is; and one packed file, `.py.gz`."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import IO, cast

from autograder.disk.archive import (
    MAX_ENTRIES,
    Bounded,
    Entry,
    Reader,
    Unreadable,
    check,
    check_sizes,
    said,
    shown,
)

MAX_PLAIN_BYTES = 64 * 2**20  # of a tar, when it is no longer compressed
_CHUNK = 2**16
_TYPES = {
    tarfile.REGTYPE: stat.S_IFREG,
    tarfile.AREGTYPE: stat.S_IFREG,
    tarfile.CONTTYPE: stat.S_IFREG,
    tarfile.DIRTYPE: stat.S_IFDIR,
    tarfile.SYMTYPE: stat.S_IFLNK,
    tarfile.LNKTYPE: stat.S_IFLNK,
}


def readers(file: Bounded, name: str, stack: ExitStack) -> dict[str, Reader]:
    """Return a function for every file of a tar that reads so many bytes of it, by its path.

    Its plain bytes lie in a file without a name until `stack` is closed. Raises Unreadable.
    """
    plain = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    try:
        for chunk in _plain(file):
            plain.write(chunk)
            if plain.tell() > MAX_PLAIN_BYTES:
                raise Unreadable(f"{name} unpacks to over {MAX_PLAIN_BYTES // 2**20} MiB")
        plain.seek(0)
        return _files(plain, name, stack)
    except Unreadable:
        raise
    except Exception as error:  # a damaged archive makes tarfile and zlib fail in many ways
        raise Unreadable(f"{name} is no readable archive: {said(error)}") from error


def _plain(file: Bounded) -> Iterator[bytes]:
    """Yield the bytes without their compression, a bounded part at a time."""
    start = file.peek(6)
    if start.startswith(b"\x1f\x8b"):
        with gzip.GzipFile(fileobj=file) as packed:
            while chunk := packed.read(_CHUNK):
                yield chunk
        return
    if start.startswith(b"BZh"):
        unpacked: bz2.BZ2Decompressor | lzma.LZMADecompressor = bz2.BZ2Decompressor()
    elif start.startswith(b"\xfd7zXZ"):
        unpacked = lzma.LZMADecompressor(memlimit=2 * MAX_PLAIN_BYTES)
    else:
        while chunk := file.read(_CHUNK):
            yield chunk
        return
    while not unpacked.eof:
        packed_bytes = file.read(_CHUNK) if unpacked.needs_input else b""
        if unpacked.needs_input and not packed_bytes:
            raise EOFError("its end is missing")
        yield unpacked.decompress(packed_bytes, _CHUNK)


def _files(plain: IO[bytes], name: str, stack: ExitStack) -> dict[str, Reader]:
    try:
        archive = stack.enter_context(
            tarfile.TarFile(fileobj=Bounded(cast(io.BufferedRandom, plain)))
        )
    except tarfile.ReadError:
        if name.lower().endswith((".tar", ".tgz", ".tbz2", ".txz")) or ".tar." in name.lower():
            raise
        return {name.rpartition("/")[2].rpartition(".")[0]: partial(_start, plain)}
    infos: list[tarfile.TarInfo] = []
    for info in archive:
        infos.append(info)
        if len(infos) > MAX_ENTRIES:
            raise Unreadable(f"it has over {MAX_ENTRIES} files")
    entries = [_entry(info) for info in infos]
    check_sizes(entries, 2 * MAX_PLAIN_BYTES)
    check([entry for entry in entries if entry.parts])  # `tar c .` begins with the folder itself
    pairs = [(i, e) for i, e in zip(infos, entries, strict=True) if not e.is_folder]
    return {entry.path: partial(_content, archive, info) for info, entry in pairs}


def _entry(info: tarfile.TarInfo) -> Entry:
    kind = stat.S_IFREG if info.type in _TYPES and info.isreg() else 0
    kind = _TYPES.get(info.type, kind or stat.S_IFSOCK)
    return Entry(info.name + "/" * info.isdir(), info.size, kind)


def _start(plain: IO[bytes], limit: int) -> bytes:
    plain.seek(0)
    return plain.read(limit)


def _content(archive: tarfile.TarFile, info: tarfile.TarInfo, limit: int) -> bytes:
    """Read a file, a bounded part at a time."""
    content = b""
    try:
        file = archive.extractfile(info)
        while file and len(content) < limit:
            chunk = file.read(min(_CHUNK, limit - len(content)))
            if not chunk:
                break
            content += chunk
    except Exception as error:  # as above
        raise Unreadable(f"{shown(info.name)} is damaged: {said(error)}") from error
    return content
