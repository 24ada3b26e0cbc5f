"""The coordinator's end of a cell: ask the process of a submission for observations."""

from __future__ import annotations

import contextlib
import math
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.inside import clock, wire

SEND_LIMIT_S = 30.0  # for a request, which a cell that waits for one takes at once
SLICE_S = 0.05  # how often a cell's processor time is looked at when it nears its limit


class CpuTimeout(TimeoutError):
    """A request used more processor time than it may."""


class Cell:
    """A process for one submission.

    A request raises TimeoutError past its limit (the cell is then of no use), wire.Ended when the
    process is gone, wire.BadFrame when it answers nonsense. `waited` counts the seconds for which
    replies were waited for.
    """

    def __init__(
        self,
        connection: socket.socket,
        end: Callable[[bool], int],
        pid: int | None = None,
    ) -> None:
        """`end` ends the process, and returns by which signal it had ended before, if it is told
        that it seems to have done so; `pid` is the process, where the system has clocks of it."""
        self._connection = connection
        self._end = end
        self._pid = pid
        self._in_flight = 0
        self.waited = 0.0
        self._began_at = self.cpu_time()
        self._stood = dict[str, float]()  # in a queue for a processor: seconds, by thread

    def request(self, message: Any, limit: float, cpu_limit: float | None = None) -> dict[str, Any]:
        """Send a request and wait for the reply."""
        self.ask(message)
        return self.reply(limit, cpu_limit)

    def ask(self, message: Any) -> None:
        """Send a request; the cell works on it when it has answered those before."""
        if self._pid is None and not self._in_flight:  # it has waited: that is no processor time
            self._began_at = self.cpu_time()
        self._in_flight += 1
        wire.send(self._connection, message, clock.timer(SEND_LIMIT_S))

    def reply(self, limit: float, cpu_limit: float | None = None) -> dict[str, Any]:
        """Wait for the reply to the oldest request: `limit` seconds from now on, but for those in
        which the cell stood in a queue for a processor, and no more than `cpu_limit` seconds of
        its processor time since the reply before (CpuTimeout)."""
        left = self._timer(limit, cpu_limit)
        reply = wire.receive(self._connection, left)
        left()  # what was spent up to the last byte counts, too
        self._in_flight -= 1
        self._began_at = self.cpu_time()
        if not isinstance(reply, dict):
            raise wire.BadFrame("a reply is not a mapping")
        return reply

    def close(self, has_ended: bool = False) -> int:
        """End the cell. If it `has_ended` before, return by which signal; 0 for none."""
        self._connection.close()
        return self._end(has_ended)

    def cpu_time(self) -> float:
        """Return the seconds of processor time of the cell; where they are not known, all time."""
        if self._pid is None:
            return clock.now()
        try:  # clock_getcpuclockid(3): the time of all its threads
            return time.clock_gettime((~self._pid << 3) | 2)
        except OSError:  # it has ended
            return 0.0

    def _timer(self, limit: float, cpu_limit: float | None) -> clock.Left:
        """Return the function that says for how long to wait before it is asked again."""
        end = self.waited + limit
        looked_at = clock.now()

        def left() -> float:
            nonlocal looked_at
            cpu_left = math.inf
            if cpu_limit is not None:
                cpu_left = cpu_limit - (self.cpu_time() - self._began_at)
            if (now := clock.now()) - looked_at >= SLICE_S:
                # most replies take less than a slice: what was before this wait counts in its first
                before, self._stood = self._stood, self._queued()
                stood = [self._stood[one] - before.get(one, 0.0) for one in self._stood]
                self.waited += max(0.0, now - looked_at - max(stood, default=0.0))
                looked_at = now
            if cpu_left <= 0:
                raise CpuTimeout
            if self.waited >= end:
                raise TimeoutError
            return min(max(cpu_left, SLICE_S), end - self.waited)

        return left

    def _queued(self) -> dict[str, float]:
        """Return, for each thread of the cell, the seconds for which it has stood in a queue for a
        processor: an import, and much else, runs in another thread than the first.

        Linux: the second number of schedstat (Documentation/scheduler/sched-stats.rst).
        """
        found = dict[str, float]()
        with contextlib.suppress(OSError):
            for thread in os.listdir(place := f"/proc/{self._pid}/task"):
                with contextlib.suppress(OSError, IndexError, ValueError):
                    told = Path(place, thread, "schedstat").read_text("ascii")
                    found[thread] = int(told.split()[1]) / 1e9
        return found
