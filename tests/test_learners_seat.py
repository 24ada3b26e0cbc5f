"""A module done from a learner's seat; `python -m tests.learners_seat` does the whole course."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from .learners_seat import Seat, Stumble, walk


def test_a_module_can_be_done_by_what_the_screen_says() -> None:
    """Each exercise of m06 comes as NEXT, has wrong drafts told and hints, and passes."""
    read: list[str] = []
    met = walk("m06", read.append)
    assert (met["exercises"], met["drafts"], met["screens"]) == (5, 10, 16)
    assert met["FAIL with a WHY"] >= 5
    assert "3 of 3: " in "\n".join(read)


def test_a_screen_that_names_no_next_exercise_is_a_stumble(tmp_path: Path) -> None:
    """The walk ends with a line about the first thing that is not as it should be."""
    seat = Seat(tmp_path, "m06", lambda _: None)
    with closing(seat.desk), pytest.raises(Stumble, match="0 lines say NEXT"):
        seat.next_of(["DONE  0 of 5"])
