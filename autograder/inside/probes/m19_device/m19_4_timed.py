"""Probes of timed and worth_gpu."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m19_device.machine import Machine
from autograder.inside.probes.tools import kind_of, number_of

# All times are whole numbers of these: sums of them are exact, in nanoseconds as well.
_TICK_S = 2.0**-9


@probe("cpu")
def timed_cpu(impl: Implementation, given: Given) -> Facts:
    """Calls of drawn durations on the CPU, of which the first ones take longer."""
    return _timed(impl, given, has_gpu=False)


@probe("gpu")
def timed_gpu(impl: Implementation, given: Given) -> Facts:
    """Calls that are over at once, while the GPU has work for drawn durations."""
    return _timed(impl, given, has_gpu=True)


@probe("here")
def timed_here(impl: Implementation, given: Given) -> Facts:
    """Calls with this machine's own clock; on a GPU each keeps it busy for 5 ms or more."""
    x, calls = given.randn(given.n, given.n), list[None]()

    def fn() -> None:
        calls.append(None)
        torch.cuda._sleep(20_000_000) if x.is_cuda else x @ x

    seconds = number_of(impl.timed(fn, x.device, given.warmup, given.repeats))
    least = 0.003 if x.is_cuda else 0.0
    enough = isinstance(seconds, float) and seconds >= least
    return {"calls of fn": len(calls), "seconds": "enough" if enough else "too few"}


@probe("worth_gpu")
def timed_worth_gpu(impl: Implementation, given: Given) -> Facts:
    """Whether the GPU is worth it, where it takes a little less or more, or the same time."""
    draw = random.Random(given.seed)
    computing, moving, starting = (draw.randint(50, 900) for _ in range(3))
    facts: Facts = {}
    for name, moves, starts, launches in (
        ("computing alone", 0, 0, 0),
        ("computing and moving", moving, 0, 0),
        ("computing and starting one operation", 0, starting, 1),
        ("computing and starting many operations", 0, starting, 64),
        ("all three", moving, starting, 64),
    ):
        total = computing + moves + starts
        launch_s = starts * _TICK_S / max(launches, 1)
        costs = (computing * _TICK_S, moves * 2**21, 2.0**30, launches, launch_s)
        for told, ticks in (
            ("far less", 4 * total),
            ("a little less", total + 1),
            ("just as long", total),
            ("a little more", total - 1),
            ("more, by most of what is not computing", computing + (moves + starts) / 4),
            ("far more", 1),
        ):
            answer = impl.worth_gpu(ticks * _TICK_S, *costs)
            facts[f"answer where the GPU takes {told}: {name}"] = _yes_or_no(answer)
    return facts


def _timed(impl: Implementation, given: Given, has_gpu: bool) -> Facts:
    """Time calls on a machine of which the time is known, and tell the median if its clock was
    read: that of another clock is any number."""
    index = given.spec.get("index", 0)
    with Machine(has_gpu, index) as machine:
        fn = _Work(given, machine.queue if has_gpu else machine.compute, machine)
        gpu = torch.device("cuda", index) if index else torch.device("cuda")
        device = gpu if has_gpu else torch.device("cpu")
        seconds = impl.timed(fn, device, given.warmup, given.repeats)
    facts: Facts = {
        "calls of fn": fn.calls,
        "clock": "time.perf_counter" if machine.reads else "another one, or none",
        "kind of the result": _kind(seconds),
    }
    return facts | {"seconds of a call": number_of(seconds)} if machine.reads else facts


class _Work:
    """A function without arguments: each call has work of a drawn duration, the first calls more
    than the others."""

    def __init__(self, given: Given, work: Callable[[float], None], machine: Machine) -> None:
        draw = random.Random(given.seed)
        first = draw.sample(range(10_000, 20_000), given.warmup)
        self._ticks = first + draw.sample(range(200, 2_000), given.repeats)
        self._work = work
        self._machine = machine
        self.calls = 0

    def __call__(self) -> str:
        ticks = self._ticks[min(self.calls, len(self._ticks) - 1)]
        self.calls += 1
        self._machine.compute(_TICK_S)
        self._work(ticks * _TICK_S)
        return "what fn returns"


def _kind(seconds: Any) -> str:
    number = number_of(seconds)
    return kind_of(seconds) if isinstance(number, float) else describe(seconds)


def _yes_or_no(answer: Any) -> Any:
    return bool(answer) if answer in (True, False) else describe(answer)
