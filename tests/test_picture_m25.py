"""`descent plot m25`: where a shot lands, angle by angle, and the gradient that aims it."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch

pytest.importorskip("matplotlib")

from autograder.student.picture_m25 import ANGLES, TARGETS
from tests import pictures
from tests.pictures import drawn, raising, told_to_have_stopped

judged = partial(pictures.judged, "m25_capstone")

TITLES = ["Where the shot lands", "The gradient that aims it"]


def test_every_panel_is_drawn() -> None:
    """With all functions right there are two panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == []
    assert [axes.get_title() for axes in figure.axes] == TITLES
    figure.canvas.draw()


def test_the_gradient_is_the_slope_of_the_other_panel() -> None:
    """Differences of the distances are near the gradients, but where the shot takes a step more."""
    figure, _ = drawn(judged())
    distances = np.array(figure.axes[0].lines[0].get_ydata())
    slopes = np.array(figure.axes[1].lines[1].get_ydata())
    between = (slopes[1:] + slopes[:-1]) / 2
    gaps = np.abs(np.diff(distances) / np.diff(ANGLES) - between)
    assert np.median(gaps) < 0.05 < 0.5 < np.ptp(slopes)


def test_the_aimed_shots_lie_on_their_targets() -> None:
    """Each dot is at the height of its target."""
    figure, _ = drawn(judged())
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    heights = [float(np.array(dot.get_ydata())[0]) for dot in dots]
    assert heights == pytest.approx(TARGETS, abs=0.01)


def test_what_does_not_pass_is_told() -> None:
    """Both panels wait for the exercise, and say so."""
    _, told = drawn(judged("aim"))
    assert told == ["aim does not pass yet: pytest exercises/m25_capstone.py::aim"] * 2


def cut_off(angle: torch.Tensor, speed: float, g: float = 9.81) -> torch.Tensor:
    """Return a distance that cannot be differentiated."""
    return torch.tensor(1.0)


def test_a_distance_without_a_gradient_is_told() -> None:
    """A line names the function whose result cannot be differentiated."""
    _, told = drawn(judged(landing=cut_off))
    assert told
    assert all("landing" in line for line in told)


@pytest.mark.parametrize("name", ["landing", "aim"])
def test_what_raises_is_told(name: str) -> None:
    """A line names the function, and the exception."""
    assert told_to_have_stopped(judged(**{name: raising}), name)
