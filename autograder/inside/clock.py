"""The grader's own time: it passes only while this process runs.

A limit by the clock on the wall is there for code that waits. When everything stands still (a
stopped process, a frozen machine), nobody has waited: of each such pause a STEP_S counts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeAlias

STEP_S = 0.5  # nobody who waits looks less often than this

Left: TypeAlias = Callable[[], float]  # the seconds that are left; TimeoutError when none are

_lock = threading.Lock()
_looked_at = time.monotonic()
_now = 0.0


def now() -> float:
    """Return the seconds in which this process ran, from some moment on."""
    global _looked_at, _now
    with _lock:
        clock = time.monotonic()
        _now += min(clock - _looked_at, 2 * STEP_S)
        _looked_at = clock
        return _now


def timer(limit: float) -> Left:
    """Start `limit` seconds."""
    end = now() + limit

    def left() -> float:
        seconds = end - now()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    return left
