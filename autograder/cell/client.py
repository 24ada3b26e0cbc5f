"""The coordinator's end of a cell: ask the process of a submission for observations."""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Callable
from typing import Any

from autograder.cell import wire

SEND_LIMIT_S = 30.0  # for a request, which a cell that waits for one takes at once
SLICE_S = 0.05  # how often a cell's processor time is looked at when it nears its limit


class CpuTimeout(TimeoutError):
    """A request used more processor time than it may."""


class Cell:
    """A process for one submission.

    A request raises TimeoutError past its limit (the cell is then of no use), wire.Ended when the
    process is gone, wire.Broken when it answers nonsense.
    """

    def __init__(
        self, connection: socket.socket, end: Callable[[], object], clock: int | None = None
    ) -> None:
        """`end` ends the process; `clock` is the clock of its processor time, where there is one
        (time.clock_gettime)."""
        self._connection = connection
        self._end = end
        self._clock = clock
        self._in_flight = 0
        self._began_at = 0.0

    def request(self, message: Any, limit: float, cpu_limit: float | None = None) -> dict[str, Any]:
        """Send a request and wait for the reply."""
        self.ask(message)
        return self.reply(limit, cpu_limit)

    def ask(self, message: Any) -> None:
        """Send a request; the cell works on it when it has answered those before."""
        if not self._in_flight:
            self._began_at = self._cpu_time()
        self._in_flight += 1
        wire.send(self._connection, message, time.monotonic() + SEND_LIMIT_S)

    def reply(self, limit: float, cpu_limit: float | None = None) -> dict[str, Any]:
        """Wait for the reply to the oldest request: `limit` seconds by the clock on the wall from
        now on, and no more than `cpu_limit` seconds of the cell's processor time (CpuTimeout)."""
        deadline = time.monotonic() + limit
        self._wait(deadline, cpu_limit)
        reply = wire.receive(self._connection, deadline)
        self._in_flight -= 1
        self._began_at = self._cpu_time()
        if not isinstance(reply, dict):
            raise wire.Broken("a reply is not a mapping")
        return reply

    def close(self) -> None:
        """End the cell."""
        self._connection.close()
        self._end()

    def _wait(self, deadline: float, cpu_limit: float | None) -> None:
        """Wait until a reply begins."""
        while True:
            used = self._cpu_time() - self._began_at
            left = math.inf if cpu_limit is None else cpu_limit - used
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
