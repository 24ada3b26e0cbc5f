"""The terminal of `descent watch`: pages, and the saves in a folder."""

from __future__ import annotations

import contextlib
import platform
import queue
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.student.lines import COLOURS

DEBOUNCE_MS, STEP_MS = 100, 20  # an editor writes a file in several steps
POLL_MS = 200
MANY = 10_000  # lines of a page that goes into a pipe
LEAST_ROOM = 5
NO_EVENTS = ("nfs", "cifs", "smb", "9p", "drvfs", "fuse.", "vboxsf", "afs")  # kinds of file systems


class Screen:
    """The page of one exercise, in a terminal or a pipe."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console: Any = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)

    @property
    def rows(self) -> int:
        """The lines that fit, without the one in which the cursor stands."""
        return int(self._console.size.height) - 1 if self._console.is_terminal else MANY

    def show(self, lines: Sequence[str], foot: Sequence[str] = (), part: int = 0) -> None:
        """Write a page, and below it the lines that are always seen. Of a page that is too long
        this is a part, counted round and round. The first word of a line has its colour."""
        lines, foot = self._rows_of(lines), self._rows_of(foot)
        room = max(self.rows - len(foot), LEAST_ROOM)
        if len(lines) > room:
            room -= 1
            parts = [lines[first : first + room] for first in range(0, len(lines), room)]
            part %= len(parts)
            lines = [*parts[part], f"(part {part + 1} of {len(parts)}; space shows the next)"]
        self._console.clear()
        for line in [*lines, *foot]:
            label, rest = line[:6], line[6:]
            self._console.print(label, style=COLOURS.get(label.strip()), end="")
            self._console.print(rest)

    def _rows_of(self, lines: Sequence[str]) -> list[str]:
        """Break what is too wide, such as a command, as a terminal would, so that it is counted."""
        columns = int(self._console.size.width) if self._console.is_terminal else MANY
        return [
            line[first : first + columns]
            for line in lines
            for first in range(0, max(len(line), 1), columns)
        ]

    def say(self, text: str) -> None:
        """Write over the line in which the cursor stands, in a terminal."""
        if self._console.is_terminal:
            self._console.file.write(f"\r{text}\x1b[K")
            self._console.file.flush()


class Saves:
    """The saves in a folder, noticed by a thread. Use as a context manager."""

    def __init__(self, folder: Path, poll: bool) -> None:
        self._folder, self._poll = folder, poll
        self._stop = threading.Event()
        self._saved: queue.SimpleQueue[set[str]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Saves:
        self._thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._stop.set()
        self._thread.join()

    def modules(self, wait_s: float) -> set[str]:
        """Return the modules that were saved since the last call; wait for one if there is none."""
        saved: set[str] = set()
        with contextlib.suppress(queue.Empty):
            saved |= self._saved.get(timeout=wait_s)
            while True:
                saved |= self._saved.get_nowait()
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
            self._saved.put({Path(path).stem for _, path in found})


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
