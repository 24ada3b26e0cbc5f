"""All programs of the corpus, theme by theme, and which of them are tried where."""

from __future__ import annotations

import os
from collections.abc import Sequence

from . import (
    clocks,
    disturbing,
    exhaustion,
    exits,
    faults,
    filling,
    forgery,
    injection,
    kernels,
    lying,
    neighbours,
    network,
    patches,
    persistence,
    reading,
    spying,
)
from .attack import Attack

_THEMES = (
    clocks,
    exits,
    faults,
    forgery,
    patches,
    lying,
    reading,
    spying,
    exhaustion,
    filling,
    persistence,
    disturbing,
    network,
    injection,
    neighbours,
    kernels,
)
ATTACKS = [attack for theme in _THEMES for attack in theme.ATTACKS]
EVERY = 5  # in a sample
# `whole`: everything everywhere (`make attacks`); `sample`: samples only; else level full is whole.
WANTED = os.environ.get("DESCENT_CORPUS", "")


def wanted_at(level: str, attacks: Sequence[Attack] = ATTACKS) -> list[Attack]:
    """Return the attacks that are tried at a level: all of them, or a sample of every theme."""
    is_whole = WANTED == "whole" or (level == "full" and WANTED != "sample")
    return list(attacks if is_whole else attacks[::EVERY])
