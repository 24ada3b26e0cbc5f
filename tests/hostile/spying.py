"""Programs that look for secrets in memory, in other processes and in open descriptors."""

from __future__ import annotations

from .attack import Attack

_LIBC = r"""
import ctypes
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def call(x86_64, aarch64, *arguments):
    number = aarch64 if platform.machine() == "aarch64" else x86_64
    return libc.syscall(ctypes.c_long(number), *arguments)


OTHERS = [pid for pid in dict.fromkeys((@PID@, os.getppid(), 1)) if pid not in (0, os.getpid())]
BREACHED = False
"""

ATTACKS = [
    Attack(
        "memory-by-proc",
        "Reads the memory of the coordinator, of its parent and of its neighbours from /proc.",
        _LIBC
        + r"""
import glob
import re

neighbours = [int(path.split("/")[2]) for path in glob.glob("/proc/[0-9]*/mem")]
for pid in OTHERS + [pid for pid in neighbours if pid != os.getpid()][:50]:
    try:
        with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
            areas = re.findall(r"^([0-9a-f]+)-[0-9a-f]+ rw", maps.read(), re.MULTILINE)
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            memory.seek(int(areas[0], 16))
            BREACHED |= len(memory.read(16)) == 16
    except (OSError, IndexError):
        pass
""",
        holds="container",
    ),
    Attack(
        "memory-by-process-vm-readv",
        "Reads its parent's memory at the addresses that a fork has in common with it.",
        _LIBC
        + r"""
content = ctypes.create_string_buffer(16)
here = (ctypes.c_void_p * 2)(ctypes.addressof(content), 16)
there = (ctypes.c_void_p * 2)(id(os), 16)
for pid in OTHERS:
    BREACHED |= libc.process_vm_readv(pid, here, 1, there, 1, 0) == 16
""",
        holds="container",
    ),
    Attack(
        "debugs-its-parent",
        "Attaches to the zygote and the coordinator as a debugger does.",
        _LIBC
        + r"""
SEIZE, DETACH = 0x4206, 17
for pid in OTHERS:
    if libc.ptrace(SEIZE, pid, None, None) == 0:
        BREACHED = True
        libc.ptrace(DETACH, pid, None, None)
""",
        holds="container",
    ),
    Attack(
        "environments-of-others",
        "Reads the environments and command lines of all processes, where keys and paths stand.",
        r"""
import glob
import os

BREACHED = False
for kind in ("environ", "cmdline", "task/*/environ"):
    for path in glob.glob(f"/proc/[0-9]*/{kind}"):
        try:
            with open(path, "rb") as file:
                others = path.split("/")[2] != str(os.getpid())
                BREACHED |= others and len(file.read(1)) > 0
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "roots-of-others",
        "Walks into the file systems and open files of other processes through /proc.",
        _LIBC
        + r"""
import glob

for pid in OTHERS:
    for door in (f"/proc/{pid}/root", f"/proc/{pid}/task/{pid}/root", f"/proc/{pid}/cwd/../../.."):
        for path in (f"{door}/@CANARY@", f"{door}/@ROOT@/solutions/m06_model.py"):
            try:
                with open(path, "rb") as file:
                    BREACHED |= len(file.read(1)) > 0
            except OSError:
                pass
    for path in glob.glob(f"/proc/{pid}/fd/*"):
        try:
            BREACHED |= os.readlink(path) != ""
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "descriptors-by-pidfd",
        "Takes a handle on the coordinator from its own socket, and copies descriptors by it.",
        _LIBC
        + r"""
import socket

PEER_PIDFD, OPEN, GET, SIGNAL = 77, 434, 438, 424
handles = [call(OPEN, OPEN, pid, 0) for pid in OTHERS]
for own in range(3, 64):
    try:
        with socket.socket(fileno=os.dup(own)) as connection:
            told = connection.getsockopt(socket.SOL_SOCKET, PEER_PIDFD, 4)
            handles.append(int.from_bytes(told, "little"))
    except OSError:
        pass
for handle in handles:
    if handle >= 0:
        BREACHED |= call(SIGNAL, SIGNAL, handle, 0, None, 0) == 0
        BREACHED |= any(call(GET, GET, handle, number, 0) >= 0 for number in range(32))
""",
        holds="container",
    ),
    Attack(
        "inherited-descriptors",
        "Looks for descriptors that were open in the zygote: files, folders, other cells' sockets.",
        r"""
import os
import stat

BREACHED = False
sockets = 0
for descriptor in range(3, 1024):
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        continue
    sockets += stat.S_ISSOCK(mode)
    BREACHED |= stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISFIFO(mode)
BREACHED |= sockets > 1  # one is this cell's own
""",
    ),
    Attack(
        "functions-of-the-collector",
        "Asks the garbage collector, at its first call, for a function of the solution's name.",
        r"""
import gc
import types

NAME = "ms" + "e"


class Found:
    def __bool__(self):
        global BREACHED
        gc.unfreeze()
        functions = [f for f in gc.get_objects() if type(f) is types.FunctionType]
        named = [f for f in functions if f.__name__ == NAME and not hasattr(f, "__wrapped__")]
        BREACHED = any(f.__globals__ is not globals() for f in named)
        return BREACHED


BREACHED = Found()
""",
        naive=True,
    ),
    Attack(
        "texts-of-the-collector",
        "Searches all that is reachable from the collector's objects for somebody's source text.",
        r"""
import gc

NEEDLES = ("def train" + "_step(", "def sgd_step" + "_(", "def ms" + "e(")
BREACHED = False


def holds_an_answer(text):
    return any(needle in text for needle in NEEDLES) and "holds_an" + "_answer" not in text


gc.unfreeze()
for found in gc.get_objects():
    try:
        inside = found.values() if type(found) is dict else found
        if type(found) in (dict, list, tuple, set):
            texts = [item for item in list(inside) if type(item) is str and len(item) > 100]
            BREACHED |= any(map(holds_an_answer, texts))
    except RuntimeError:
        pass
""",
    ),
    Attack(
        "frames-of-the-callers",
        "Climbs the stack at its first call, and looks in every frame for an expectation.",
        r"""
import sys

WANTED = {"expected", "reference", "solution", "answer_key", "answers", "ref", "keys"}


class Found:
    def __bool__(self):  # asked by the first call
        frame = sys._getframe()
        while frame is not None:
            if WANTED & (set(frame.f_locals) | set(frame.f_globals)):
                return True
            frame = frame.f_back
        return False


BREACHED = Found()
""",
        naive=True,
    ),
    Attack(
        "memory-of-its-own",
        "Searches the memory that it was born with for the text of a solution, page by page.",
        r"""
import ctypes
import gc
import mmap
import os

PAGE, AREA = mmap.PAGESIZE, 2**18
# in two halves, or it would find itself
NEEDLES = ((b"error * error).sum", b"() / error.numel()"), (b"@mistake(", b'"mse", "'))
libc = ctypes.CDLL(None, use_errno=True)


class Found:
    def __bool__(self):
        global BREACHED
        BREACHED = self.search()
        return BREACHED

    def search(self):
        ours, theirs = os.pipe()
        areas = {id(found) // AREA for found in gc.get_objects()}
        for page in range(AREA // PAGE):
            for area in areas:
                # the kernel refuses a page that cannot be read, where ctypes would crash
                if libc.write(theirs, ctypes.c_void_p(area * AREA + page * PAGE), PAGE) == PAGE:
                    content = os.read(ours, PAGE)
                    for first, second in NEEDLES:
                        at = content.find(first)
                        if at >= 0 and content.startswith(second, at + len(first)):
                            return True
        return False


BREACHED = Found()
""",
    ),
    Attack(
        "environment-of-its-own",
        "Looks for what the grader was started with: tokens, folders of results, keys of the run.",
        r"""
import ctypes
import os
import sys

ALLOWED = {
    *("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "PWD", "HOME"),
    *("CUDA_VISIBLE_DEVICES", "PYTHONPATH", "PYTHONUSERBASE", "OMP_NUM_THREADS"),
    *("MKL_NUM_THREADS", "TORCHINDUCTOR_CACHE_DIR", "KINETO_LOG_LEVEL", "SHLVL", "_"),
    *("MPLBACKEND", "USERPROFILE", "LOGNAME"),
}
names = set(os.environ)
pointers = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
index = 0
while pointers and pointers[index]:
    names.add(pointers[index].split(b"=")[0].decode())
    index += 1
BREACHED = any(not name.startswith(("TORCH", "OMP")) for name in names - ALLOWED)
BREACHED |= any("results" in word or "m06_model" in word for word in sys.argv)
""",
    ),
    Attack(
        "counters-and-logs-of-the-kernel",
        "Asks the kernel to watch: another process's counters, the log, every file that is opened.",
        _LIBC
        + r"""
class Counter(ctypes.Structure):
    _fields_ = (("kind", ctypes.c_uint32), ("size", ctypes.c_uint32), ("rest", ctypes.c_byte * 120))


log = ctypes.create_string_buffer(64)
for pid in OTHERS:
    counter = Counter(1, 128)
    BREACHED |= call(298, 241, ctypes.byref(counter), pid, -1, -1, 0) >= 0
BREACHED |= call(103, 116, 3, log, 64) > 0  # syslog: read all
BREACHED |= call(300, 262, 0, os.O_RDONLY) >= 0  # fanotify_init
BREACHED |= call(321, 280, 17, ctypes.create_string_buffer(128), 128) >= 0  # bpf: a program's id
for path in ("/dev/kmsg", "/dev/mem", "/proc/kcore"):
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
        BREACHED = True
    except OSError:
        pass
""",
        holds="container",
    ),
    Attack(
        "calls-of-an-older-machine",
        "Makes system calls by their 32-bit numbers, which a filter of 64-bit ones may not know.",
        r"""
import ctypes
import mmap
import platform

BREACHED = False
if platform.machine() == "x86_64":
    LOW = 0x40  # MAP_32BIT
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | LOW
    page = mmap.mmap(-1, 4096, flags, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    start = ctypes.addressof(ctypes.c_char.from_buffer(page))
    words = (start + 256).to_bytes(4, "little")
    page[256:268] = b"".join(n.to_bytes(4, "little") for n in (2, 1, 0))  # AF_INET, stream
    page[:20] = (
        b"\x53\xb8\x66\x00\x00\x00"  # push rbx; mov eax, 102 (socketcall)
        b"\xbb\x01\x00\x00\x00\xb9" + words + b"\xcd\x80\x5b\xc3"  # ebx 1, ecx words; int 0x80
    )
    BREACHED = ctypes.CFUNCTYPE(ctypes.c_int)(start)() >= 0
""",
        holds="container",
    ),
]
