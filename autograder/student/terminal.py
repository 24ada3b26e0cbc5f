"""The terminal of `descent watch`: pages, keys, and the saves in a folder."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

DEBOUNCE_MS, STEP_MS = 100, 20  # an editor writes a file in several steps
POLL_MS = 200
STYLES = {
    "FAIL": "red",
    "PASS": "green",
    "NEXT": "cyan",
    "WHY": "yellow",
    "HINT": "yellow",
}
NO_EVENTS = ("nfs", "cifs", "smb", "9p", "drvfs", "fuse.", "vboxsf", "afs")  # kinds of file systems


class Screen:
    """The page of one exercise, in a terminal or a pipe."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console: Any = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)

    def show(self, lines: Sequence[str]) -> None:
        """Write a page; the first word of a line has its colour, where there are colours."""
        self._console.clear()
        for line in lines:
            label, rest = line[:6], line[6:]
            self._console.print(label, style=STYLES.get(label.strip()), end="")
            self._console.print(rest)


class Saves:
    """The saves in a folder, noticed by a thread. Use as a context manager."""

    def __init__(self, folder: Path, poll: bool) -> None:
        self._folder, self._poll = folder, poll
        self._stop = threading.Event()
        self._saved: set[str] = set()
        self._lock = threading.Lock()
        self._reader, self._writer = os.pipe()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Saves:
        self._thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._stop.set()
        self._thread.join()
        os.close(self._reader)
        os.close(self._writer)

    def fileno(self) -> int:
        """Return what select waits for: it is readable after a save."""
        return self._reader

    def modules(self) -> set[str]:
        """Return the modules that were saved since the last call."""
        with self._lock:
            os.read(self._reader, 4_096)
            saved, self._saved = self._saved, set()
        return saved

    def _watch(self) -> None:
        from watchfiles import watch as changes

        for found in changes(
            self._folder,
            watch_filter=lambda _, path: path.endswith(".py"),
            debounce=DEBOUNCE_MS,
            step=STEP_MS,
            rust_timeout=200,
            stop_event=self._stop,
            raise_interrupt=False,
            force_polling=self._poll,
            poll_delay_ms=POLL_MS,
            recursive=False,
        ):
            with self._lock:
                self._saved |= {Path(path).stem for _, path in found}
                os.write(self._writer, b".")


class Keyboard:
    """Single keys, where there is a terminal. Use as a context manager."""

    def __init__(self) -> None:
        self._file = sys.stdin.fileno() if sys.stdin is not None and sys.stdin.isatty() else None
        self._before: Any = None

    def __enter__(self) -> Keyboard:
        if self._file is not None:
            import termios
            import tty

            self._before = termios.tcgetattr(self._file)
            tty.setcbreak(self._file)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._file is not None:
            import termios

            termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)

    def open(self) -> list[int]:
        """Return what select waits for, if there is a keyboard."""
        return [] if self._file is None else [self._file]

    def read(self) -> str:
        """Return a key, "q" at the end of the input."""
        assert self._file is not None
        return os.read(self._file, 1).decode("ascii", "ignore") or "q"

    @contextlib.contextmanager
    def given_back(self) -> Iterator[None]:
        """Let another program have the terminal meanwhile."""
        self.__exit__(None, None, None)
        try:
            yield
        finally:
            self.__enter__()


def why_poll(folder: Path) -> str:
    """Say why a folder's file system may tell of no saves, or return an empty text."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    fields = [line.split() for line in mounts.read_text(errors="replace").splitlines()]
    around = [
        (len(where), kind)
        for _, where, kind, *_ in fields
        if folder.resolve().is_relative_to(where.replace("\\040", " "))
    ]
    kind = max(around, default=(0, ""))[1]
    if not kind.startswith(NO_EVENTS):
        return ""
    system = "WSL" if "microsoft" in platform.release().lower() else "this system"
    return f"{system} does not tell of saves on {kind}"
