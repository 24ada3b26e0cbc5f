"""Files: one way to read a file that anybody may have changed, and one way to write one.

What a folder holds does not lead out of it: no link is followed to a place outside. All that is
wrong with a file is an OSError, whose `strerror` says it and the next step.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import secrets
import stat
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

MIB = 2**20


class NotOrdinary(OSError):
    """A pipe, a device, a folder: opening it could wait without end, or do something."""


def opened(path: Path) -> io.FileIO:
    """Open an ordinary file that is no link, to read it; raises NotOrdinary for any other."""
    if not stat.S_ISREG(path.lstat().st_mode):
        told = "it is no ordinary file: put the file itself there"
        raise NotOrdinary(errno.EINVAL, told, str(path))
    return io.FileIO(path, opener=_open)


def _open(path: str, flags: int) -> int:
    # Without these, what takes the file's place in between could still make this wait.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))


def inside(path: Path, root: Path) -> Path:
    """Return where a path leads by its links; OSError where that is outside `root`, which may lie
    behind a link itself."""
    real, within = os.path.realpath(path), os.path.realpath(root)
    if not Path(real).is_relative_to(within):
        told = f"it leads out of {root} by a link: put the file itself there"
        raise OSError(errno.ELOOP, told, str(path))
    return Path(real)


def read_file(path: Path, root: Path, limit: int = 2 * MIB) -> bytes:
    """Return the bytes of an ordinary file in `root`; OSError for any other, or a larger one."""
    with io.BufferedReader(opened(inside(path, root))) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        told = f"it is over {limit // MIB} MiB: put a smaller one there"
        raise OSError(errno.EFBIG, told, str(path))
    return content


def read_json(path: Path, root: Path, limit: int = 2 * MIB) -> Any:
    """Return what a file of JSON says; OSError as above, ValueError where it is damaged."""
    return parse_json(read_file(path, root, limit))


def parse_json(content: bytes) -> Any:
    """Return what some JSON says; ValueError for what is none, too deep, or has a key twice."""
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_mapping)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _mapping(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"{twice[:40]!r} is in it twice")
    return content


def check_writable(path: Path, root: Path) -> Path:
    """Return where a file in `root` is written to; OSError where it must or may not be."""
    target = inside(path, root)
    if os.path.lexists(target):
        if not stat.S_ISREG(target.lstat().st_mode):
            told = "no ordinary file stands there: move it away"
            raise NotOrdinary(errno.EEXIST, told, str(path))
        if not os.access(target, os.W_OK):  # a new file in its place would not ask
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return target


def write_file(path: Path, content: bytes, root: Path) -> None:
    """Write a file in `root`, whole or not at all, with the mode that it had; OSError where that
    is not possible, and the file is as it was."""
    target = check_writable(path, root)
    if target.parent != inside(root, root):  # never the root itself
        target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with open(new, "xb") as file:
            file.write(content)
        with contextlib.suppress(FileNotFoundError):
            os.chmod(new, stat.S_IMODE(target.lstat().st_mode))
        new.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextlib.contextmanager
def torch_leaves_nothing() -> Iterator[None]:
    """Give torch's compiler a folder that is removed again: with the first step of an optimizer it
    would make one in the temporary directory that stays."""
    name = "TORCHINDUCTOR_CACHE_DIR"
    if name in os.environ or not os.access(tempfile.gettempdir(), os.W_OK):
        yield
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ[name] = folder
        try:
            yield
        finally:
            os.environ.pop(name, None)
