"""Zygotes that tests share: to import torch takes a process seconds, to fork a cell takes none.

The cells are real ones. What is about the start or the end of a zygote starts its own.
"""

from __future__ import annotations

import os
import tempfile
from types import SimpleNamespace
from typing import IO

import pytest

from autograder.cells import isolation, source
from autograder.cells.forking import Zygote
from autograder.cells.source import CellSource
from autograder.student import desk


class SharedZygote(Zygote):
    """A zygote that stays for the next test when it is closed, unless it was stopped."""

    stopped = False

    def stop(self) -> None:
        """Let go of it at once: it is shared no more."""
        self.stopped = True
        super().stop()

    def close(self) -> None:
        """Stay, or end what was stopped."""
        if self.stopped:
            self.end()

    def end(self) -> None:
        """End it and its cells."""
        super().close()


class Shared:
    """The zygote of desks, and that of graders at level basic; each starts when it is needed."""

    def __init__(self) -> None:
        self._at_desk: SharedZygote | None = None
        self._of_graders: SharedZygote | None = None
        self._printed = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed in end()

    def lend(self, patch: pytest.MonkeyPatch) -> None:
        """Let desks and graders of this process fork their cells from here."""
        patch.setattr(desk, "cell_source", self._desks)
        patch.setattr(desk, "tempfile", SimpleNamespace(TemporaryFile=self._output))
        patch.setattr(isolation, "cell_source", self._graders)

    def end(self) -> None:
        """End them."""
        for zygote in filter(None, (self._at_desk, self._of_graders)):
            zygote.end()
        self._printed.close()

    def _desks(self, *_: object, **__: object) -> Zygote:
        if self._at_desk is None or self._at_desk.stopped:
            self._at_desk = SharedZygote(self._printed, level=desk._level())
        return self._at_desk

    def _graders(self, level: str, cuda: bool, **options: object) -> CellSource:
        if level != "basic" or cuda:
            return source.cell_source(level=level, cuda=cuda, **options)  # type: ignore[arg-type]
        if self._of_graders is None or self._of_graders.stopped:
            self._of_graders = SharedZygote(warm=())
        return self._of_graders

    def _output(self, buffering: int) -> IO[bytes]:
        """Return the file that cells print to, emptied: theirs and the desk's have one place."""
        self._printed.seek(0)
        self._printed.truncate()
        return os.fdopen(os.dup(self._printed.fileno()), "r+b", buffering=buffering)
