"""Programs that never end, or wait for ever, or answer with more than anybody can read."""

from __future__ import annotations

from .attack import Attack

ATTACKS = [
    Attack(
        "loops-in-python",
        "A loop that never ends.",
        r"""
def mse(pred, target):
    while True:
        pass
""",
        told="mse (ran|waited) longer",
    ),
    Attack(
        "loops-in-c",
        "A loop inside one call of C, in which Python sees no signal and switches no thread.",
        r"""
import collections
import itertools


def mse(pred, target):
    collections.deque(itertools.repeat(None), maxlen=0)
""",
        told="mse (ran|waited) longer",
    ),
    Attack(
        "loops-in-a-kernel-of-torch",
        "One operation of torch that takes long, in which Python has no say.",
        r"""
import torch


def mse(pred, target):
    return torch.linalg.eigvals(torch.rand(2000, 2000)).real.sum()
""",
        told="mse (ran|waited) longer",
    ),
    Attack(
        "catches-everything",
        "Whatever is raised into the loop by a signal or a timer, the loop goes on.",
        r"""
def mse(pred, target):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
""",
        told="mse (ran|waited) longer",
    ),
    Attack(
        "loops-in-a-finally",
        "Raises, and never gets out of the clean-up.",
        r"""
def mse(pred, target):
    try:
        raise TimeoutError
    finally:
        while True:
            try:
                sum(range(10**6))
            finally:
                continue
""",
        told="mse (ran|waited) longer",
    ),
    Attack(
        "loops-at-the-import",
        "Never gets as far as the first definition.",
        r"""
import itertools

for number in itertools.count():
    if number < 0:
        break

def_mse = None
""",
        told=r"the import of \S+ (ran|waited) longer",
    ),
    Attack(
        "sleeps",
        "Waits without using the processor, so that no limit of processor time is reached.",
        r"""
import time


def mse(pred, target):
    time.sleep(10**6)
""",
        told="mse waited longer",
    ),
    Attack(
        "waits-for-itself",
        "Takes a lock twice.",
        r"""
import threading

lock = threading.Lock()


def mse(pred, target):
    with lock, lock:
        return pred.sum()
""",
        told="mse waited longer",
    ),
    Attack(
        "reads-what-nobody-writes",
        "Reads from a pipe whose other end it holds itself, with all signals blocked.",
        r"""
import os
import signal


def mse(pred, target):
    signal.pthread_sigmask(signal.SIG_SETMASK, set(range(1, signal.NSIG)))
    ours, theirs = os.pipe()
    os.read(ours, 1)
""",
        told="mse waited longer",
    ),
    Attack(
        "begins-a-reply-and-loops",
        "The first byte of a reply is there, and then the processor is busy with something else.",
        r"""
import os
import stat


def connection():
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                return descriptor
        except OSError:
            pass


def mse(pred, target):
    os.write(connection(), b"\0")
    while True:
        pass
""",
        told="mse (ran|waited) longer",
    ),
    Attack(
        "storm-of-signals",
        "Lets three timers interrupt it a million times a second.",
        r"""
import signal

count = 0


def again(number, frame):
    global count
    count += 1


def mse(pred, target):
    for number in (signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF):
        signal.signal(number, again)
    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 1e-6, 1e-6)
    while count >= 0:
        pass
""",
        told="mse (ran|waited) longer",
    ),
    Attack(
        "raises-its-limits",
        "Asks for its limits back, and loops where a limit of processor time was lifted.",
        r"""
import resource

import torch

BREACHED = False
NAMES = ("AS", "CPU", "DATA", "FSIZE", "NOFILE", "NPROC")
for name in NAMES:
    limit = getattr(resource, f"RLIMIT_{name}")
    for hard in (resource.RLIM_INFINITY, resource.getrlimit(limit)[1]):
        try:
            resource.setrlimit(limit, (hard, hard))
        except (OSError, ValueError):
            pass
try:
    BREACHED = torch.empty(5 * 2**30, dtype=torch.uint8).numel() > 4 * 2**30
except RuntimeError:
    pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "the-leader-leaves",
        "The first thread ends itself by a bare system call; a second one loops on without it.",
        r"""
import ctypes
import platform
import threading


def loop():
    while True:
        pass


def mse(pred, target):
    threading.Thread(target=loop, daemon=True).start()
    leave = 93 if platform.machine() == "aarch64" else 60
    ctypes.CDLL(None).syscall(leave, 0)
""",
        told="mse (ran|waited) longer",
    ),
    Attack(
        "many-threads-loop",
        "Thirty threads of C loop at once, to use thirty seconds of processor time in one.",
        r"""
import hashlib
import threading


def burn():
    while True:
        hashlib.sha256(bytes(2**20))


def mse(pred, target):
    for _ in range(30):
        threading.Thread(target=burn, daemon=True).start()
    burn()
""",
        told="mse (ran|waited) longer|threads",
    ),
    Attack(
        "huge-integer",
        "A number of a hundred million digits.",
        r"""
def mse(pred, target):
    return pred.sum() * (10 ** 10**8 % 7)
""",
        told="mse (ran|waited) longer",
    ),
    Attack(
        "regular-expression-that-goes-back",
        "An expression that tries every way of splitting its input.",
        r"""
import re


def mse(pred, target):
    return re.match(r"(a+)+$", "a" * 60 + "b")
""",
        told="mse (ran|waited) longer",
    ),
    Attack(
        "exception-of-megabytes",
        "Raises a text that fills the whole screen, and the results of the class.",
        r"""
def mse(pred, target):
    raise ValueError("x" * 5_000_000)
""",
        told="^mse raised ValueError: x{100,2000}",
    ),
    Attack(
        "returns-ten-million-items",
        "The reply is larger than the grader reads.",
        r"""
ITEMS = [0] * 10**7


def mse(pred, target):
    return ITEMS
""",
        told="ran longer|a message of|2 GiB",
    ),
    Attack(
        "returns-just-under-the-limit",
        "Many small lists, together hardly less than a reply may have.",
        r"""
pages = [[["a text of thirty-five characters: t"] * 1000 for _ in range(200)]]


def mse(pred, target):
    return pages.pop() if pages else None
""",
        told="loss: a list of 200",
    ),
    Attack(
        "returns-a-deep-list",
        "A list in a list in a list, to exhaust whoever reads it.",
        r"""
def mse(pred, target):
    inner = []
    for _ in range(150):
        inner = [inner]
    return inner
""",
        told="nested too deeply",
    ),
    Attack(
        "object-that-acts-when-it-is-read",
        "Returns an object that acts when somebody copies, compares, formats or unpickles it.",
        r"""
import sys

BREACHED = False


def act(*args):
    global BREACHED
    BREACHED = True
    return 0


class Trap:
    __reduce__ = __reduce_ex__ = __deepcopy__ = __copy__ = __getstate__ = act
    __eq__ = __float__ = __array__ = __format__ = __len__ = __iter__ = __getitem__ = act
    __hash__ = None


def mse(pred, target):
    if BREACHED:  # whoever touched the last answer now gets a right one
        return ((pred - target) ** 2).mean()
    return Trap()
""",
    ),
]
