"""All programs of the corpus, theme by theme."""

from __future__ import annotations

from . import (
    disturbing,
    exhaustion,
    exits,
    filling,
    forgery,
    injection,
    lying,
    network,
    patches,
    persistence,
    reading,
    spying,
)

_THEMES = (
    exits,
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
)
ATTACKS = [attack for theme in _THEMES for attack in theme.ATTACKS]
