"""The student's desk in the process of the tests: no Python starts, and none imports torch.

The cells are real ones, forked from one zygote that all desks share. For a student each command is
a process of its own: tests/test_student_door.py and others try it in this form, too.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest

from autograder.cells.forking import Zygote
from autograder.student import desk, progress

from .samples import ACTIVATED


class SharedZygote(Zygote):
    """A zygote at the level of a desk, which a desk that is closed leaves to the next one."""

    def __init__(self) -> None:
        self._printed = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed in end()
        super().__init__(self._printed, level=desk._level())

    def close(self) -> None:
        """Stay for the next desk."""

    def end(self) -> None:
        """End it and its cells."""
        super().close()
        self._printed.close()

    def lend(self, patch: pytest.MonkeyPatch) -> None:
        """Let every desk fork its cells from here."""
        patch.setattr(desk, "cell_source", lambda *_, **__: self)
        patch.setattr(desk, "tempfile", SimpleNamespace(TemporaryFile=self._output))

    def _output(self, buffering: int) -> IO[bytes]:
        """Return the file that cells print to, emptied: theirs and the desk's have one place."""
        self._printed.seek(0)
        self._printed.truncate()
        return os.fdopen(os.dup(self._printed.fileno()), "r+b", buffering=buffering)


def pytest_here(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a copy as a student does, but in this process."""
    printed, told = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed), redirect_stderr(told):
        patch.chdir(folder)
        patch.setenv("PATH", ACTIVATED["PATH"])
        patch.setattr(sys, "path", [*sys.path])
        patch.delitem(sys.modules, "conftest", raising=False)  # of another copy
        patch.setattr(progress, "_told", set())
        status = pytest.main([*arguments])
    return subprocess.CompletedProcess(arguments, int(status), printed.getvalue(), told.getvalue())
