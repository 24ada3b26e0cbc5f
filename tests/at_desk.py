"""`pytest exercises/` in the process of the tests, so that no Python has to start for it.

For a student it is a process of its own: tests/test_student_door.py tries it in this form, too.
"""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from autograder.student import progress

from .samples import ACTIVATED


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
