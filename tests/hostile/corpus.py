"""All programs of the corpus, theme by theme."""

from __future__ import annotations

from . import (
    exhaustion,
    exits,
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
    persistence,
    network,
    injection,
)
ATTACKS = [attack for theme in _THEMES for attack in theme.ATTACKS]
