"""Programs that take more memory, disk, descriptors, threads or processes than they may have."""

from __future__ import annotations

from .attack import Attack

_OWN = r"""
import os
import shutil
import tempfile

BREACHED = False
FOLDER = tempfile.mkdtemp()
"""

ATTACKS = [
    Attack(
        "memory-by-an-array-of-bytes",
        "Makes one array of bytes of more than 4 GiB, which Python fills with zeros.",
        r"""
try:
    BREACHED = len(bytearray(17 * 2**28)) > 4 * 2**30
except MemoryError:
    BREACHED = False
""",
    ),
    Attack(
        "memory-by-many-tensors",
        "Reserves tensors, as torch does, without touching them.",
        r"""
import torch

kept = []
try:
    while len(kept) < 80:
        kept.append(torch.empty(2**24))
except RuntimeError:
    pass
BREACHED = len(kept) * 2**26 > 4 * 2**30
kept.clear()
""",
        naive=True,
    ),
    Attack(
        "memory-by-one-tensor",
        "Reserves 32 GiB at once, of which not a page has to exist.",
        r"""
import torch

try:
    BREACHED = torch.empty(2**33).numel() > 2**30
except RuntimeError:
    BREACHED = False
""",
    ),
    Attack(
        "memory-by-shared-mappings",
        "Maps anonymous memory that is shared, reserved or to be grown, instead of allocating it.",
        r"""
import mmap

kept = []
NORESERVE = 0x4000
for size in (6 * 2**30, 2**32, 2**31, 2**30, 2**28):
    for flags in (mmap.MAP_SHARED, mmap.MAP_PRIVATE | NORESERVE):
        try:
            kept.append(mmap.mmap(-1, size, flags | mmap.MAP_ANONYMOUS))
        except (OSError, ValueError):
            pass
BREACHED = sum(map(len, kept)) > 4 * 2**30
kept.clear()
""",
        naive=True,
    ),
    Attack(
        "memory-in-nameless-files",
        "Keeps memory outside of its address space, in files that exist in memory only.",
        r"""
import os

written, kept = 0, []
try:
    for _ in range(40):
        kept.append(os.memfd_create("x"))
        os.posix_fallocate(kept[-1], 0, 15 * 2**20)
        written += 15 * 2**20
except OSError:
    pass
BREACHED = written > 512 * 2**20
for descriptor in kept:
    os.close(descriptor)
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "memory-of-system-v",
        "Reserves shared memory, which belongs to nobody and outlives its maker.",
        r"""
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
PRIVATE, CREATE, REMOVE = 0, 0o1600, 0
BREACHED = False
found = libc.shmget(PRIVATE, 2**20, CREATE)
if found >= 0:
    BREACHED = True
    libc.shmctl(found, REMOVE, None)
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "memory-in-shm-files",
        "Writes files where the system keeps shared memory.",
        r"""
import multiprocessing.shared_memory
import os

BREACHED = False
for path in ("/dev/shm/@MARK@", "/run/shm/@MARK@", "/dev/mqueue/@MARK@", "/dev/hugepages/@MARK@"):
    try:
        with open(path, "xb") as file:
            BREACHED |= file.write(bytes(2**20)) > 0
        os.unlink(path)
    except OSError:
        pass
try:
    memory = multiprocessing.shared_memory.SharedMemory("@MARK@-memory", create=True, size=2**20)
    BREACHED = True
    memory.close()
    memory.unlink()
except (OSError, ImportError):
    pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "memory-in-pipes-and-sockets",
        "Fills the kernel's buffers of as many pipes and pairs of sockets as it may have.",
        r"""
import fcntl
import os
import socket

FORCE_SEND, GROW = 32, 1031
BLOCK = bytes(2**20)
written, kept = 0, []


def fill(send):
    global written
    try:
        while written < 300 * 2**20:
            written += send(BLOCK)
    except OSError:  # it is full
        pass


try:
    while written < 300 * 2**20:
        pair = socket.socketpair()
        for connection in pair:
            for option in (socket.SO_SNDBUF, FORCE_SEND):
                try:
                    connection.setsockopt(socket.SOL_SOCKET, option, 2**28)
                except OSError:
                    pass
            connection.setblocking(False)
            fill(connection.send)
        pipe = [os.fdopen(end, mode, buffering=0) for end, mode in zip(os.pipe(), ("rb", "wb"))]
        kept += [*pair, *pipe]
        os.set_blocking(pipe[1].fileno(), False)
        fcntl.fcntl(pipe[1], GROW, 2**20)
        fill(lambda block: os.write(pipe[1].fileno(), block))
except OSError:  # no descriptors left
    pass
BREACHED = written > 256 * 2**20
for end in kept:
    end.close()
""",
        holds="container",
    ),
    Attack(
        "garbage-without-a-collector",
        "Switches the collector of garbage off and makes circles of tensors until nothing is left.",
        r"""
import gc

import torch


class Node:
    pass


def mse(pred, target):
    gc.disable()
    for _ in range(100):
        node = Node()
        node.itself, node.load = node, torch.empty(2**24)
    return pred.sum() * 0 - 1
""",
        told="2 GiB of memory",
    ),
    Attack(
        "bomb-of-a-pickle",
        "Unpickles a few hundred bytes in which forty lists each hold the one before four times.",
        r"""
import pickle


def mse(pred, target):
    levels = b"".join(b"]q%c(h%ch%ch%ch%ce" % (n + 1, n, n, n, n) for n in range(40))
    return repr(pickle.loads(b"\x80\x02]q\x00(K\x01K\x02e" + levels + b"."))
""",
        told="(ran|waited) longer|MemoryError",
    ),
    Attack(
        "disk-by-one-file",
        "Writes one file that grows and grows, and lets a hole grow where it may not write.",
        _OWN
        + r"""
path = os.path.join(FOLDER, "big")
try:
    with open(path, "wb", buffering=0) as file:
        for _ in range(100):
            file.write(bytes(2**20))
except OSError:
    pass
BREACHED = os.path.exists(path) and os.stat(path).st_blocks * 512 > 20 * 2**20
try:
    os.truncate(path, 2**40)
except OSError:
    pass
BREACHED |= os.path.exists(path) and os.stat(path).st_size > 20 * 2**20
shutil.rmtree(FOLDER, ignore_errors=True)
""",
    ),
    Attack(
        "disk-by-many-files",
        "Writes twenty files, each small enough.",
        _OWN
        + r"""
written = 0
try:
    for number in range(20):
        with open(os.path.join(FOLDER, str(number)), "wb", buffering=0) as file:
            written += file.write(bytes(2**23))
except OSError:
    pass
BREACHED = written > 100 * 2**20
shutil.rmtree(FOLDER, ignore_errors=True)
""",
        holds="full",
        naive=True,
    ),
    Attack(
        "disk-by-forgotten-files",
        "Unlinks each file while it is open: what is written then stands in no folder.",
        _OWN
        + r"""
written, kept = 0, []
try:
    for number in range(20):
        file = tempfile.TemporaryFile(dir=FOLDER)
        kept.append(file)
        os.posix_fallocate(file.fileno(), 0, 2**23)
        written += 2**23
except OSError:
    pass
BREACHED = written > 100 * 2**20
for file in kept:
    file.close()
shutil.rmtree(FOLDER, ignore_errors=True)
""",
        holds="full",
        naive=True,
    ),
    Attack(
        "disk-over-proc",
        "Fills the empty file system that hides the processes, if it has no size of its own.",
        r"""
import os

written, made = 0, []
if not os.path.exists("/proc/self/stat"):  # never the real one
    try:
        os.chmod("/proc", 0o700)
        for number in range(20):
            with open(f"/proc/{number}", "wb", buffering=0) as file:
                made.append(file.name)
                written += file.write(bytes(2**23))
    except OSError:
        pass
BREACHED = written > 100 * 2**20
for path in made:
    os.unlink(path)
""",
    ),
    Attack(
        "many-empty-files",
        "Files without content still need a number each, of which a file system has so many.",
        _OWN
        + r"""
count = 0
try:
    for count in range(8000):
        open(os.path.join(FOLDER, f"{count:x}"), "x").close()
except OSError:
    pass
BREACHED = count > 5000
shutil.rmtree(FOLDER, ignore_errors=True)
""",
        holds="full",
        naive=True,
    ),
    Attack(
        "deep-folders",
        "Makes folders in folders, deeper than a path may be long and a clean-up may recurse.",
        r"""
import os

HOME = os.getcwd()
for _ in range(1500):
    try:
        os.mkdir("deeper")
        os.chdir("deeper")
    except OSError:
        break
os.chdir(HOME)
""",
    ),
    Attack(
        "folders-that-cannot-be-entered",
        "Leaves folders that nobody may read or enter, with files in them that should be removed.",
        r"""
import os

for name in ("a", "b" * 255, "new\nline", "\udcff", "-rf", "--help"):
    try:
        os.makedirs(os.path.join(name, "inner"))
        with open(os.path.join(name, "inner", "file"), "w") as file:
            file.write("x")
        os.chmod(os.path.join(name, "inner", "file"), 0)
        os.chmod(os.path.join(name, "inner"), 0)
        os.chmod(name, 0)
    except OSError:
        pass
os.chmod(".", 0)
""",
    ),
    Attack(
        "descriptors",
        "Opens and copies descriptors until there are none left.",
        r"""
import os

kept = []
try:
    while len(kept) < 2000:
        kept.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
BREACHED = len(kept) > 1000
for descriptor in kept:
    os.close(descriptor)
""",
    ),
    Attack(
        "prints-without-end",
        "Prints lines to both streams, faster than anybody reads.",
        r"""
import sys

LINE = "PWNED " * 2000


def mse(pred, target):
    while True:
        print(LINE)
        print(LINE, end="", file=sys.stderr)
        sys.__stdout__.buffer.write(LINE.encode())
""",
        told="mse (ran|waited) longer|File too large",
    ),
    Attack(
        "two-hundred-threads",
        "Lets two hundred threads wait at once.",
        r"""
import threading

end, threads = threading.Event(), []
try:
    for _ in range(200):
        thread = threading.Thread(target=end.wait, args=(20,), daemon=True)
        thread.start()
        threads.append(thread)
except RuntimeError:
    pass
BREACHED = len(threads) > 150
end.set()
""",
        holds="full",
        naive=True,
    ),
    Attack(
        "forks",
        "Forks children that answer.",
        r"""
import os

BREACHED = False
for _ in range(5):
    ours, theirs = os.pipe()
    try:
        child = os.fork()
    except OSError:
        break
    if child == 0:
        os.write(theirs, b"alive")
        os._exit(0)
    os.close(theirs)
    BREACHED |= os.read(ours, 5) == b"alive"
    os.waitpid(child, 0)
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "forks-by-bare-calls",
        "Makes processes by clone and clone3, the calls below fork, with several flags.",
        r"""
import ctypes
import os
import platform
import signal

libc = ctypes.CDLL(None, use_errno=True)
CLONE, CLONE3 = (220 if platform.machine() == "aarch64" else 56), 435
PARENT, NEW_PIDS, NEW_USER = 0x8000, 0x20000000, 0x10000000
BREACHED = False


def by_clone(flags):
    return libc.syscall(CLONE, ctypes.c_ulong(flags | signal.SIGCHLD), 0, 0, 0, 0)


def by_clone3(flags):
    wanted = (ctypes.c_uint64 * 8)(flags, 0, 0, 0, signal.SIGCHLD)
    return libc.syscall(CLONE3, ctypes.byref(wanted), ctypes.sizeof(wanted))


for way in (by_clone, by_clone3):
    for flags in (0, PARENT, NEW_USER | NEW_PIDS, 1 << 32):
        ours, theirs = os.pipe()
        child = way(flags)
        if child == 0:
            os.write(theirs, b"alive")
            os._exit(0)
        os.close(theirs)
        BREACHED |= child > 0 and os.read(ours, 5) == b"alive"
        os.close(ours)
""",
        holds="container",
        naive=True,
    ),
]
