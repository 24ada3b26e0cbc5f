"""Probes of update_counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.tools import more_sizes


@probe("counts")
def update_counts_counts(impl: Implementation, given: Given) -> Facts:
    """The numbers of updates with the short batch, and without it."""
    per_epoch, total = impl.update_counts(given.n, given.batch, given.epochs)
    dropped = impl.update_counts(given.n, given.batch, given.epochs, drop_last=True)
    dropped_per_epoch, dropped_total = dropped
    facts: Facts = {
        "number of updates per epoch": _count(per_epoch),
        "number of updates in total": _total(total, per_epoch, given.epochs),
        "number of updates per epoch with drop_last": _count(dropped_per_epoch),
        "number of updates in total with drop_last": _total(
            dropped_total, dropped_per_epoch, given.epochs
        ),
    }
    if others := more_sizes(given, 1, 9999):
        facts["numbers of updates per epoch for more rows"] = "; ".join(
            f"{n}: {_count(impl.update_counts(n, given.batch, given.epochs)[0])}" for n in others
        )
    return facts


def _total(total: Any, per_epoch: Any, epochs: int) -> str:
    """Write a total beside its own number per epoch, so that a fault of that one shows once."""
    number = isinstance(per_epoch, int | float | np.integer)
    same = number and _count(total) == _count(per_epoch * epochs)
    return "epochs times those per epoch" if same else _count(total)


def _count(number: Any) -> str:
    """Write a number out, so that 4 and 4.0 can be told apart."""
    return repr(int(number) if isinstance(number, np.integer) else number)
