"""Run a command as an ordinary user: `python -m tests.hostile.as_user COMMAND ...`, as root.

Where this checkout or its Python lies in a folder that only root may enter, the command sees an
empty folder in its place, with nothing but the checkout and the Python in it.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from autograder.inside import ROOT
from autograder.inside.sandbox import NOBODY


def closed(path: Path) -> Path | None:
    """Return the topmost folder above a path that others may not enter."""
    above = [up for up in reversed(path.parents) if not up.stat().st_mode & stat.S_IXOTH]
    return above[0] if above else None


def opened(needed: list[Path]) -> list[str]:
    """Return bubblewrap's options that put the needed folders where everybody can reach them."""
    options: list[str] = []
    for folder in dict.fromkeys(filter(None, map(closed, needed))):
        options += ["--perms", "0755", "--tmpfs", str(folder)]
    for path in needed:
        if top := closed(path):
            between = [up for up in reversed(path.parents) if up != top and top in up.parents]
            options += [word for up in between for word in ("--perms", "0755", "--dir", str(up))]
            options += ["--bind", str(path), str(path)]
    return options


def main(command: list[str]) -> None:
    """Replace this process by the command (as it is, where this is no root)."""
    if os.geteuid() != 0:
        os.execvp(command[0], command)
    needed = list(dict.fromkeys([Path(sys.base_prefix), Path(sys.prefix), ROOT]))
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    arguments = ["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev", *opened(needed)]
    os.execvp("bwrap", [*arguments, "--chdir", str(ROOT), *user, "env", "HOME=/tmp", *command])


if __name__ == "__main__":
    main(sys.argv[1:])
