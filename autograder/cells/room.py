"""The room of level full: the bubblewrap command in front of a zygote."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.inside import KIT, sandbox


def command(cuda: bool) -> list[str]:
    """Return the bubblewrap command in front of a zygote of level `full`."""
    arguments = ["bwrap", "--unshare-all", "--new-session", "--cap-drop", "ALL"]
    if os.geteuid() == 0:  # in no user namespace, for there root stays root; the zygote leaves it
        arguments = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        arguments += ["--new-session", "--cap-drop", "ALL"]
        arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    python = sandbox.of_python()
    within = [place for place in python if Path(place).is_relative_to(KIT)]
    for place in _outermost([place for place in python if place not in within]):
        arguments += [*_parents(place), "--ro-bind", place, place]
    # where a folder that is read holds the kit, the kit is taken out again
    kit = [str(path) for path in sandbox.names_of_kit()]
    for place in kit:
        arguments += [*_parents(place), "--tmpfs", place]
    for place in _outermost([*within, *sandbox.of_kit()]):
        arguments += [*_parents(place), "--ro-bind", place, place]
    for device in (*sandbox.DEVICES, *(sandbox.gpu_devices() if cuda else ())):
        arguments += [*_parents(device), "--dev-bind", device, device]
    arguments += ["--proc", "/proc", "--perms", "1777", "--tmpfs", sandbox.OWN_FOLDER]
    arguments += ["--setenv", "TMPDIR", sandbox.OWN_FOLDER, "--chdir", sandbox.OWN_FOLDER]
    shut = [part for place in (*kit, "/") for part in ("--remount-ro", place)]
    return [*arguments, *shut, "--"]


def _outermost(places: list[str]) -> list[str]:
    return [p for p in places if not any(str(up) in places for up in Path(p).parents)]


def _parents(place: str) -> list[str]:
    """Return the options that make the folders above a place, open to every account."""
    above = reversed(Path(place).parents[:-1])
    return [part for up in above for part in ("--perms", "0755", "--dir", str(up))]
