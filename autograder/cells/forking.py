"""The coordinator's end of the zygote: start it, fork cells from it, end them."""

from __future__ import annotations

import contextlib
import functools
import socket
import struct
import threading
from collections.abc import Sequence
from typing import IO, Any

from autograder.cells import room
from autograder.cells.client import Cell
from autograder.cells.host import NO_REPLY, START_LIMIT_S, GraderFault, Host, Refused, flags
from autograder.inside import clock, sandbox, wire
from autograder.inside.sandbox import Level
from autograder.inside.warm import OPTIMIZERS

_SO_PASSCRED = getattr(socket, "SO_PASSCRED", None)  # Linux


class Zygote(Host):
    """A process that forks cells, for any number of threads. Use as a context manager."""

    def __init__(
        self,
        output: IO[bytes] | None = None,
        warm: Sequence[str] = OPTIMIZERS,
        level: Level = "basic",
        cuda: bool = False,
        covered: Sequence[str] = (),
    ) -> None:
        """Start it, `warm` with these slow parts of torch; its cells see nothing of what is
        `covered`, except at level basic."""
        self.level = level
        self._readable = room.readable(covered) if level == "container" else []
        self._one_at_a_time = threading.Lock()
        self._control, theirs = socket.socketpair()
        options = [str(theirs.fileno()), level, *flags(warm, cuda)]
        super().__init__(
            ["autograder.inside.zygote", *options],
            output,
            inside=room.command(cuda, covered) if level == "full" else (),
            passed=[theirs.fileno()],
        )
        theirs.close()

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        self.close()

    def stop(self) -> None:
        """Let go of the zygote, which ends itself and its cells; whoever waits for it is told."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the zygote, which ends its cells."""
        self._control.close()
        # it would notice only after its imports, and has no cell to end
        self._end_process(at_once=self.loaded is None)

    def cell(self) -> Cell:
        """Fork a cell."""
        with self._one_at_a_time:
            self.wait_until_ready()
        ours, theirs = socket.socketpair()
        if _SO_PASSCRED is not None:
            ours.setsockopt(socket.SOL_SOCKET, _SO_PASSCRED, 1)
        try:
            wanted = {"do": "cell", "readable": self._readable}
            pid = self._request(wanted, "pid", theirs)
            theirs.close()  # so that the end of the cell is the end of its stream
            return Cell(ours, functools.partial(self._end_cell, pid), _meet(ours))
        except GraderFault:
            ours.close()
            raise
        finally:
            theirs.close()

    def _end_cell(self, pid: int, has_ended: bool) -> int:
        """End a cell and everything it started; return by which signal it had ended before."""
        return self._request({"do": "end", "pid": pid, "has_ended": has_ended}, "signal")

    def _hello(self) -> dict[str, Any]:
        reply: dict[str, Any] = wire.receive(self._control, clock.timer(START_LIMIT_S))
        return reply

    def _request(self, message: Any, wanted: str, passed: socket.socket | None = None) -> int:
        """Send a request and return the number that is wanted of the reply."""
        with self._one_at_a_time:
            try:
                wire.send(self._control, message)
                if passed is not None:
                    socket.send_fds(self._control, [b"-"], [passed.fileno()])
            except (OSError, wire.Ended) as error:
                raise GraderFault("the process that judges has ended") from error
            try:
                return int(self._hello()[wanted])
            except (*NO_REPLY, KeyError, TypeError, ValueError) as error:
                raise GraderFault("the process that judges does not answer") from error


def _meet(connection: socket.socket) -> int | None:
    """Wait until the sandbox of a cell is shut; return the cell's process, where the kernel tells.

    Nothing of the submission has run yet, so the process that the kernel names as the sender
    is the cell.
    """
    left = clock.timer(START_LIMIT_S)
    try:
        hello, ancillary, _, _ = wire.patiently(
            connection, left, lambda: connection.recvmsg(1_000, socket.CMSG_SPACE(12))
        )
    except (TimeoutError, wire.Ended) as error:
        raise GraderFault("a cell does not start") from error
    if hello != sandbox.READY:
        kind = Refused if hello.startswith(sandbox.REFUSED) else GraderFault
        reason = hello[1:].decode("utf-8", "replace") or "it ended before it was ready"
        raise kind(f"a cell does not start: {reason}")
    if _SO_PASSCRED is not None:
        connection.setsockopt(socket.SOL_SOCKET, _SO_PASSCRED, 0)
    for _, _, body in ancillary:
        return int(struct.unpack("iii", body)[0])
    return None
