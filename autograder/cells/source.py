"""Where cells come from: forked from a zygote, or spare processes where nothing can be forked."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import IO, TypeAlias

from autograder.cells.forking import Zygote
from autograder.cells.host import GraderFault
from autograder.cells.spares import Spares
from autograder.inside.sandbox import Level
from autograder.inside.warm import OPTIMIZERS

# Windows has no fork; after one, the libraries of macOS may crash (Python's docs, multiprocessing).
FORKS = hasattr(os, "fork") and sys.platform != "darwin"

CellSource: TypeAlias = Zygote | Spares


def cell_source(
    output: IO[bytes] | None = None,
    warm: Sequence[str] = OPTIMIZERS,
    level: Level = "basic",
    cuda: bool = False,
    covered: Sequence[str] = (),
) -> CellSource:
    """Start what cells come from here; what they print goes to `output`. Above level basic they
    see nothing of the folders that are `covered`.

    What is `warm`, slow parts of torch, it imports once, and then no cell has to: `optimizers`
    take two seconds, `export` one more.
    """
    if FORKS:
        return Zygote(output, warm, level, cuda, covered)
    if level != "basic":
        raise GraderFault(f"level {level} needs a system that forks processes")
    return Spares(output, warm, cuda)
