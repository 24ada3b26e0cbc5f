"""The few calls to the Linux kernel that Python's os has not, by ctypes. Sources: the man pages
unshare(2), mount(2), prctl(2), capabilities(7), landlock(7), seccomp(2)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

NEW_NAMESPACES = 0x20000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000  # mnt ipc user pid net
_PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_SET_SECCOMP = 4, 8, 22
_PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 36, 38
_SECCOMP_MODE_FILTER = 2
_MS_RDONLY, _MS_NOSUID_NODEV_NOEXEC = 1, 2 | 4 | 8
_CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_READ_SEARCH = 2

# landlock: numbers of the calls (the same on x86_64 and aarch64) and the rights on files
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULESET_SIZE = {1: 8, 2: 8, 3: 8, 4: 16, 5: 16}  # bytes that each version knows; later ones 24
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights each version knows; later ones 16
_ALL_NET, _ALL_SCOPES = 0b11, 0b11
READ = 1 << 2 | 1 << 3  # READ_FILE, READ_DIR
_ON_FILES = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15  # the rights that a file can have

MACHINE = platform.machine()
_FILTER = Path(__file__).parent / "seccomp" / f"{MACHINE}.bpf"


@cache
def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _checked(what: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    """Put this process into new namespaces (its children into the new pid namespace)."""
    _checked("unshare", _libc().unshare(flags))


def mount_tmpfs(where: str, options: str = "", writable: bool = False) -> None:
    """Mount an empty file system in memory."""
    flags = _MS_NOSUID_NODEV_NOEXEC | (0 if writable else _MS_RDONLY)
    result = _libc().mount(b"tmpfs", where.encode(), b"tmpfs", flags, options.encode())
    _checked(f"mount {where}", result)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent has ended."""
    _checked("prctl", _libc().prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))


def no_new_privileges() -> None:
    """Make it impossible to gain privileges by executing a file."""
    _checked("prctl", _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def become(user: int, keep: Iterable[int] = ()) -> None:
    """Leave root for the user and group of this number, with no capability but those kept."""
    _checked("prctl", _libc().prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    keep_capabilities(keep)
    # a change of user hides /proc/self/uid_map, which new namespaces need
    _checked("prctl", _libc().prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0))


def keep_capabilities(keep: Iterable[int]) -> None:
    """Give up all capabilities but these, for good."""
    kept = sum(1 << number for number in keep)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)  # effective, permitted, inheritable
    _checked("capset", _libc().capset(header, sets))


def landlock_version() -> int:
    """Return the version of Landlock that the kernel has; 0 without it."""
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, 0, 1)))


def landlock(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Take from this process, for good, all files but these hierarchies, TCP, signals to others
    and abstract sockets, as far as the kernel's version of Landlock knows them."""
    version = landlock_version()
    every = (1 << _RIGHTS.get(version, 16)) - 1
    wanted = (ctypes.c_uint64 * 3)(every, _ALL_NET, _ALL_SCOPES)
    size = _RULESET_SIZE.get(version, 24)
    ruleset = _checked("landlock", _libc().syscall(_CREATE_RULESET, wanted, size, 0))
    for rights, paths in ((READ, readable), (every, writable)):
        for path in paths:
            with contextlib.suppress(FileNotFoundError):  # what is gone needs no rule
                _allow(ruleset, path, rights & every)
    no_new_privileges()
    _checked("landlock", _libc().syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = rights if os.path.isdir(path) else rights & _ON_FILES

        class Rule(ctypes.Structure):
            _pack_ = 1
            _fields_ = (("rights", ctypes.c_uint64), ("parent", ctypes.c_int32))

        rule = Rule(allowed, descriptor)
        _checked(path, _libc().syscall(_ADD_RULE, ruleset, 1, ctypes.byref(rule), 0))
    finally:
        os.close(descriptor)


def has_filter() -> bool:
    """Say whether there is a filter of system calls for this machine's architecture."""
    return _FILTER.exists()


def seccomp() -> None:
    """Keep this process, for good, to the system calls of cells/seccomp/policy.toml."""
    program = _FILTER.read_bytes()

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))

    loaded = Filter(len(program) // 8, program)
    no_new_privileges()
    result = _libc().prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(loaded), 0, 0)
    _checked("seccomp", result)
