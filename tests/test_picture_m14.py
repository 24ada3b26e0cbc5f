"""`descent plot m14`: the bowls with their descents, and what is said where one cannot be drawn."""

from __future__ import annotations

from functools import partial
from typing import Any

import m14_conditioning
import numpy as np
import pytest

pytest.importorskip("matplotlib")

from autograder.student.picture_m14 import NAMES, STEPS, Scene
from tests import pictures
from tests.pictures import drawn

judged = partial(pictures.judged, "m14_conditioning")


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line; titles tell the conditions."""
    figure, told = drawn(judged())
    assert told == []
    titles = [axes.get_title() for axes in figure.axes]
    assert [title.partition(":")[0] for title in titles] == [
        *(f"Features {name}" for name in NAMES),
        "The loss over the steps",
    ]
    assert titles[2] == "Features whitened: condition 1"
    figure.canvas.draw()


def test_the_descents_are_those_of_the_bowls() -> None:
    """Each starts 5 above the bottom or so, falls at every step, and whitened arrives in one."""
    scene = Scene(judged())
    bowls = [scene.bowl(name) for name in NAMES]
    losses = [bowl.excess(bowl.path) for bowl in bowls]
    assert [len(each) for each in losses] == [STEPS + 1] * 3
    assert np.ptp([each[0] for each in losses]) < 1e-9
    assert all((np.diff(each) <= 0).all() for each in losses[:2])
    assert losses[0][-1] > 1000 * losses[1][-1] and losses[2][1] < 1e-12
    assert bowls[0].condition > 2 * bowls[1].condition > 4


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    figure, told = drawn(judged("Standardizer"))
    assert (
        told
        == ["Standardizer does not pass yet: pytest exercises/m14_conditioning.py::Standardizer"]
        * 2
    )
    assert len(figure.axes) == 4


class _Stops(m14_conditioning.Standardizer):
    """Stands for a scaler that stops."""

    def fit(self, train: object) -> None:
        """Raise."""
        raise ValueError("not today")


@pytest.mark.parametrize(
    ("name", "stops"), [("Standardizer", _Stops), ("condition", lambda _: 1 / 0)]
)
def test_what_raises_is_told(name: str, stops: Any) -> None:
    """A line names the function and the exception."""
    given = judged(**{name: stops})
    _, told = drawn(given)
    assert told == given.stopped
    assert told and all(line.startswith(f"{name} stopped with ") for line in told)
