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
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeAlias

from autograder.inside import PACKAGE, ROOT, kernel, limits

Level: TypeAlias = Literal["full", "container", "basic"]

LEVELS: tuple[Level, ...] = ("full", "container", "basic")
# A cell's first byte on its socket; a reason follows the others. REFUSED is the system's own no.
READY, NOT_READY, REFUSED = b"+", b"-", b"!"
NOBODY = 65_534
FIRST_ACCOUNT = 1_879_048_192  # accounts of cells: this plus the process id; far from people's

OWN_FOLDER = "/cell"  # at level full; not /tmp, where a Python may lie
TABLES = "data"  # where a submission finds the kit's tables, as beside exercises/
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


# What a system answers that has not got a thing, or does not allow it; all else may pass.
_NO = (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
_NO_NAMESPACES = ("No permissions to", "Creating new namespace failed", "Unexpected capabilities")


def is_refusal(error: BaseException) -> bool:
    """Say whether the system has not got or not allowed a thing, rather than failed at it now."""
    return isinstance(error, OSError) and error.errno in _NO


def is_refusal_of_bubblewrap(said: str) -> bool:
    """Say the same of the last words of bubblewrap: of its own work, not of starting a program."""
    name, _, told = said.partition(": ")
    if name != "bwrap" or told.startswith("execvp") or os.strerror(errno.ENOSPC) in told:
        return False
    return told.startswith(_NO_NAMESPACES) or told.endswith(tuple(map(os.strerror, _NO)))


def level(name: str) -> Level:
    """Return a level by its name."""
    return next(level for level in LEVELS if level == name)


def of_kit() -> list[str]:
    """Return what of the kit stands beside a submission: this folder, and the tables."""
    return [str(PACKAGE / "inside"), *map(str, sorted((ROOT / "data").glob("*.csv")))]


def gpu_devices() -> list[str]:
    """Return the device files of NVIDIA's driver."""
    return sorted(str(path) for path in Path("/dev").glob("nvidia*"))


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
    kernel.mount_tmpfs(OWN_FOLDER, f"{size},uid={user},gid={group}", writable=True)


def enter(level: Level, folder: str, cuda: bool, readable: Iterable[str]) -> None:
    """Shut the sandbox around this process; `folder` is where it may write, `readable` are the
    files and folders that it may read at level container."""
    os.setsid()  # so that the cell's signals to its group stay in the cell
    account = os.getuid()
    if level == "container" and account == 0:
        account = FIRST_ACCOUNT + os.getpid()
        os.chown(folder, account, account)
    counted = level == "full" or account >= FIRST_ACCOUNT
    limits.set_limits(memory=not cuda, threads=counted)
    os.chdir(folder)
    with contextlib.suppress(OSError):  # on Windows a link needs a right
        os.symlink(ROOT / "data", TABLES)
    tempfile.tempdir = folder
    if level == "full":
        _hide_processes(cuda)
    elif level == "container":
        _change_account(account, folder, cuda, readable)
    if level != "basic":
        kernel.seccomp()


def _hide_processes(cuda: bool) -> None:
    """Hide the processes, and give up what the new namespaces gave."""
    if not cuda:  # its driver needs the real one
        kernel.mount_tmpfs("/proc")
    kernel.keep_capabilities([])


def _change_account(account: int, folder: str, cuda: bool, readable: Iterable[str]) -> None:
    """Change to the account of this cell, if there is one, and let Landlock choose the files."""
    if account != os.getuid():
        # where Python lies in root's own folder, only this capability lets others read it
        kernel.become(account, keep=[kernel.CAP_DAC_READ_SEARCH])
    drivers = ["/proc", "/sys"] if cuda else ["/proc/cpuinfo"]  # torch prints a line without it
    devices = [*DEVICES, *(gpu_devices() if cuda else ())]
    kernel.landlock([*readable, *drivers], [folder, *devices])


def make_folder(level: Level) -> str:
    """Make the folder that a cell may write into; at level full a file system of its own."""
    return OWN_FOLDER if level == "full" else tempfile.mkdtemp(dir=os.getcwd())


def remove_folder(folder: str) -> None:
    """Remove a folder with all that a cell has written into it.

    By rm, for folders nested too deeply for Python; what a cell has locked is unlocked first.
    """
    with contextlib.suppress(OSError):
        os.unlink(Path(folder, TABLES))
        os.rmdir(folder)  # it is empty, as nearly always
    if folder != OWN_FOLDER and os.path.exists(folder):
        if shutil.which("rm") is None:  # Windows
            shutil.rmtree(folder, ignore_errors=True)
            return
        for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            subprocess.run([*command, "--", folder], stderr=subprocess.DEVNULL, check=False)
