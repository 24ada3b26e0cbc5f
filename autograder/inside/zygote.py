"""The zygote: a process that has imported torch and forks a cell for each submission.

It is exec'd by the coordinator with an empty environment and knows nothing but the code beside the
submission: no solution, no mistake, no hidden given. Requests come on a socket: `cell` (with the
cell's own socket as a file descriptor) forks, `end` ends a cell and everything it started.
"""

from __future__ import annotations

import array
import contextlib
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.inside import limits, sandbox, wire
from autograder.inside.warm import get_ready, serve_submission


@dataclass
class ForkServer:
    """What all cells of this process have in common; `cells` are the folders of the living."""

    control: socket.socket
    level: sandbox.Level
    cuda: bool
    cells: dict[int, str] = field(default_factory=dict)

    def serve(self) -> None:
        """Serve requests until the coordinator closes its end; leave no cell behind."""
        try:
            while True:
                request, descriptor = _receive(self.control)
                if request["do"] == "cell" and descriptor is not None:
                    pid = self._cell(descriptor, request["readable"])
                    wire.send(self.control, {"pid": pid})
                elif request["do"] == "end" and request["pid"] in self.cells:
                    ended_by = _ended_by(request["pid"]) if request["has_ended"] else 0
                    self._end(request["pid"])
                    wire.send(self.control, {"signal": ended_by})
        except wire.Ended:
            for pid in list(self.cells):
                self._end(pid)

    def _cell(self, descriptor: int, readable: list[str]) -> int:
        """Fork a cell that may read these places, and return its process id.

        At level full the child only enters the namespaces and forks the cell into them; when it
        has ended, the cell is this process's own child.
        """
        folder = sandbox.make_folder(self.level)
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            self._become_cell(descriptor, folder, (read_end, write_end), readable)
        os.close(descriptor)
        os.close(write_end)
        with open(read_end, "rb") as pipe:
            inner = pipe.read(4)
        if self.level == "full":
            os.waitpid(child, 0)
        pid = struct.unpack("i", inner)[0] if inner else child
        self.cells[pid] = folder
        return int(pid)

    def _become_cell(
        self, descriptor: int, folder: str, pipe: tuple[int, int], readable: list[str]
    ) -> None:
        connection = socket.socket(fileno=descriptor)
        read_end, write_end = pipe
        try:
            os.close(read_end)
            self.control.close()
            if self.level == "full":
                sandbox.enter_namespaces()
                if pid := os.fork():
                    os.write(write_end, struct.pack("i", pid))
                    os._exit(0)
            os.close(write_end)
            sandbox.enter(self.level, folder, self.cuda, readable)
            connection.sendall(sandbox.READY)
        except BaseException as error:
            answer = sandbox.REFUSED if sandbox.is_refusal(error) else sandbox.NOT_READY
            connection.sendall(answer + f"{type(error).__name__}: {error}".encode())
            os._exit(1)
        try:
            serve_submission(connection)
        finally:
            os._exit(0)

    def _end(self, pid: int) -> None:
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
        sandbox.remove_folder(self.cells.pop(pid))


def _ended_by(pid: int) -> int:
    """Return the signal that has ended a cell, whose socket is shut; 0 for none, and for one that
    lives on."""
    with contextlib.suppress(OSError, AttributeError):  # a kernel or a Python without pidfds
        descriptor = os.pidfd_open(pid)
        select.select([descriptor], [], [], limits.SEEN_ENDED_S)
        os.close(descriptor)
    with contextlib.suppress(ChildProcessError):
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is not None and ended.si_code != os.CLD_EXITED:
            return int(ended.si_status)
    return 0


def main(control_fd: int, level: sandbox.Level, options: Sequence[str]) -> None:
    """Import what cells need, tell the coordinator, and serve."""
    control = socket.socket(fileno=control_fd)
    try:
        sandbox.prepare(level)
    except OSError as error:
        if not sandbox.is_refusal(error):
            raise
        wire.send(control, {"refused": str(error)})
        return
    if get_ready(control, options):
        ForkServer(control, level, "cuda" in options).serve()


def _receive(control: socket.socket) -> tuple[dict[str, Any], int | None]:
    """Receive a request; a `cell` request is followed by one byte that carries the descriptor."""
    request: dict[str, Any] = wire.receive(control)
    if request["do"] != "cell":
        return request, None
    descriptors = array.array("i")
    _, ancillary, _, _ = control.recvmsg(1, socket.CMSG_LEN(descriptors.itemsize))
    for level, kind, body in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(body[: descriptors.itemsize])
    return request, descriptors[0] if descriptors else None


if __name__ == "__main__":
    _, fd, name, *options = sys.argv
    main(int(fd), sandbox.level(name), options)
