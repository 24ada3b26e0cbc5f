"""Late: how many days after the deadline something was handed in, and what that costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Late:
    """What being late costs: each day that has begun takes the share `each_day` of the marks; what
    is more than `days` days late earns nothing. Within `grace_minutes` nothing is late."""

    each_day: float = 0.0
    days: int = 365
    grace_minutes: int = 0

    def days_late(self, handed_in: datetime, deadline: datetime) -> int:
        """Return the number of days that have begun since the deadline. Both times know their
        distance from UTC."""
        after = handed_in - deadline
        if after <= timedelta(minutes=self.grace_minutes):
            return 0
        return math.ceil(after / DAY)

    def share(self, days_late: int) -> float:
        """Return the share of the marks that is left, from 0 to 1."""
        if days_late > self.days:
            return 0.0
        return max(0.0, 1 - self.each_day * days_late)


FREE = Late()


@dataclass(frozen=True)
class FinalMark:
    """A mark after lateness. `days_late` is None where nobody knows, and then nothing is taken;
    `mark` is the word that stands in place of a total where there is one."""

    total: float | str
    max_score: float
    days_late: int | None
    share: float
    mark: float | str


def final_mark(total: float | str, max_score: float, days: int | None, late: Late) -> FinalMark:
    """Return what is left of a total, of so many points, after so many days."""
    share = 1.0 if days is None else late.share(days)
    mark = total if isinstance(total, str) else round(total * share, 2)
    return FinalMark(total, max_score, days, share, mark)
