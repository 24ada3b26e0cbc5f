"""Programs that want to outlive their cell: in files, in processes, in the kernel, in memory."""

from __future__ import annotations

from .attack import Attack

# Where something could stay. What is written is a comment, and removed at once where it succeeds.
_TRY_WRITE = r"""
import os


def writes(path):
    # says whether a file can be made there, and removes it again
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        done = os.write(descriptor, b"# @MARK@\n") > 0
        os.close(descriptor)
        os.unlink(path)
        return done
    except OSError:
        return False


def rewrites(path):
    # says whether a file can be changed, by writing its first byte as it is
    try:
        with open(path, "r+b", buffering=0) as file:
            first = file.read(1)
            file.seek(0)
            return file.write(first) == 1
    except OSError:
        return False
"""

_NOTES = r"""
import os
import tempfile

HERE = os.getcwd()
PLACES = ["/tmp", "/var/tmp", "/dev/shm", "/run", "/proc", "@ROOT@", "@ROOT@/autograder", HERE]
PLACES += [os.path.dirname(HERE), tempfile.gettempdir(), os.path.expanduser("~")]
NOTES = [os.path.join(place, "@MARK@-note") for place in PLACES]
"""

ATTACKS = [
    Attack(
        "writes-into-packages",
        "Puts a module, and a file that is run at every start, among the installed packages.",
        _TRY_WRITE
        + r"""
import site
import sys

folders = {*site.getsitepackages(), site.getusersitepackages(), *sys.path, sys.prefix}
names = ("@MARK@.py", "@MARK@.pth", "@MARK@.egg-link")
BREACHED = any([writes(os.path.join(folder, name)) for folder in folders for name in names])
""",
        holds="container",
    ),
    Attack(
        "customizes-python",
        "Leaves a module that every Python imports at its start.",
        _TRY_WRITE
        + r"""
import site
import sys

folders = [*site.getsitepackages(), os.path.dirname(os.__file__), "@ROOT@", "@ROOT@/solutions"]
names = ("sitecustomize.py", "usercustomize.py", "conftest.py", "torch.py")
free = [os.path.join(f, n) for f in folders for n in names if not os.path.exists(f + "/" + n)]
BREACHED = any([writes(path) for path in free])
""",
        holds="container",
    ),
    Attack(
        "poisons-bytecode",
        "Changes the compiled code of the kit, which is run without a look at its source.",
        _TRY_WRITE
        + r"""
import glob

folders = (
    *("autograder/inside", "autograder/inside/probes", "autograder/inside/probes/m06_model"),
    *("autograder/cells", "autograder/judging", "autograder/answers", "autograder", "solutions"),
)
compiled = [path for f in folders for path in glob.glob(f"@ROOT@/{f}/__pycache__/*.pyc")]
caches = [f"@ROOT@/{folder}/__pycache__" for folder in folders]
BREACHED = any([rewrites(path) for path in compiled])
BREACHED |= any([writes(f"{cache}/@MARK@.pyc") for cache in caches])
""",
        holds="container",
    ),
    Attack(
        "rewrites-the-kit",
        "Changes the code that compares, the probes, the solutions and torch on the disk.",
        _TRY_WRITE
        + r"""
import torch

names = ("judging/compare.py", "inside/serve.py", "inside/probes/m06_model/m06_3_mse.py")
paths = [f"@ROOT@/autograder/{name}" for name in (*names, "answers/keys.py")]
paths += ["@ROOT@/solutions/m06_model.py", "@ROOT@/tests/hostile/attack.py", torch.__file__]
BREACHED = any([rewrites(path) for path in paths])
""",
        holds="container",
    ),
    Attack(
        "replaces-what-it-may-not-write",
        "Moves, cuts and opens up files instead of writing to them, and puts their contents back.",
        r"""
import os

BREACHED = False
for path in ("@CANARY@", "@OTHER@", "@ROOT@/autograder/judging/compare.py"):
    for change in (
        lambda path: os.truncate(path, os.stat(path).st_size),
        lambda path: os.rename(path, path + ".@MARK@") or os.rename(path + ".@MARK@", path),
        lambda path: os.link(path, path + ".@MARK@") or os.unlink(path + ".@MARK@"),
        lambda path: os.rmdir(path + ".@MARK@") if os.mkdir(path + ".@MARK@") is None else None,
        lambda path: os.setxattr(path, "user.@MARK@", b"") or os.removexattr(path, "user.@MARK@"),
    ):
        try:
            change(path)
            BREACHED = True
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "changes-modes-and-times",
        "Locks the grader out of its own files: their modes are not among what is written.",
        r"""
import os

BREACHED = False
keys, folder = "@ROOT@/autograder/answers/keys.py", os.path.dirname("@CANARY@")
for path in ("@CANARY@", "@OTHER@", keys, folder):
    for change in (
        lambda path: os.chmod(path, os.stat(path).st_mode & 0o7777),
        lambda path: os.utime(path, ns=(os.stat(path).st_atime_ns, os.stat(path).st_mtime_ns)),
        lambda path: os.chown(path, os.stat(path).st_uid, os.stat(path).st_gid),
    ):
        try:
            change(path)
            BREACHED = True
        except OSError:
            pass
""",
        holds="container",
    ),
    Attack(
        "writes-wherever-it-can",
        "Tries every folder in sight, opening up those that it owns.",
        _TRY_WRITE
        + r"""
import tempfile

real = os.path.exists("/proc/self/stat")
own = {os.path.realpath(os.getcwd()), os.path.realpath(tempfile.gettempdir())}
folders = {"/", "/proc", "/sys", "/dev", "/run", "/tmp", "/var/tmp", "/home", "/root", "/mnt"}
folders |= {"@ROOT@", "@ROOT@/autograder", "@ROOT@/data", os.path.dirname("@CANARY@")}
for folder in list(folders):
    while folder != "/":
        folders.add(folder)
        folder = os.path.dirname(folder)
BREACHED = False
for folder in sorted(folders - own):
    try:
        if folder == "/proc" and real:
            continue
        os.chmod(folder, os.stat(folder).st_mode & 0o7777 | 0o700)
    except OSError:
        pass
    BREACHED |= writes(os.path.join(folder, "@MARK@"))
""",
        holds="container",
    ),
    Attack(
        "plants-a-note",
        "Leaves a note in every folder that the next submission may see too.",
        _NOTES
        + r"""
for note in NOTES:
    try:
        if not os.path.exists("/proc/self/stat"):
            os.chmod("/proc", 0o700)
    except OSError:
        pass
    try:
        with open(note, "x") as file:
            file.write("a note\n")
    except OSError:
        pass
BREACHED = False
""",
        holds="container",
    ),
    Attack(
        "finds-a-note",
        "Looks for the note that the submission before it left.",
        _NOTES
        + r"""
import glob

BREACHED = False
NOTES += glob.glob(os.path.join(os.path.dirname(HERE), "*", "@MARK@-note"))
for note in NOTES:
    try:
        with open(note) as file:
            BREACHED |= file.read() == "a note\n"
        os.unlink(note)
    except OSError:
        pass
""",
        holds="container",
    ),
    Attack(
        "plants-in-memory",
        "Leaves a mark in the interpreter, in torch and in the kit's modules, for the next cell.",
        r"""
import builtins
import gc
import os
import sys

import torch

import autograder.inside.serve
import autograder.inside.observe

gc.unfreeze()
for place in (builtins, sys, os, torch, torch.Tensor, autograder.inside.serve):
    setattr(place, "planted_@MARK@", True)
autograder.inside.observe.planted_@MARK@ = True
os.environ["planted_@MARK@"] = "yes"
BREACHED = False
""",
    ),
    Attack(
        "finds-in-memory",
        "Looks for the mark that the submission before it left in memory.",
        r"""
import builtins
import os
import sys

import torch

import autograder.inside.serve
import autograder.inside.observe

PLACES = (builtins, sys, os, torch, torch.Tensor, autograder.inside.serve)
BREACHED = any(hasattr(place, "planted_@MARK@") for place in PLACES)
BREACHED |= hasattr(autograder.inside.observe, "planted_@MARK@")
BREACHED |= "planted_@MARK@" in os.environ
""",
    ),
    Attack(
        "plants-in-the-kernel",
        "Leaves a key in the keyring and a queue of messages, which stay when processes end.",
        r"""
import ctypes
import platform
import zlib

libc = ctypes.CDLL(None, use_errno=True)
ADD_KEY = 217 if platform.machine() == "aarch64" else 248
KEY, CREATE = zlib.crc32(b"@MARK@") & 0x7FFFFFFF, 0o1600
for ring in (-4, -5, -3):  # of the user, of the user's sessions, of this session
    libc.syscall(ADD_KEY, b"user", b"@MARK@", b"note", 4, ring)
libc.msgget(KEY, CREATE)
libc.semget(KEY, 1, CREATE)
BREACHED = False
""",
        holds="container",
    ),
    Attack(
        "finds-in-the-kernel",
        "Looks for the key and the queue that the submission before it left, and removes them.",
        r"""
import ctypes
import platform
import zlib

libc = ctypes.CDLL(None, use_errno=True)
ARM = platform.machine() == "aarch64"
KEYCTL, SEARCH, INVALIDATE = (219 if ARM else 250), 10, 21
KEY, REMOVE = zlib.crc32(b"@MARK@") & 0x7FFFFFFF, 0
BREACHED = False
for ring in (-4, -5, -3):
    found = libc.syscall(KEYCTL, SEARCH, ring, b"user", b"@MARK@", 0)
    if found > 0:
        BREACHED = True
        libc.syscall(KEYCTL, INVALIDATE, found)
queue, semaphore = libc.msgget(KEY, 0), libc.semget(KEY, 0, 0)
if queue >= 0:
    BREACHED |= libc.msgctl(queue, REMOVE, None) == 0
if semaphore >= 0:
    BREACHED |= libc.semctl(semaphore, 0, REMOVE) == 0
""",
        holds="container",
    ),
    Attack(
        "leaves-a-daemon",
        "Forks twice and leaves its session, so that nobody's child stays when the cell is killed.",
        r"""
import os
import signal
import time

BREACHED = False
ours, theirs = os.pipe()
try:
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            signal.alarm(10)
            os.write(theirs, b"alive")
            time.sleep(3)
        os._exit(0)
    os.waitpid(child, 0)
    os.close(theirs)
    BREACHED = os.read(ours, 5) == b"alive"
except OSError:
    pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "starts-programs",
        "Starts another Python, a shell and a program, each in another way.",
        r"""
import ctypes
import os
import subprocess
import sys

BREACHED = False
ours, theirs = os.pipe()
os.set_inheritable(theirs, True)
os.set_blocking(ours, False)
SAY = f"echo alive >&{theirs}"
for way in (
    lambda: subprocess.run([sys.executable, "-S", "-c", ""], timeout=5).check_returncode(),
    lambda: subprocess.run(SAY, shell=True, timeout=5, close_fds=False),
    lambda: os.system(SAY),
    lambda: os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", SAY], os.environ), 0),
    lambda: ctypes.CDLL(None).system(SAY.encode()),
    lambda: os.popen("echo alive").read() == "alive\n" and os.write(theirs, b"alive"),
):
    try:
        way()
        BREACHED |= b"alive" in os.read(ours, 100)
    except Exception:
        pass
""",
        holds="container",
        naive=True,
    ),
    Attack(
        "asks-for-a-later-start",
        "Leaves orders with those who start programs: cron, systemd, the shell, the loader.",
        _TRY_WRITE
        + r"""
import pwd

paths = ["/etc/cron.d/@MARK@", "/var/spool/cron/crontabs/@MARK@", "/etc/profile.d/@MARK@.sh"]
paths += ["/etc/systemd/system/@MARK@.service", "/etc/ld.so.conf.d/@MARK@.conf", "/etc/@MARK@"]
homes = {"/root", os.path.dirname(os.path.dirname("@ROOT@"))}  # ~ is the cell's own
for home in homes | {person.pw_dir for person in pwd.getpwall()}:
    paths += [f"{home}/.config/autostart/@MARK@.desktop", f"{home}/@MARK@", f"{home}/.ssh/@MARK@"]
    paths += [f"{home}/.cache/@MARK@", f"{home}/.cache/torch/@MARK@", f"{home}/.config/@MARK@"]
BREACHED = any([writes(path) for path in paths])
""",
        holds="container",
    ),
    Attack(
        "caches-of-the-libraries",
        "Puts code into the folders from which torch and others load what they have built before.",
        _TRY_WRITE
        + r"""
import tempfile

import torch.hub

folders = {torch.hub.get_dir(), os.environ.get("TORCH_EXTENSIONS_DIR", "/nonexistent")}
try:
    from torch._inductor.runtime.cache_dir_utils import default_cache_dir

    folders.add(default_cache_dir())
except Exception:
    pass
own = os.path.realpath(os.getcwd())
for top in ("/tmp", "/var/tmp", os.path.dirname(own)):
    folders |= {f"{top}/torchinductor_{name}" for name in ("root", "nobody", "teacher")}
outside = [f for f in folders if not os.path.realpath(f).startswith(own)]
BREACHED = False
for folder in outside:
    there = os.path.isdir(folder)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        continue
    BREACHED |= writes(os.path.join(folder, "@MARK@.py"))
    if not there:
        os.rmdir(folder)
""",
        holds="container",
    ),
]
