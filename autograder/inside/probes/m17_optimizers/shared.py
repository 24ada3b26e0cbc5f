"""What several probes of m17 need to look."""

from __future__ import annotations

from typing import Any


def number(value: Any) -> Any:
    """Return a number as a float, for a whole one may be an int; anything else stays what it is."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
