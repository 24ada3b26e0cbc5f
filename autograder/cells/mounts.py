"""The other paths by which mounts lead to a folder: a bind mount is no link, and hides its source.

Source: the man page proc_pid_mountinfo(5).
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path("/proc/self/mountinfo")


@dataclass(frozen=True)
class _Mount:
    device: str
    root: Path  # the folder of the device that is seen at
    point: Path


def other_names(place: Path) -> Iterator[Path]:
    """Yield the other paths by which a folder, or a part of it, can be reached."""
    mounts = list(_mounts())
    for own in [mount for mount in mounts if place.is_relative_to(mount.point)]:
        inside = own.root / place.relative_to(own.point)
        for mount in (one for one in mounts if one.device == own.device):
            if inside.is_relative_to(mount.root):
                yield from _same(mount.point / inside.relative_to(mount.root), place)
            elif mount.root.is_relative_to(inside):
                yield from _same(mount.point, place / mount.root.relative_to(inside))


def _same(other: Path, place: Path) -> Iterator[Path]:
    """Yield the other path if it leads to this place, and is not covered by another mount."""
    with contextlib.suppress(OSError):
        if other != place and os.path.samefile(other, place):
            yield other


def _mounts() -> Iterator[_Mount]:
    """Yield the mounts that this process sees; none where the system has no such table."""
    with contextlib.suppress(FileNotFoundError):
        for line in _TABLE.read_bytes().splitlines():
            _, _, device, root, point, *_ = line.split(b" ")
            yield _Mount(os.fsdecode(device), _path(root), _path(point))


def _path(written: bytes) -> Path:
    """Return a path of the table, in which blanks and the like are written as \\040."""
    plain = re.sub(rb"\\([0-7]{3})", lambda found: bytes([int(found[1], 8)]), written)
    return Path(os.fsdecode(plain))
