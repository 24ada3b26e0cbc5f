"""The coordinator's end: start a zygote, fork cells from it, ask them for observations."""

from __future__ import annotations

import contextlib
import math
import os
import site
import socket
import struct
import subprocess
import sys
import tempfile
import time
from typing import IO, Any

from autograder import ROOT
from autograder.cell import sandbox, wire
from autograder.cell.sandbox import Level

START_LIMIT_S = 120.0  # a cold disk may need a minute for torch
END_LIMIT_S = 10.0
SLICE_S = 0.05  # how often a cell's processor time is looked at when it nears its limit

_SO_PASSCRED = getattr(socket, "SO_PASSCRED", None)  # Linux


class GraderFault(Exception):
    """The grader itself failed: never a zero for a student."""


class CpuTimeout(TimeoutError):
    """A request used more processor time than it may."""


class Zygote:
    """A process that forks cells. Use as a context manager; `loaded` names the kit's own modules
    that it has imported, as it says itself."""

    def __init__(
        self,
        output: IO[bytes] | None = None,
        warm: bool = True,
        level: Level = "basic",
        cuda: bool = False,
    ) -> None:
        if not hasattr(os, "fork"):
            raise GraderFault("this system cannot fork processes: on Windows, use WSL")
        ours, theirs = socket.socketpair()
        self.level = level
        self._control = ours
        self._folder = tempfile.mkdtemp()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        arguments = [str(theirs.fileno()), level, *["warm"] * warm, *["cuda"] * cuda]
        command = [sys.executable, "-u", "-m", "autograder.cell.zygote", *arguments]
        self._process = subprocess.Popen(  # -u: prints at once
            [*(sandbox.command(cuda) if level == "full" else ()), *command],
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=[theirs.fileno()],
            env=_clean_environment() | {"TMPDIR": self._folder},
            cwd=self._folder,
            start_new_session=True,
        )
        theirs.close()
        self.loaded: list[str] | None = None
        self._failed: str | None = None

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process that was started: the zygote, or at level full what keeps it in."""
        return self._process.pid

    def stop(self) -> None:
        """Let go of the zygote, which ends itself and its cells; whoever waits for it is told."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the zygote, which ends its cells."""
        self._control.close()
        if self.loaded is None:  # it would notice only after its imports, and has no cell to end
            self._process.kill()
        try:
            self._process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()
        sandbox.remove_folder(self._folder)

    def cell(self) -> Cell:
        """Fork a cell."""
        self.wait_until_ready()
        ours, theirs = socket.socketpair()
        if _SO_PASSCRED is not None:
            ours.setsockopt(socket.SOL_SOCKET, _SO_PASSCRED, 1)
        try:
            pid = int(self._request({"do": "cell"}, theirs)["pid"])
            theirs.close()  # so that the end of the cell is the end of its stream
            return Cell(self, ours, pid)
        except GraderFault:
            ours.close()
            raise
        finally:
            theirs.close()

    def kill(self, pid: int) -> None:
        """End a cell and everything it started."""
        self._request({"do": "kill", "pid": pid})

    def wait_until_ready(self) -> None:
        """Wait for the imports; GraderFault with the reason when they fail."""
        if self._failed:
            raise GraderFault(self._failed)
        if self.loaded is None:
            try:
                hello = self._receive()
            except GraderFault as fault:
                raise GraderFault(f"{fault}{self._last_words()}") from fault
            if "failed" in hello:
                self._failed = f"{hello['failed']} (looked for by {sys.executable})"
                raise GraderFault(self._failed)
            self.loaded = hello["loaded"]

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read(100_000).decode("utf-8", "replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return f": {said[-1]}" if said else ""

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
        self._clock = self._meet()

    def request(self, message: Any, limit: float, cpu_limit: float | None = None) -> dict[str, Any]:
        """Send a request and wait for the reply: `limit` seconds by the clock on the wall, and no
        more than `cpu_limit` seconds of the cell's processor time (CpuTimeout)."""
        deadline = time.monotonic() + limit
        wire.send(self._connection, message, deadline)
        self._wait(deadline, cpu_limit)
        reply = wire.receive(self._connection, deadline)
        if not isinstance(reply, dict):
            raise wire.Broken("a reply is not a mapping")
        return reply

    def close(self) -> None:
        """End the cell."""
        self._connection.close()
        self._zygote.kill(self.pid)

    def _meet(self) -> int | None:
        """Wait until the sandbox is shut; return the clock of the cell's processor time.

        Nothing of the submission has run yet, so the process that the kernel names as the sender
        is the cell.
        """
        self._connection.settimeout(START_LIMIT_S)
        try:
            hello, ancillary, _, _ = self._connection.recvmsg(1_000, socket.CMSG_SPACE(12))
        except OSError as error:
            raise GraderFault("a cell does not start") from error
        if hello != sandbox.READY:
            raise GraderFault(f"a cell does not start: {hello[1:].decode('utf-8', 'replace')}")
        if _SO_PASSCRED is not None:
            self._connection.setsockopt(socket.SOL_SOCKET, _SO_PASSCRED, 0)
        for _, _, body in ancillary:
            pid = int(struct.unpack("iii", body)[0])
            return (~pid << 3) | 2  # clock_getcpuclockid(3): the time of all its threads
        return None

    def _wait(self, deadline: float, cpu_limit: float | None) -> None:
        """Wait until a reply begins."""
        start = self._cpu_time()
        while True:
            left = math.inf if cpu_limit is None else cpu_limit - (self._cpu_time() - start)
            if left <= 0:
                raise CpuTimeout
            pause = min(max(left, SLICE_S), deadline - time.monotonic())
            if pause <= 0:
                raise TimeoutError
            self._connection.settimeout(pause)
            try:
                self._connection.recv(1, socket.MSG_PEEK)
                return
            except TimeoutError:
                continue
            except OSError as error:
                raise wire.Ended from error

    def _cpu_time(self) -> float:
        """Return the seconds of processor time of the cell; where they are not known, all time."""
        if self._clock is None:
            return time.monotonic()
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # it has ended
            return 0.0


def _clean_environment() -> dict[str, str]:
    """Pass nothing of the coordinator's environment on but what Python and CUDA need to start."""
    kept = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    environment["PYTHONUSERBASE"] = site.getuserbase()  # `pip install --user` without a HOME
    return environment | {"HOME": "/nonexistent", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
