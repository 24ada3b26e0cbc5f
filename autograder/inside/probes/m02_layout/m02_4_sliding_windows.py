"""Probes of sliding_windows."""

from __future__ import annotations

from functools import partial
from typing import Any

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import gradients, refusal_of, seen_after_writing


@probe("windows")
def sliding_windows_windows(impl: Implementation, given: Given) -> Facts:
    """The windows of a slice of a larger storage, what they show later, and their gradient."""
    reach = given.start + given.length * given.every + given.behind
    storage, numbers = given.randn(reach), given.randn(reach)
    windows = impl.sliding_windows(_slice(storage, given), given.k, given.step)
    own = given.leaf(reach)
    graded = impl.sliding_windows(_slice(own, given), given.k, given.step)
    return {
        "windows": windows,
        "windows where no step is passed": impl.sliding_windows(_slice(storage, given), given.k),
        "gradient of the windows' sum": gradients(graded, [own])[0],
        "windows after x was written to": _after_writing(impl, given, numbers),
    }


def _after_writing(impl: Implementation, given: Given, numbers: Tensor) -> Any:
    """Return windows as they are when other numbers have been written to the storage of x."""
    storage = given.leaf(len(numbers)).detach()
    windows = impl.sliding_windows(_slice(storage, given), given.k, given.step)
    return seen_after_writing(storage, numbers, windows)


@probe("refusal")
def sliding_windows_refusal(impl: Implementation, given: Given) -> Facts:
    """What happens to windows longer than x, also where the storage goes on behind x; and to one
    that just fits."""
    x = given.randn(given.length + 9)[: given.length]
    facts: Facts = {}
    for name, more, step in (("1", 1, 1), ("1, at step 2,", 1, 2), ("3", 3, 1)):
        call = partial(impl.sliding_windows, x, given.length + more, step)
        answer = refusal_of(call, ValueError)
        facts[f"answer to a window longer than x by {name}"] = answer
    return facts


def _slice(storage: Tensor, given: Given) -> Tensor:
    """Return the x of a given: a part of a storage."""
    return storage[given.start :: given.every][: given.length]
