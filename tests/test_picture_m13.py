"""`descent plot m13`: the bowl with its descents, and what is said where it cannot be drawn."""

from __future__ import annotations

from functools import partial

import m13_optimisation
import numpy as np
import pytest

pytest.importorskip("matplotlib")

from autograder.student.picture_m13 import Scene
from tests import pictures
from tests.pictures import drawn

judged = partial(pictures.judged, "m13_optimisation")

BOWL, LOSSES = "The bowl, and three learning rates", "Their losses"
STEPS, OPERATIONS = "How many steps", "Which way takes fewer operations"


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == []
    assert [axes.get_title() for axes in figure.axes] == [BOWL, LOSSES, STEPS, OPERATIONS]
    figure.canvas.draw()


def test_the_descents_are_called_what_they_do() -> None:
    """The three words of regime stand beside descents whose losses fall, fall and grow."""
    figure, _ = drawn(judged())
    words = [str(line.get_label()).rpartition(" ")[2] for line in figure.axes[0].lines[:3]]
    assert words == ["monotone", "oscillating", "diverging"]
    scene = Scene(judged())
    ends = [scene.height(path)[-1] / scene.height(path)[0] for path in scene.paths]
    assert ends[0] < 0.1 and ends[1] < 0.1 and ends[2] > 1


def test_the_height_is_the_loss_above_its_minimum() -> None:
    """The bowl of the Hessian is the mean squared error itself."""
    scene = Scene(judged())
    w, b = (float(part) for part in m13_optimisation.least_squares(scene.x, scene.y))

    def loss(weight: float, bias: float) -> float:
        return float((scene.x * weight + bias - scene.y).square().mean())

    above = float(scene.height(np.array([0.7, -1.2])))
    assert above == pytest.approx(loss(w + 0.7, b - 1.2) - loss(w, b), rel=1e-9)


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    _, told = drawn(judged("least_squares", "gd_wins"))
    names = ("least_squares", "gd_wins")
    assert told == [
        f"{n} does not pass yet: pytest exercises/m13_optimisation.py::{n}" for n in names
    ]


@pytest.mark.parametrize("name", ["least_squares", "steps_to", "gd_wins"])
def test_what_raises_is_told(name: str) -> None:
    """A line names the function and the exception."""
    given = judged(**{name: lambda *_: 1 / 0})
    _, told = drawn(given)
    assert told == given.stopped
    assert [line.startswith(f"{name} stopped with ") for line in told] == [True]
