"""A real kernel, as a notebook's page has one, and the cells of a notebook that run in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.manager import start_new_kernel

LONGEST_S = 300.0  # of a cell, on a machine that does much else


@dataclass(frozen=True)
class Ran:
    """What came of a cell: all that it printed, the name of its exception, the cell it asks for."""

    printed: str
    error: str | None
    next_cell: str | None


@contextmanager
def kernel(folder: Path) -> Iterator[Callable[[str], Ran]]:
    """Start a kernel in a folder, and give what runs a cell in it."""
    manager, client = start_new_kernel(startup_timeout=LONGEST_S, cwd=str(folder))

    def run(code: str) -> Ran:
        printed: list[str] = []

        def collect(message: Any) -> None:
            content = message["content"]
            printed.append(content.get("text", "") or "".join(content.get("data", {})))

        reply = client.execute_interactive(
            code, allow_stdin=False, timeout=LONGEST_S, output_hook=collect
        )["content"]
        asked = [
            one["text"] for one in reply.get("payload", ()) if one["source"] == "set_next_input"
        ]
        return Ran("".join(printed), reply.get("ename"), asked[-1] if asked else None)

    try:
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def code_cells(notebook: Path) -> list[str]:
    """Return the cells of a notebook that hold code."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
