"""What calls leave changed behind them: torch's settings, global generators, and what came in."""

from __future__ import annotations

import faulthandler
import random
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd import forward_ad
from torch.nn.modules import module
from torch.optim import optimizer
from torch.utils import _device  # get_default_device() takes longer than all other settings

from autograder.inside.device import generators_in, outside_modes

NOTHING = "nothing"
MOST_READ = 8  # calls with a generator, of one observation: reading NumPy's state takes long
STACK_BYTES = 8 * 2**20  # for a thread; as much as a process has at first
RECURSION_LIMIT = sys.getrecursionlimit()

T = TypeVar("T")

_CPU = torch.device("cpu")
_modes: list[torch.inference_mode] = []  # the setting goes when the object does


def _set_inference_mode(on: bool) -> None:
    mode = torch.inference_mode(on)
    mode.__enter__()
    _modes.append(mode)


def _set_default_device(_: object) -> None:
    torch.set_default_device(None)
    _device.CURRENT_DEVICE = None  # another thread's device, entered by hand, is still there


def _set_dual_level(level: int) -> None:
    while forward_ad._current_level > level:
        forward_ad.exit_dual_level()  # type: ignore[no-untyped-call]


_HOOKS = [
    hooks
    for name, hooks in (*vars(module).items(), *vars(optimizer).items())
    if name.startswith("_global_") and isinstance(hooks, dict)
]


def _hooks() -> dict[int, dict[int, Any]]:
    """Return the hooks that there are, by their place; to copy empty ones would take ten times as
    long as all other settings."""
    if not any(_HOOKS):
        return {}
    return {place: hooks.copy() for place, hooks in enumerate(_HOOKS) if hooks}


def _set_hooks(before: dict[int, dict[int, Any]]) -> None:
    for place, hooks in enumerate(_HOOKS):
        hooks.clear()
        hooks.update(before.get(place, {}))


# name -> how to read it and how to set it
_SETTINGS: Mapping[str, tuple[Callable[[], Any], Callable[[Any], Any]]] = {
    "inference mode": (torch.is_inference_mode_enabled, _set_inference_mode),  # sets grad mode, too
    "grad mode": (torch.is_grad_enabled, torch.set_grad_enabled),
    "default dtype": (torch.get_default_dtype, torch.set_default_dtype),
    "default device": (
        lambda: _device.CURRENT_DEVICE or _CPU,
        _set_default_device,
    ),
    "deterministic algorithms": (
        torch.are_deterministic_algorithms_enabled,
        torch.use_deterministic_algorithms,
    ),
    "anomaly detection": (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    "number of threads": (torch.get_num_threads, torch.set_num_threads),
    "autocast": (
        partial(torch.is_autocast_enabled, "cpu"),
        lambda on: torch.set_autocast_enabled("cpu", on),
    ),
    "autocast on cuda": (
        partial(torch.is_autocast_enabled, "cuda"),
        lambda on: torch.set_autocast_enabled("cuda", on),
    ),
    "dual level": (lambda: forward_ad._current_level, _set_dual_level),
    "hooks of all modules and optimizers": (_hooks, _set_hooks),
    "new parameters at a conversion": (
        torch.__future__.get_overwrite_module_params_on_conversion,
        torch.__future__.set_overwrite_module_params_on_conversion,
    ),
}


_READ = tuple(read for read, _ in _SETTINGS.values())


def call_apart(function: Callable[..., T], *args: Any) -> T:
    """Call a function in a thread of its own, with which torch's modes end that were entered there
    by hand; put back what Python itself keeps, and stop the timers.

    It returns what the function does, or raises the same.
    """

    def called() -> T:
        kept = (sys.excepthook, sys.stdout, sys.stderr)  # a thread starts with no hook of None
        try:
            made = function(*args)
        finally:
            sys.setrecursionlimit(RECURSION_LIMIT)
            sys.excepthook, sys.stdout, sys.stderr = kept
        return made

    threading.stack_size(STACK_BYTES)
    try:
        with warnings.catch_warnings(), ThreadPoolExecutor(1) as thread:
            return thread.submit(called).result()
    finally:
        faulthandler.cancel_dump_traceback_later()
        if hasattr(signal, "setitimer"):  # not Windows
            for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
                signal.setitimer(timer, 0)


class Left:
    """Notes what the calls of one observation leave changed, and puts settings back.

    It begins where it is made, with the settings as they are in a new process, whatever an import
    has left. Of those of no matter to others, nothing is told.
    """

    def __init__(self) -> None:
        sys.setrecursionlimit(RECURSION_LIMIT)
        torch.set_float32_matmul_precision("highest")  # of a GPU, too; to read it may raise
        _put_back(_FRESH)
        self._changed: dict[str, None] = {}
        self._left_to_read = MOST_READ

    def __str__(self) -> str:
        return ", ".join(self._changed) or NOTHING

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function, and note what it leaves changed, also where it raises."""
        settings = _settings()
        arguments = (*args, *kwargs.values())
        with outside_modes():
            came_in = [*_came_in(arguments)]
        numbers = None
        if self._left_to_read and any(generators_in(arguments)):
            self._left_to_read -= 1
            numbers = global_states()
        try:
            return function(*args, **kwargs)
        finally:
            self._note(settings)
            with outside_modes():
                changed = [name for name, it, flag, old in came_in if getattr(it, flag) != old]
            self._changed |= dict.fromkeys(changed)
            if numbers and numbers != global_states():
                self._changed["the global random generators (one was passed)"] = None

    def close(self) -> None:
        """Note what has changed since the start: a method or an iterator may have done it."""
        self._note(_FRESH)

    def _note(self, before: Sequence[Any]) -> None:
        for name, now in _put_back(before).items():
            self._changed[f"{name} ({_written(now)})"] = None


def global_states() -> tuple[object, ...]:
    """Return the states of the global generators of torch, NumPy and Python."""
    numpy_state: Any = np.random.get_state()
    return (
        torch.default_generator.get_state().numpy().tobytes(),
        (numpy_state[1].tobytes(), numpy_state[2:]),
        random.getstate(),
    )


def _settings() -> list[Any]:
    return [read() for read in _READ]


_FRESH = _settings()  # nothing of a submission has run when this module is imported


def _put_back(before: Sequence[Any]) -> dict[str, Any]:
    """Put torch's settings back; return by name what those were that differed."""
    now = _settings()
    if now == before:
        return {}
    changed = {}
    for (name, (_, put)), value, old in zip(_SETTINGS.items(), now, before, strict=True):
        if value != old:
            put(old)
            changed[name] = value
    return changed


def _came_in(arguments: Iterable[Any]) -> Iterator[tuple[str, Any, str, bool]]:
    """Yield what a call must leave of its arguments as it is: a name, a thing, its flag and how
    that is now."""
    flag = "requires_grad"
    for argument in arguments:
        if isinstance(argument, Tensor):
            yield f"{flag} of an argument", argument, flag, argument.requires_grad
        elif isinstance(argument, nn.Module):
            for part in argument.modules():
                yield "the module's mode, train or eval", part, "training", part.training
            for p in argument.parameters():
                yield f"{flag} of the module's parameters", p, flag, p.requires_grad
        elif isinstance(argument, list | tuple):
            yield from _came_in(argument)


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return "changed"
    return ("off", "on")[value] if isinstance(value, bool) else str(value)
