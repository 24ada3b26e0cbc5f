"""Measure a sandbox from inside: the grader's own cell tries what a submission might try."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.inside import KIT


def what_can_be_done(places: Mapping[str, Any]) -> dict[str, bool]:
    """Say of each thing that a submission must not do whether it can be done here.

    `places` names what only the coordinator knows: `canary` (a file beside its own), `pid` (its
    process), `answers` (files that hold answers) and `covered` (some of submissions and results).
    """
    attempts: dict[str, Callable[[], object]] = {
        "reads_answers": lambda: _read_any(places["answers"]),
        "reads_the_graders_files": lambda: Path(places["canary"]).read_bytes(),
        "reads_submissions": lambda: _see_any(places["covered"]),
        "opens_sockets": lambda: socket.socket().close(),
        "starts_processes": _fork,
        "executes_programs": _execute,
        "signals_other_processes": lambda: _signal(places["pid"]),
        "owns_signals_of_files": lambda: _own(places["pid"]),
        "writes_into_the_kit": lambda: _write(Path(__file__), KIT / "written", __file__ + ".new"),
        "writes_beside_the_grader": lambda: Path(places["canary"]).open("ab").close(),
        "empties_files": lambda: os.truncate(places["canary"], os.stat(places["canary"]).st_size),
        "writes_into_packages": lambda: _write(os.__file__, os.__file__ + ".new"),
        "locks_records": _lock,
    }
    return {name: _succeeds(attempt) for name, attempt in attempts.items()}


def cuda_works() -> bool:
    """Say whether a tensor can be made on CUDA in here."""
    import torch

    return _succeeds(lambda: torch.zeros(1, device="cuda").item())


def _read_any(paths: list[str]) -> None:
    """Read one of these files; raise PermissionError where none can be read."""
    for path in paths:
        with contextlib.suppress(OSError):
            Path(path).read_bytes()
            return
    raise PermissionError


def _see_any(paths: list[str]) -> None:
    """Open one of these files, or list it in its folder; PermissionError where none can be seen."""
    for path in paths:
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)))
            return
        folder, name = os.path.split(path)
        with contextlib.suppress(OSError):
            if name in os.listdir(folder):
                return
    raise PermissionError


def _write(*paths: Path | str) -> None:
    """Open one of these files for writing, and remove it again if it is new."""
    opened = 0
    for path in map(Path, paths):
        with contextlib.suppress(OSError):
            new = not path.exists()
            path.open("ab").close()
            opened += 1
            if new:
                path.unlink()
    if not opened:
        raise PermissionError


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, RuntimeError, AssertionError):
        return False
    return True


def _signal(pid: int) -> None:
    """Signal a process; on Windows, where 0 would be Ctrl-C, nothing keeps one from ending it."""
    if os.name == "posix":
        os.kill(pid, 0)


def _own(pid: int) -> None:
    """Make a process the owner of a pipe, whom the kernel signals when something is written."""
    fcntl = _fcntl()
    reading, writing = os.pipe()
    try:
        fcntl.fcntl(reading, fcntl.F_SETOWN, pid)
    finally:
        os.close(reading)
        os.close(writing)


def _lock() -> None:
    """Lock a record of a file: a cell could take any number, and no limit counts them."""
    with tempfile.TemporaryFile() as file:
        fcntl = _fcntl()
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _fcntl() -> Any:
    try:
        import fcntl
    except ImportError:  # Windows has none of it
        raise PermissionError from None
    return fcntl


def _fork() -> None:
    """Start a process; where there is no fork, that is to execute a program."""
    if not hasattr(os, "fork"):
        _execute()
    elif (pid := os.fork()) == 0:
        os._exit(0)
    else:
        os.waitpid(pid, 0)


def _execute() -> None:
    """Ask for a program that does not exist: where programs may run, it is only not found."""
    with contextlib.suppress(FileNotFoundError):
        os.execv("/nonexistent/program", ["program"])
