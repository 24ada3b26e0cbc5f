"""Hide from a Python on Linux what Python has not on Windows, and bring a console's msvcrt.

Python imports this file at its start where its folder is in PYTHONPATH.
"""

from __future__ import annotations

import importlib
import os
import select
import signal
import socket
import subprocess
import sys
import types

MISSING = {
    os: ("fork", "forkpty", "pread", "setsid", "killpg", "getpgid", "chown"),
    socket: ("send_fds", "recv_fds"),
    signal: ("SIGKILL",),
}
termios, tty = map(importlib.import_module, ("termios", "tty"))


def kbhit() -> bool:
    """Say whether a key waits, as msvcrt does."""
    tty.setcbreak(0, termios.TCSANOW)
    return bool(select.select([0], [], [], 0)[0])


def getwch() -> str:
    """Return the next key, as msvcrt does."""
    return os.read(0, 1).decode()


for module, names in MISSING.items():
    for name in names:
        delattr(module, name)
for name in ("termios", "tty", "pty", "resource", "pwd", "grp"):
    sys.modules[name] = None  # type: ignore[assignment]
subprocess.Popen.kill = lambda self: os.kill(self.pid, 9)  # type: ignore[method-assign]
console = types.ModuleType("msvcrt")
console.__dict__.update(kbhit=kbhit, getwch=getwch)
sys.modules["msvcrt"] = console
