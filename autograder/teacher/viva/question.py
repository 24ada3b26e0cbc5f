"""Questions: what is asked, the options, and the one that is true."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

MOST_OPTIONS = 4


@dataclass(frozen=True)
class Question:
    """One question, in Markdown; `options[right]` is the true one, `why` tells the teacher."""

    exercise: str
    kind: str
    line: int
    text: str
    options: tuple[str, ...]
    right: int
    why: str


def some(true: str, others: Iterable[str], rng: random.Random) -> tuple[tuple[str, ...], int]:
    """Return the true option among others that are drawn, in a drawn order; and its place.

    No two of the texts may be true at a time.
    """
    wrong = [text for text in dict.fromkeys(others) if text != true]
    options = [true, *rng.sample(wrong, min(MOST_OPTIONS - 1, len(wrong)))]
    rng.shuffle(options)
    return tuple(options), options.index(true)
