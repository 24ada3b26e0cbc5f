"""Lines of a page: labels, their colours, and how wide a line may be."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence

WIDTH = 80  # of texts; a notebook sets its own
CODE_WIDTH = 80
LEAST_WIDTH = 30
COLOURS = {
    "FAIL": "red",
    "PASS": "green",
    "NEXT": "cyan",
    "WHY": "yellow",
    "HINT": "yellow",
}


def width(most: int | None = None) -> int:
    """Return the columns of a page: those of the terminal, at most so many, by default WIDTH."""
    most = most or WIDTH
    return max(LEAST_WIDTH, min(most, shutil.get_terminal_size((most, 24)).columns))


def wrap(line: str, columns: int, indent: str = "") -> list[str]:
    """Break a line between its words; what follows begins with an indent."""
    return textwrap.wrap(
        line, columns, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )


def frame_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that led to an exception; code that is too wide is cut, as is its caret."""
    carets = [line.find("^") for line in lines if line.startswith("  ") and not line.strip(" ~^")]
    columns = width(CODE_WIDTH) - 6
    beyond = max([at - columns // 2 for at in carets if at > columns - 6], default=0)
    label = "AT"
    for line in lines:
        if line.startswith("  ") and beyond:
            line = "  " + line[2 + beyond :]
        for part in [line[:columns]] if line.startswith("  ") else wrap(line, columns):
            yield f"{label:<6}{part}"
            label = ""


def block(label: str, text: str) -> Iterator[str]:
    """Yield the lines of a text behind a label."""
    for line in text.splitlines():
        wrapped = wrap(line, width() - 6) or [""]
        for part in wrapped:
            yield f"{label:<6}{part}"
            label = ""
