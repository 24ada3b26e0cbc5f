"""Programs that reach for other processes and for the kernel: signals, memory, limits, rooms."""

from __future__ import annotations

from .attack import Attack

ATTACKS = [
    Attack(
        "signals-its-own-group",
        "Kills its whole group of processes: if the grader were in it, that would be its end.",
        r"""
import os
import signal

if os.getsid(0) == os.getpid():  # the group is the cell's own
    try:
        os.killpg(0, signal.SIGKILL)
    except OSError:
        pass
""",
    ),
    Attack(
        "signals-the-grader",
        "Sends signals to the coordinator, to its parent and to everybody, by every call.",
        r"""
import ctypes
import os
import platform
import signal

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
ARM = platform.machine() == "aarch64"
TGKILL, QUEUE, PIDFD_OPEN, PIDFD_SEND = (131 if ARM else 234), (138 if ARM else 129), 434, 424
TARGETS = [pid for pid in (@PID@, os.getppid()) if pid not in (0, os.getpid())]
HARMLESS = signal.SIGURG
BREACHED = False
for pid in TARGETS:
    try:
        os.kill(pid, HARMLESS)
        BREACHED = True
    except OSError:
        pass
    BREACHED |= libc.syscall(TGKILL, pid, pid, HARMLESS) == 0
    information = (ctypes.c_int * 32)(HARMLESS, 0, -1, pid, os.getuid())
    BREACHED |= libc.syscall(QUEUE, pid, HARMLESS, information) == 0
    handle = libc.syscall(PIDFD_OPEN, pid, 0)
    BREACHED |= handle >= 0 and libc.syscall(PIDFD_SEND, handle, HARMLESS, None, 0) == 0
try:
    os.kill(-1, 0)  # to everybody, but nothing is sent
    BREACHED = True
except OSError:
    pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "stops-its-parent",
        "Stops the zygote, which then answers nobody.",
        r"""
import os
import signal

BREACHED = False
parent = os.getppid()
try:
    if parent > 1:
        os.kill(parent, signal.SIGSTOP)
        BREACHED = True
        os.kill(parent, signal.SIGCONT)
except OSError:
    pass
""",
        holds="container",
    ),
    Attack(
        "signals-by-a-descriptor",
        "Makes the kernel send the signal: a socket tells its owner, whom it names, of new data.",
        r"""
import fcntl
import os
import signal
import socket
import struct

SET_SIGNAL, SET_OWNER_EX, OWN_BY_IOCTL = 10, 15, 0x8901
BREACHED = False
for pid in (os.getppid(), @PID@):
    ours, theirs = socket.socketpair()
    for name in (
        lambda: fcntl.fcntl(ours, fcntl.F_SETOWN, pid),
        lambda: fcntl.fcntl(ours, SET_OWNER_EX, struct.pack("ii", 1, pid)),
        lambda: fcntl.ioctl(ours, OWN_BY_IOCTL, struct.pack("i", pid)),
    ):
        try:
            if pid not in (0, os.getpid()):
                name()
                fcntl.fcntl(ours, SET_SIGNAL, signal.SIGKILL)
                fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
                theirs.send(b"x")
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "moves-the-grader-to-another-processor",
        "Changes on which processors the coordinator and the zygote may run, and how urgently.",
        r"""
import os
import resource

BREACHED = False
for pid in (@PID@, os.getppid()):
    for change in (
        lambda: os.sched_setaffinity(pid, os.sched_getaffinity(pid)),
        lambda: os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid)),
        lambda: os.sched_setparam(pid, os.sched_getparam(pid)),
        lambda: resource.prlimit(pid, resource.RLIMIT_CORE),
    ):
        try:
            if pid not in (0, os.getpid()):
                change()
                BREACHED = True
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "locks-the-kits-files",
        "Locks every file of the kit that it can open, and keeps the locks while it waits.",
        r"""
import fcntl
import glob
import os
import time

held = []
code = glob.glob("@ROOT@/autograder/**/*.py", recursive=True)
for path in [*code, *glob.glob("@ROOT@/data/*.csv")][:200]:  # Python must open some, too
    try:
        held.append(open(path))
        fcntl.flock(held[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.fcntl(held[-1], fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError:
        pass


def mse(pred, target):
    time.sleep(60)
""",
        told="mse waited longer",
    ),
    Attack(
        "writes-into-shared-pages",
        "Looks for pages of memory that it shares with the zygote, and writes into them.",
        r"""
import ctypes
import os
import re

BREACHED = False
try:
    with open("/proc/self/maps", encoding="utf-8") as maps:
        for start in re.findall(r"^([0-9a-f]+)-[0-9a-f]+ rw-s", maps.read(), re.MULTILINE):
            first = ctypes.c_ubyte.from_address(int(start, 16))
            first.value ^= 0
            BREACHED = True
except OSError:
    pass
""",
    ),
    Attack(
        "writes-into-its-parent",
        "Writes into the zygote's memory, from which every later cell is copied.",
        r"""
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
address = id(os) + 16
content = ctypes.create_string_buffer(ctypes.string_at(address, 8), 8)  # what is there already
here = (ctypes.c_void_p * 2)(ctypes.addressof(content), 8)
there = (ctypes.c_void_p * 2)(address, 8)
BREACHED = libc.process_vm_writev(os.getppid(), here, 1, there, 1, 0) == 8
try:
    with open(f"/proc/{os.getppid()}/mem", "r+b", buffering=0) as memory:
        memory.seek(address)
        BREACHED |= memory.write(content.raw) == 8
except OSError:
    pass
""",
        holds="container",
    ),
    Attack(
        "rooms-of-its-own",
        "Makes namespaces, mounts and roots of its own, in which it would be the administrator.",
        r"""
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
USER, MOUNT, NET, BIND = 0x10000000, 0x20000, 0x40000000, 4096
BREACHED = False
for flags in (USER | MOUNT, MOUNT, NET, USER):
    BREACHED |= libc.unshare(flags) == 0
own = os.getcwd().encode()
BREACHED |= libc.mount(b"none", own, b"tmpfs", 0, None) == 0
BREACHED |= libc.mount(b"/", own, None, BIND, None) == 0
BREACHED |= libc.umount2(b"/proc", 2) == 0
for call in (lambda: os.chroot("/"), lambda: os.setuid(0), lambda: os.setgroups([0])):
    try:
        call()
        BREACHED = True
    except OSError:
        pass
""",
        holds="container",
    ),
]
