"""`descent plot m23`: what blocks keep with checkpoints and without, and what time steps keep."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure
from torch import nn

from autograder.student.picture_m23 import BLOCKS, CHUNK, LENGTHS
from tests import pictures
from tests.pictures import drawn, points, raising, titles, told_to_have_stopped

judged = partial(pictures.judged, "m23_memory")

TITLES = [
    f"What {BLOCKS} blocks keep, call by call",
    "Most kept at once, by segments",
    "Most kept at once, by time steps",
]


@pytest.fixture(scope="module")
def figure() -> Figure:
    """The figure of the references."""
    figure, told = drawn(judged())
    assert told == []
    return figure


def test_every_panel_is_drawn(figure: Figure) -> None:
    """With all functions right there are three panels, and the figure can be written."""
    assert titles(figure) == TITLES
    figure.canvas.draw()


def test_a_plain_loop_keeps_all_and_runs_nothing_again(figure: Figure) -> None:
    """It has one call of each block forward and one backward; checkpoints have one more."""
    plain, best = points(figure, "plain loop"), points(figure, "checkpointed, best")
    assert len(plain) == 2 * BLOCKS and len(best) == 3 * BLOCKS
    assert plain[:, 1].max() == BLOCKS and best[:, 1].max() == 12


def test_the_most_at_once_follows_the_sum(figure: Figure) -> None:
    """The points are n / s + s, with the longest segment in place of n / s, and 6 does best."""
    found = next(line for line in figure.axes[1].lines if line.get_label() == "checkpointed")
    s, most = np.array(found.get_data(), dtype=float)
    np.testing.assert_array_equal(most, np.ceil(BLOCKS / s) + s)
    assert points(figure, "best_segments").tolist() == [[6, 12]]


def test_chunks_keep_the_same_for_every_length(figure: Figure) -> None:
    """In chunks the most is that of a chunk; as a whole it is that of the sequence."""
    assert points(figure, "tbptt, chunks")[:, 1].tolist() == [CHUNK] * len(LENGTHS)
    assert points(figure, "tbptt, the whole")[:, 1].tolist() == list(LENGTHS)


def test_the_points_are_those_of_the_students_function() -> None:
    """Without checkpoints every point is as high as the number of blocks."""
    figure, told = drawn(judged(checkpointed=lambda blocks, x, _: nn.Sequential(*blocks)(x)))
    found = next(line for line in figure.axes[1].lines if line.get_label() == "checkpointed")
    assert told == [] and set(np.asarray(found.get_ydata()).tolist()) == {BLOCKS}


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    figure, told = drawn(judged("tbptt"))
    assert told == ["tbptt does not pass yet: pytest exercises/m23_memory.py::tbptt"]
    assert titles(figure) == TITLES


@pytest.mark.parametrize("name", ["checkpointed", "best_segments", "tbptt"])
def test_what_raises_is_told(name: str) -> None:
    """A line names the function and the exception."""
    assert told_to_have_stopped(judged(**{name: raising}), name)
