"""`descent plot m20`: signals through many layers, units that learn as one, and normal numbers."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import pytest

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure

from tests import pictures
from tests.pictures import drawn, raising, told_to_have_stopped

judged = partial(pictures.judged, "m20_init")

TITLES = [
    "A signal through linear layers",
    "A signal through layers with a ReLU",
    "Equal units learn as one",
    "Normal numbers from uniform ones",
]


@pytest.fixture(scope="module")
def figure() -> Figure:
    """The figure of the references."""
    figure, told = drawn(judged())
    assert told == []
    return figure


def heights(figure: Figure, panel: int) -> dict[str, Any]:
    """Return the heights of a panel's lines by their names."""
    return {
        str(line.get_label()): np.asarray(line.get_ydata(), dtype=float)
        for line in figure.axes[panel].lines
    }


def test_every_panel_is_drawn(figure: Figure) -> None:
    """With all functions right there are four panels, and the figure can be written."""
    assert [axes.get_title() for axes in figure.axes] == TITLES
    figure.canvas.draw()


def test_each_start_has_its_own_place_over_depth(figure: Figure) -> None:
    """Xavier keeps the spread of equal sizes, Kaiming that behind ReLUs; the default shrinks it."""
    linear, relu = heights(figure, 0), heights(figure, 1)
    depth = len(linear["xavier_normal_"]) - 1
    expected = {
        "randn, not scaled": depth,
        "xavier_normal_": 0,
        "kaiming_normal_": depth * math.log10(2) / 2,
        "linear_default_": -depth * math.log10(3) / 2,
    }
    for name, power in expected.items():
        assert math.log10(linear[name][-1]) == pytest.approx(power, abs=1)
        shift = depth * math.log10(2) / 2
        assert math.log10(relu[name][-1]) == pytest.approx(power - shift, abs=1.5)


def test_the_lines_are_those_of_propagated_std() -> None:
    """Another function draws other lines, and the points stay."""
    figure, told = drawn(judged(propagated_std=lambda fan_ins, _: 7.0 + len(fan_ins)))
    lines = [np.asarray(line.get_ydata()) for line in figure.axes[0].lines]
    assert told == [] and sum(list(line[:2]) == [7.0, 8.0] for line in lines) == 4


def test_only_different_units_follow_the_targets(figure: Figure) -> None:
    """The network with noise comes near the wave; ten equal units do not."""
    lines = heights(figure, 2)
    targets = lines["targets"]
    alike = lines["equal units: distinct_units 1"]
    different = lines["after break_symmetry_: distinct_units 10"]
    assert np.square(different - targets).mean() < 0.1 < 0.3 < np.square(alike - targets).mean()


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    figure, told = drawn(judged("xavier_normal_"))
    line = "xavier_normal_ does not pass yet: pytest exercises/m20_init.py::xavier_normal_"
    assert told == [line] * 2
    assert [axes.get_title() for axes in figure.axes] == TITLES


@pytest.mark.parametrize("name", ["kaiming_normal_", "break_symmetry_", "normal_from_uniform"])
def test_what_raises_is_told(name: str) -> None:
    """A line names the function and the exception."""
    assert told_to_have_stopped(judged(**{name: raising}), name)
