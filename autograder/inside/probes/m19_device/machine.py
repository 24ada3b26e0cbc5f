"""A machine whose time passes only where a probe lets it, perhaps with a GPU.

A submission may have imported a function by its name, so those that such a machine answers are
replaced here, once, before any submission is loaded. While no machine is in use, they are torch's
and Python's own.
"""

from __future__ import annotations

import functools
import importlib
import time
import timeit
from collections.abc import Callable
from typing import Any

import torch

_in_use: list[Machine] = []


class Machine:
    """A clock that stands at 0, and, where there are some, GPUs with nothing to do.

    In its block, `with Machine(has_gpu=True) as machine:`, it answers for time and torch.cuda. The
    GPU that is given work has an index; the current one is 0.
    """

    def __init__(self, has_gpu: bool, index: int = 0) -> None:
        self.reads = 0
        self._has_gpu = has_gpu
        self._index = index
        self._now = 0.0
        self._done_at = 0.0

    def __enter__(self) -> Machine:
        _in_use.append(self)
        return self

    def __exit__(self, *error: object) -> None:
        _in_use.pop()

    def compute(self, seconds: float) -> None:
        """Let the CPU compute."""
        self._now += seconds

    def queue(self, seconds: float) -> None:
        """Let the GPU compute when it has done what it was given before."""
        self._done_at = max(self._now, self._done_at) + seconds

    def perf_counter(self) -> float:
        """Return the seconds of the clock, and count that it was read."""
        self.reads += 1
        return self._now

    def perf_counter_ns(self) -> int:
        """Return the same in nanoseconds."""
        return round(1e9 * self.perf_counter())

    def is_available(self) -> bool:
        """Say whether there is a GPU."""
        return self._has_gpu

    def synchronize(self, device: Any = None) -> None:
        """Wait for a GPU, by default the current one; without one, raise as torch does."""
        if not self._has_gpu:
            raise AssertionError("Torch not compiled with CUDA enabled")
        if device is not None and not isinstance(device, int):
            device = torch.device(device).index
        if (device or 0) == self._index:
            self._now = max(self._now, self._done_at)


class _Answered:
    """A function that the machine in use answers, or else it itself.

    An object, since a function would become a method as an attribute of a class.
    """

    def __init__(self, own: Callable[..., Any]) -> None:
        self._own = own
        functools.update_wrapper(self, own)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        call = getattr(_in_use[-1], self._own.__name__) if _in_use else self._own
        return call(*args, **kwargs)


def _replace(place: Any, *names: str) -> None:
    for name in names:
        setattr(place, name, _Answered(getattr(place, name)))


_replace(time, "perf_counter", "perf_counter_ns")
_replace(torch.cuda, "is_available", "synchronize")
if hasattr(torch, "accelerator"):  # not before torch 2.6
    _replace(torch.accelerator, "is_available", "synchronize")
importlib.reload(timeit)  # its functions have the clock as a default
