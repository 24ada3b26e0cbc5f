"""The room: what a cell can read, for bubblewrap at level full and for Landlock at container.

Python, torch and the kit's part beside a submission are readable; the kit and what the grader names
(submissions, results) are covered. Where one place lies in another, the inner one decides.
"""

from __future__ import annotations

import os
import re
import site
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.cells.mounts import other_names
from autograder.inside import KIT, sandbox

_LINKER = Path("/etc/ld.so.cache")
_SYSTEM = [
    *("/usr/lib", "/usr/lib64", "/lib", "/lib64", str(_LINKER)),
    *("/etc/localtime", "/usr/share/zoneinfo", "/sys/devices/system/cpu"),
]


def of_python() -> list[str]:
    """Return the files and folders that Python and torch are read from, but for the program."""
    parts = ("lib", "lib64", "pyvenv.cfg")
    own = [f"{prefix}/{part}" for prefix in (sys.base_prefix, sys.prefix) for part in parts]
    packages = [*site.getsitepackages(), site.getusersitepackages()]
    packages += _searched("PYTHONPATH", "*.dist-info")  # where pip has installed something
    places = [*_SYSTEM, *_of_the_linker(), *own, *packages]
    return [place for place in dict.fromkeys(places) if os.path.exists(place)]


def _of_the_linker() -> list[str]:
    """Return the folders in which shared libraries are found (ld.so(8))."""
    known = _LINKER.read_bytes() if _LINKER.exists() else b""
    folders = dict.fromkeys(re.findall(rb"(/[^\0]+)/[^/\0]+\.so[^/\0]*\0", known))
    return [*map(os.fsdecode, folders), *_searched("LD_LIBRARY_PATH", "*.so*")]


def _searched(variable: str, pattern: str) -> list[str]:
    """Return the folders of a search path in which something matches."""
    folders = filter(None, os.environ.get(variable, "").split(os.pathsep))
    return [folder for folder in map(os.path.abspath, folders) if any(Path(folder).glob(pattern))]


def names(place: Path) -> list[Path]:
    """Return the paths by which a cell could reach a place: its own, those of mounts, and those
    through links to what is readable."""
    own = [place.resolve(), *other_names(place.resolve())]
    readable = [(Path(path), Path(path).resolve()) for path in (*of_python(), *sandbox.of_kit())]
    linked = [
        path / name.relative_to(real)
        for name in own
        for path, real in readable
        if name.is_relative_to(real)
    ]
    return list(dict.fromkeys([*own, *linked]))


def clash(covered: Sequence[str]) -> str | None:
    """Return a folder that would be covered, though Python itself is read from it."""
    readable = {os.path.realpath(path) for path in (*of_python(), *sandbox.of_kit())}
    own = [str(name) for place in covered for name in names(Path(place))]
    return next((name for name in own if name in readable), None)


def readable(covered: Sequence[str]) -> list[str]:
    """Return for Landlock, which cannot take a folder out of another, places that hold nothing
    covered."""
    shut = {str(name.resolve()) for place in (KIT, *map(Path, covered)) for name in names(place)}
    above = {str(up) for path in shut for up in Path(path).parents}
    places = map(os.path.realpath, (*of_python(), *sandbox.of_kit()))
    return list(dict.fromkeys(part for place in places for part in _parts(place, shut, above)))


def _parts(place: str, shut: set[str], above: set[str]) -> Iterator[str]:
    """Yield a place, or the parts of one that holds something covered; links lead to what is
    readable by itself, or must not be read."""
    if place not in above:
        yield place
        return
    for entry in os.scandir(place):
        if entry.path not in shut and not entry.is_symlink():
            yield from _parts(entry.path, shut, above)


def command(cuda: bool, covered: Sequence[str]) -> list[str]:
    """Return the bubblewrap command in front of a zygote of level `full`."""
    arguments = ["bwrap", "--unshare-all", "--new-session", "--cap-drop", "ALL"]
    if os.geteuid() == 0:  # in no user namespace, for there root stays root; the zygote leaves it
        arguments = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        arguments += ["--new-session", "--cap-drop", "ALL"]
        arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    read = [*of_python(), *sandbox.of_kit()]
    shut = [str(name) for place in (KIT, *map(Path, covered)) for name in names(place)]
    shut = [name for name in dict.fromkeys(shut) if any(map(Path(name).is_relative_to, read))]
    put = {path: ["--ro-bind", path, path] for path in read} | {n: ["--tmpfs", n] for n in shut}
    for place in sorted(put, key=lambda path: len(Path(path).parts)):
        arguments += [*_parents(place), *put[place]]
    arguments += _program(sys.executable, read)
    for device in (*sandbox.DEVICES, *(sandbox.gpu_devices() if cuda else ())):
        arguments += [*_parents(device), "--dev-bind", device, device]
    arguments += ["--proc", "/proc", "--perms", "1777", "--tmpfs", sandbox.OWN_FOLDER]
    arguments += ["--setenv", "TMPDIR", sandbox.OWN_FOLDER, "--chdir", sandbox.OWN_FOLDER]
    closed = [part for place in (*shut, "/") for part in ("--remount-ro", place)]
    return [*arguments, *closed, "--"]


def _program(path: str, read: Sequence[str]) -> Iterator[str]:
    """Yield the options that put a program into the room, with the links that lead to it: by its
    own path a program may find its libraries."""
    while not any(map(Path(path).is_relative_to, read)):
        yield from _parents(path)
        if not os.path.islink(path):
            yield from ("--ro-bind", path, path)
            return
        target = os.readlink(path)
        yield from ("--symlink", target, path)
        path = os.path.normpath(os.path.join(os.path.dirname(path), target))


def _parents(place: str) -> list[str]:
    """Return the options that make the folders above a place, open to every account."""
    above = reversed(Path(place).parents[:-1])
    return [part for up in above for part in ("--perms", "0755", "--dir", str(up))]
