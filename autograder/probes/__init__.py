"""Probes: what is looked at. They run beside the submission, so they hold no answer.

A probe takes an implementation and a given and returns facts: named values, in the order in which
a difference should be told. The probes of `mNN_topic.py` run on the givens of
`autograder/givens/mNN_topic.toml`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

from autograder.judging.observe import Facts as Facts
from autograder.judging.observe import Probe

_PROBES: dict[tuple[str, str], Probe] = {}


def probe(exercise: str, name: str) -> Callable[[Probe], Probe]:
    """Register the decorated function as the probe `name` of an exercise."""

    def register(function: Probe) -> Probe:
        if (exercise, name) in _PROBES:
            raise ValueError(f"{exercise} has two probes called {name!r}")
        _PROBES[exercise, name] = function
        return function

    return register


def find(module: str, exercise: str, name: str) -> Probe:
    """Return a registered probe; KeyError when there is none of that name."""
    importlib.import_module(f"autograder.probes.{module}")
    return _PROBES[exercise, name]


def names(module: str, exercise: str) -> list[str]:
    """Return the names of an exercise's probes, in the order of their definition."""
    importlib.import_module(f"autograder.probes.{module}")
    return [name for owner, name in _PROBES if owner == exercise]
