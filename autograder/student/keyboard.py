"""Single keys, as soon as they are pressed."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import select
import signal
import sys
from collections.abc import Iterator
from typing import Any

ESCAPE = "\x1b"
NAMED = {
    **{"\n": "enter", "\r": "enter"},
    **{"\x1b[A": "up", "\x1b[B": "down", "\x1bOA": "up", "\x1bOB": "down"},
    **{"\x00H": "up", "\x00P": "down", "\xe0H": "up", "\xe0P": "down"},  # on Windows
}


class Keyboard:
    """The keys of a terminal; without one, no key is ever pressed. Use as a context manager."""

    def __init__(self) -> None:
        self._isatty = sys.stdin is not None and sys.stdin.isatty()
        self._file = sys.stdin.fileno() if self._isatty else -1
        self._before: Any = None
        self._is_back = False

    def __enter__(self) -> Keyboard:
        if self._isatty:
            import termios

            self._before = termios.tcgetattr(self._file)
            self._single_keys()
            signal.signal(signal.SIGCONT, self._continued)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._isatty:
            import termios

            signal.signal(signal.SIGCONT, signal.SIG_DFL)
            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)

    def _single_keys(self) -> None:
        import tty

        tty.setcbreak(self._file)

    def _continued(self, number: int, frame: object) -> None:
        """After Ctrl-Z and fg the shell has set the terminal to whole lines."""
        if os.tcgetpgrp(self._file) == os.getpgrp():  # not after bg
            self._single_keys()
            self._is_back = True

    def pressed(self) -> str:
        """Return the next key, "q" at the end of the input, or "" where none was pressed; the name
        of an arrow or of Enter; and "back" where the program has been stopped and goes on."""
        if self._is_back:
            self._is_back = False
            return "back"
        if not self._ready():
            return ""
        key = os.read(self._file, 1).decode("ascii", "ignore") or "q"
        if key == ESCAPE and self._ready():
            key += os.read(self._file, 2).decode("ascii", "ignore")
        return NAMED.get(key, key)

    def _ready(self) -> bool:
        return self._isatty and bool(select.select([self._file], [], [], 0)[0])

    @contextlib.contextmanager
    def given_back(self) -> Iterator[None]:
        """Let another program have the terminal meanwhile."""
        self.__exit__(None, None, None)
        try:
            yield
        finally:
            self.__enter__()


class WindowsKeyboard(Keyboard):
    """The keys of the console of Windows, which has no modes to change."""

    def __init__(self) -> None:
        super().__init__()
        self._console: Any = importlib.import_module("msvcrt")

    def __enter__(self) -> Keyboard:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        pass

    def pressed(self) -> str:
        """Return the next key, or "" where none was pressed."""
        if not self._isatty or not self._console.kbhit():
            return ""
        key = str(self._console.getwch())
        if key in ("\x00", "\xe0"):  # the code of a special key follows
            key += str(self._console.getwch())
        return NAMED.get(key, key)


def keyboard() -> Keyboard:
    """Return the keyboard of this system."""
    return Keyboard() if importlib.util.find_spec("termios") else WindowsKeyboard()
