"""Other ways to do run_lstm."""

from __future__ import annotations

from autograder.course.marks import right, wrong


@right()
def another_way(x):
    """TODO say how a right way differs from the reference."""
    raise NotImplementedError


@wrong()
def wrong_way(x):
    """TODO say what is wrong here; it is no listed mistake, yet it must be caught."""
    raise NotImplementedError
