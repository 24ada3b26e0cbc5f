"""Single keys, as soon as they are pressed."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import select
import sys
from collections.abc import Iterator
from typing import Any


class Keyboard:
    """The keys of a terminal; without one, no key is ever pressed. Use as a context manager."""

    def __init__(self) -> None:
        self._isatty = sys.stdin is not None and sys.stdin.isatty()
        self._file = sys.stdin.fileno() if self._isatty else -1
        self._before: Any = None

    def __enter__(self) -> Keyboard:
        if self._isatty:
            import termios
            import tty

            self._before = termios.tcgetattr(self._file)
            tty.setcbreak(self._file)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._isatty:
            import termios

            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)

    def pressed(self) -> str:
        """Return the next key, "q" at the end of the input, or "" where none was pressed."""
        if not self._isatty or not select.select([self._file], [], [], 0)[0]:
            return ""
        return os.read(self._file, 1).decode("ascii", "ignore") or "q"

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
        return str(self._console.getwch()) if self._isatty and self._console.kbhit() else ""


def keyboard() -> Keyboard:
    """Return the keyboard of this system."""
    return Keyboard() if importlib.util.find_spec("termios") else WindowsKeyboard()
