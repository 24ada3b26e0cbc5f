"""The coordinator's end: start a zygote, fork cells from it, ask them for observations."""

from __future__ import annotations

import os
import site
import socket
import subprocess
import sys
import tempfile
import time
from typing import IO, Any

from autograder import ROOT
from autograder.cell import wire

START_LIMIT_S = 120.0  # a cold disk may need a minute for torch
END_LIMIT_S = 10.0


class GraderFault(Exception):
    """The grader itself failed: never a zero for a student."""


class Zygote:
    """A process that forks cells. Use as a context manager; `loaded` names the kit's own modules
    that it has imported, as it says itself."""

    def __init__(self, output: IO[bytes] | None = None, warm: bool = True) -> None:
        if not hasattr(os, "fork"):
            raise GraderFault("this system cannot fork processes: on Windows, use WSL")
        ours, theirs = socket.socketpair()
        self._control = ours
        self._folder = tempfile.TemporaryDirectory()
        where: Any = output or subprocess.DEVNULL
        command = [sys.executable, "-u", "-m", "autograder.cell.zygote"]  # -u: prints at once
        self._process = subprocess.Popen(
            [*command, str(theirs.fileno()), "warm" if warm else "cold"],
            stdin=subprocess.DEVNULL,
            stdout=where,
            stderr=where,
            pass_fds=[theirs.fileno()],
            env=_clean_environment(),
            cwd=self._folder.name,
            start_new_session=True,
        )
        theirs.close()
        self.loaded: list[str] | None = None

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        self.close()

    def close(self) -> None:
        """End the zygote, which ends its cells."""
        self._control.close()
        try:
            self._process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def cell(self) -> Cell:
        """Fork a cell."""
        self._wait_until_ready()
        ours, theirs = socket.socketpair()
        try:
            return Cell(self, ours, int(self._request({"do": "cell"}, theirs)["pid"]))
        except GraderFault:
            ours.close()
            raise
        finally:
            theirs.close()

    def kill(self, pid: int) -> None:
        """End a cell and everything it started."""
        self._request({"do": "kill", "pid": pid})

    def _wait_until_ready(self) -> None:
        if self.loaded is None:
            hello = self._receive()
            if "failed" in hello:
                raise GraderFault(f"{hello['failed']} (looked for by {sys.executable})")
            self.loaded = hello["loaded"]

    def _request(self, message: Any, passed: socket.socket | None = None) -> dict[str, Any]:
        try:
            wire.send(self._control, message)
            if passed is not None:
                socket.send_fds(self._control, [b"-"], [passed.fileno()])
        except (OSError, wire.Ended) as error:
            raise GraderFault("the process that judges has ended") from error
        return self._receive()

    def _receive(self) -> dict[str, Any]:
        try:
            reply: dict[str, Any] = wire.receive(self._control, time.monotonic() + START_LIMIT_S)
            return reply
        except (wire.Ended, wire.Broken, TimeoutError) as error:
            raise GraderFault("the process that judges does not answer") from error


class Cell:
    """A process for one submission.

    A request raises TimeoutError past its limit (the cell is then of no use), wire.Ended when the
    process is gone, wire.Broken when it answers nonsense.
    """

    def __init__(self, zygote: Zygote, connection: socket.socket, pid: int) -> None:
        self._zygote = zygote
        self._connection = connection
        self.pid = pid

    def request(self, message: Any, limit: float) -> dict[str, Any]:
        """Send a request and wait `limit` seconds for the reply."""
        deadline = time.monotonic() + limit
        wire.send(self._connection, message, deadline)
        reply = wire.receive(self._connection, deadline)
        if not isinstance(reply, dict):
            raise wire.Broken("a reply is not a mapping")
        return reply

    def close(self) -> None:
        """End the cell."""
        self._connection.close()
        self._zygote.kill(self.pid)


def _clean_environment() -> dict[str, str]:
    """Pass nothing of the coordinator's environment on but what Python and CUDA need to start."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    environment["PYTHONUSERBASE"] = site.getuserbase()  # `pip install --user` without a HOME
    return environment | {"HOME": "/nonexistent", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
