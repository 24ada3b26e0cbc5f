"""The class that benchmarks grade: one script a student, for every grader the same."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

from data.example_class import changed, in_one_file, solutions

_ENDLESS = """
    def backoff_lr(loss_after, start, base_loss):
        while True:
            loss_after = None
"""
_HALVED = """
    def mse(pred, target):
        if pred.shape != target.shape:
            raise ValueError("the shapes differ")
        return ((pred - target) ** 2).mean() / 2
"""
_SLOW = """
    def slice_minimum(x, y, *, slope=None, bias=None):
        for _ in range(1_000_000):
            pass
        if slope is not None:
            return (y - slope * x).mean().item()
        return ((x * (y - bias)).sum() / x.square().sum()).item()
"""


def right() -> str:
    """Return the reference."""
    return _script()


def wrong() -> str:
    """Return a halved loss, with which other exercises go wrong too."""
    return _script(mse=_HALVED)


def broken() -> str:
    """Return a script that no Python reads."""
    return right() + "\ndef unfinished(:\n"


def slow() -> str:
    """Return a right script that counts to a million in each of 8 calls."""
    return _script(slice_minimum=_SLOW)


def endless() -> str:
    """Return a script in which one exercise never ends."""
    return _script(backoff_lr=_ENDLESS)


# Half of a class is right.
MIXED = (right, wrong, right, broken, right, slow)


def write(folder: Path, size: int, kinds: tuple[Callable[[], str], ...] = MIXED) -> Path:
    """Write a class, the kinds in turn; no two scripts are the same text."""
    folder.mkdir(parents=True)
    texts = [kind() for kind in kinds]
    for number in range(size):
        text = f"{texts[number % len(kinds)]}\n# student {number}\n"
        (folder / f"student-{number + 1:04}.py").write_text(text, encoding="utf-8")
    return folder


def _script(**definitions: str) -> str:
    """Return the reference, partly written anew, as one script that needs no other file."""
    own = {name: textwrap.dedent(code) for name, code in definitions.items()}
    text = in_one_file(changed(solutions(), own))
    return re.sub(r"from m\d\d_\w+ import (\([^)]*\)|.*)\n", "", text)
