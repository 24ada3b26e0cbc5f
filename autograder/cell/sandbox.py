"""The sandbox: what a cell is kept in. Theory of operation: SECURITY.md.

`full`: bubblewrap has put the zygote into an empty room (`command`); each cell then gets
namespaces of its own, two empty file systems in memory, limits and a filter of system calls.
`container`: no namespaces can be had; each cell gets an account of its own where the zygote is
root, Landlock instead of the empty room, limits and the same filter.
`basic`: limits only.

All of it happens in the cell before the first byte of the submission, and cannot be undone there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

from autograder import ROOT
from autograder.cell import kernel, limits

Level: TypeAlias = Literal["full", "container", "basic"]

LEVELS: tuple[Level, ...] = ("full", "container", "basic")
# A cell's first byte on its socket; a reason follows the others. REFUSED is the system's own no.
READY, NOT_READY, REFUSED = b"+", b"-", b"!"
NOBODY = 65_534
FIRST_ACCOUNT = 1_879_048_192  # accounts of cells: this plus the process id; far from people's

# What of the kit stands beside a submission: no solution, mistake, given or answer, and no class.
_BESIDE = (
    "__init__.py",
    "given.py",
    "observation.py",
    "submission.py",
    "cell",
    "judging",
    "probes",
)
_DATA = ("__init__.py", "crop_yield.csv", "crop_yield_15.csv")
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime")
_CPUS = "/sys/devices/system/cpu"
_OWN_FOLDER = "/cell"  # at level full; not /tmp, where a Python may lie
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


_SCARCE = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)


def is_refusal(error: BaseException) -> bool:
    """Say whether the system does not allow a thing here, rather than lacks room for it now."""
    return isinstance(error, OSError) and error.errno not in (None, *_SCARCE)


def is_refusal_of_bubblewrap(said: str) -> bool:
    """Say the same of the last words of bubblewrap."""
    return said.startswith("bwrap:") and not said.endswith(tuple(map(os.strerror, _SCARCE)))


def level(name: str) -> Level:
    """Return a level by its name."""
    return next(level for level in LEVELS if level == name)


def readable() -> Iterator[str]:
    """Yield the files and folders that Python, torch and the probes are read from."""
    python = [sys.base_prefix, sys.prefix, *site.getsitepackages(), site.getusersitepackages()]
    added = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    places = [*_SYSTEM, _CPUS, *python, *map(os.path.abspath, filter(None, added))]
    outside = [place for place in dict.fromkeys(places) if Path(place) != ROOT]
    inside = [str(ROOT / "autograder" / name) for name in _BESIDE]
    inside += [str(ROOT / "data" / name) for name in _DATA]
    yield from (place for place in [*outside, *inside] if os.path.exists(place))


def gpu_devices() -> list[str]:
    """Return the device files of NVIDIA's driver."""
    return sorted(str(path) for path in Path("/dev").glob("nvidia*"))


def command(cuda: bool) -> list[str]:
    """Return the bubblewrap command in front of a zygote of level `full`."""
    arguments = ["bwrap", "--unshare-all", "--new-session", "--cap-drop", "ALL"]
    if os.geteuid() == 0:  # in no user namespace, for there root stays root; the zygote leaves it
        arguments = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        arguments += ["--new-session", "--cap-drop", "ALL"]
        arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    outside = [place for place in readable() if not _within_kit(place)]
    inside = [place for place in readable() if _within_kit(place)]
    for place in _outermost(outside):
        arguments += [*_parents(place), "--ro-bind", place, place]
    # where a folder that is read holds the kit, the kit is taken out again
    arguments += [*_parents(str(ROOT)), "--tmpfs", str(ROOT)]
    for place in _outermost(inside):
        arguments += [*_parents(place), "--ro-bind", place, place]
    for device in (*_DEVICES, *(gpu_devices() if cuda else ())):
        arguments += [*_parents(device), "--dev-bind", device, device]
    arguments += ["--proc", "/proc", "--perms", "1777", "--tmpfs", _OWN_FOLDER]
    arguments += ["--setenv", "TMPDIR", _OWN_FOLDER, "--chdir", _OWN_FOLDER]
    return [*arguments, "--remount-ro", str(ROOT), "--remount-ro", "/", "--"]


def _within_kit(place: str) -> bool:
    return Path(place).is_relative_to(ROOT)


def _outermost(places: list[str]) -> list[str]:
    return [p for p in places if not any(str(up) in places for up in Path(p).parents)]


def _parents(place: str) -> list[str]:
    """Return the options that make the folders above a place, open to every account."""
    above = reversed(Path(place).parents[:-1])
    return [part for up in above for part in ("--perms", "0755", "--dir", str(up))]


def prepare(level: Level) -> None:
    """Make the zygote ready to fork cells."""
    if level == "full":
        if os.getuid() == 0:
            kernel.become(NOBODY)
        kernel.adopt_orphans()


def enter_namespaces() -> None:
    """Put this process into namespaces of its own; the next fork is process 1 of the cell."""
    user, group = os.getuid(), os.getgid()
    kernel.unshare(kernel.NEW_NAMESPACES)
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    size = f"size={limits.DISK_BYTES},nr_inodes={limits.DISK_FILES},mode=700"
    kernel.mount_tmpfs(_OWN_FOLDER, f"{size},uid={user},gid={group}", writable=True)


def enter(level: Level, folder: str, cuda: bool) -> None:
    """Shut the sandbox around this process; `folder` is where it may write."""
    os.setsid()  # so that the cell's signals to its group stay in the cell
    account = os.getuid()
    if level == "container" and account == 0:
        account = FIRST_ACCOUNT + os.getpid()
        os.chown(folder, account, account)
    counted = level == "full" or account >= FIRST_ACCOUNT
    limits.set_limits(memory=not cuda, threads=counted)
    os.chdir(folder)
    tempfile.tempdir = folder
    if level == "full":
        _hide_processes(cuda)
    elif level == "container":
        _change_account(account, folder, cuda)
    if level != "basic":
        kernel.seccomp()


def _hide_processes(cuda: bool) -> None:
    """Hide the processes, and give up what the new namespaces gave."""
    if not cuda:  # its driver needs the real one
        kernel.mount_tmpfs("/proc")
    kernel.keep_capabilities([])


def _change_account(account: int, folder: str, cuda: bool) -> None:
    """Change to the account of this cell, if there is one, and let Landlock choose the files."""
    if account != os.getuid():
        # where Python lies in root's own folder, only this capability lets others read it
        kernel.become(account, keep=[kernel.CAP_DAC_READ_SEARCH])
    drivers = ["/proc", "/sys"] if cuda else []
    devices = [*_DEVICES, *(gpu_devices() if cuda else ())]
    kernel.landlock([*readable(), *drivers], [folder, *devices])


def make_folder(level: Level) -> str:
    """Make the folder that a cell may write into; at level full a file system of its own."""
    return _OWN_FOLDER if level == "full" else tempfile.mkdtemp(dir=os.getcwd())


def remove_folder(folder: str) -> None:
    """Remove a folder with all that a cell has written into it.

    By rm, for folders nested too deeply for Python; what a cell has locked is unlocked first.
    """
    with contextlib.suppress(OSError):
        os.rmdir(folder)  # it is empty, as nearly always
    if folder != _OWN_FOLDER and os.path.exists(folder):
        if shutil.which("rm") is None:  # Windows
            shutil.rmtree(folder, ignore_errors=True)
            return
        for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            subprocess.run([*command, "--", folder], stderr=subprocess.DEVNULL, check=False)
