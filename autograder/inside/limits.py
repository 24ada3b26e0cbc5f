"""What a submission may use. A limit that is hit is named in the verdict."""

from __future__ import annotations

import re
import sys
from typing import Any

CPU_S = 10.0  # for all cases of an exercise
IMPORT_S = 3.0  # for importing a module; pandas takes one. Then work at module level is left out
FIRST_LOOK_S = 1.0  # instead of it while others wait; an honest exercise takes 0.01 s
WALL_FACTOR = 3.0  # the backstop for code that waits: this many times the CPU time
SUBMISSION_S = 120.0  # of waiting for it, in all; an honest submission of the core takes 1 s
TRIES = 3  # of what is not the submission's doing: an end from outside, a start that fails
SEEN_ENDED_S = 1.0  # from the end of a process's socket to the end of the process
MEMORY_BYTES = 2 * 2**30  # address space, beside what torch itself has reserved
THREADS = 64
OPEN_FILES = 256
SIGNALS = 256  # that wait, and timers; each costs the kernel memory
FILE_BYTES = 16 * 2**20  # in one file, printed output included
DISK_BYTES = 64 * 2**20  # in all files of a cell (level full)
DISK_FILES = 4_096  # (level full)
NAMED = "the limit of a submission"

# How a limit shows in the submission's own code: the exception that it meets there.
_SIGNS = (
    (r"MemoryError|can't allocate memory|Cannot allocate memory", "2 GiB of memory"),
    (r"can't start new thread|Resource temporarily unavailable", f"{THREADS} threads"),
    (r"Too many open files", f"{OPEN_FILES} open files"),
    (r"File too large", f"{FILE_BYTES // 2**20} MiB in a file"),
    (r"No space left on device", f"{DISK_BYTES // 2**20} MiB in {DISK_FILES} files"),
    # of no file: locks and memory that processes share lie in a folder that a cell has not got
    (r"^\w+: \[Errno (2|13)\] [^:]*$|shared memory object", "no processes: set num_workers=0"),
    (r"Operation not permitted>?$", "no network, no processes (of a DataLoader: num_workers=0)"),
    (r"Operation not permitted|Permission denied", "no processes, no network, its own files"),
)


def named(raised: str) -> str:
    """Add the limit to the text of an exception that a limit is known to cause."""
    for sign, limit in _SIGNS:
        if re.search(sign, raised):
            return f"{raised} ({NAMED}: {limit})"
    return raised


def set_limits(memory: bool, threads: bool) -> None:
    """Limit this process, for good. `memory` is off where CUDA reserves terabytes of addresses;
    `threads` where the account runs other programs, whose threads would count."""
    try:
        import resource
    except ImportError:  # Windows
        return

    def limit(what: Any, value: int) -> None:
        _, hard = resource.getrlimit(what)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (most, most))

    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, FILE_BYTES)
    limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    if hasattr(resource, "RLIMIT_SIGPENDING"):  # Linux
        limit(resource.RLIMIT_SIGPENDING, SIGNALS)
    if memory and sys.platform.startswith("linux"):
        limit(resource.RLIMIT_AS, _address_space() + MEMORY_BYTES)
    if threads:
        limit(resource.RLIMIT_NPROC, THREADS)


def _address_space() -> int:
    """Return the bytes of addresses that this process has reserved already."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
