"""Probes: what is looked at. They run beside the submission, so they hold no answer.

A probe takes an implementation and a given and returns facts: named values, in the order in which
a difference should be told. The probes of an exercise stand in `mNN_topic/mNN_K_NAME.py`; they run
on the givens of `course/mNN_topic/mNN_K_NAME.toml`, where they have the same names.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

from autograder.inside.observe import Facts as Facts
from autograder.inside.observe import Probe

_PROBES: dict[tuple[str, str], Probe] = {}


def probe(name: str) -> Callable[[Probe], Probe]:
    """Register the decorated function as the probe `name` of the exercise of its file."""

    def register(function: Probe) -> Probe:
        if (function.__module__, name) in _PROBES:
            raise ValueError(f"{function.__module__} has two probes called {name!r}")
        _PROBES[function.__module__, name] = function
        return function

    return register


def find(place: str, name: str) -> Probe:
    """Return a probe of the exercise at a place, such as `m06_model.m06_3_mse`.

    Raises KeyError where it has none of that name.
    """
    module = f"{__name__}.{place}"
    importlib.import_module(module)
    return _PROBES[module, name]
