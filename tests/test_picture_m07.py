"""`descent plot m07`: arrows over costs, gradients beside finite differences, and tangents."""

from __future__ import annotations

from functools import partial
from typing import Any

import m07_gradients as m07
import numpy as np
import pytest
import torch

pytest.importorskip("matplotlib")
from matplotlib.quiver import Quiver

from autograder.student.picture_m07 import PANELS, crops, differences
from tests import pictures
from tests.pictures import drawn, points, titles, without

judged = partial(pictures.judged, "m07_gradients")
TITLES = [panel.title for panel in PANELS]


def arrows(given: Any, panel: int) -> np.ndarray[Any, Any]:
    """Return the arrows of a panel, [n, 2]."""
    figure, _ = drawn(given)
    (found,) = [one for one in figure.axes[panel].collections if isinstance(one, Quiver)]
    return np.array([found.U, found.V]).T


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == [] and titles(figure) == TITLES
    figure.canvas.draw()


def test_the_arrows_of_one_row_all_have_one_direction() -> None:
    """The gradient of a row is a multiple of (x, 1); with all rows the arrows turn."""
    row, rows = arrows(judged(), 0), arrows(judged(), 1)
    assert row[:, 0] / row[:, 1] == pytest.approx(row[0, 0] / row[0, 1])
    assert np.ptp(rows[:, 0] / rows[:, 1]) > 1


def test_the_arrows_are_the_students() -> None:
    """Uphill gradients give arrows that point the other way."""
    uphill = judged(linreg_grads=lambda *args: tuple(-g for g in m07.linreg_grads(*args)))
    assert arrows(uphill, 0) == pytest.approx(-arrows(judged(), 0))


def test_the_bars_are_the_students_beside_the_true_differences() -> None:
    """Half the gradient gives half the bars, and the diamonds stay where the reference is."""
    half = judged(linreg_grads=lambda *args: tuple(g / 2 for g in m07.linreg_grads(*args)))
    figure, _ = drawn(half)
    heights = [bar.get_height() for bar in figure.axes[2].patches]  # type: ignore[attr-defined]
    assert heights == pytest.approx(differences() / 2)
    gw, gb = m07.linreg_grads(*crops())
    exact = torch.cat([gw[0], gb]).numpy()
    assert points(figure, "finite differences")[:, 1] == pytest.approx(exact, rel=1e-6)


def test_the_tangent_and_the_forecast_are_the_students() -> None:
    """At a prediction of -1.5 the slope is -7; a forecast of 0 is a level line."""
    figure, _ = drawn(judged(predicted_change=lambda *_: 0.0))
    (x0, y0), (x1, y1) = points(figure, "slope: dmse_dpred")
    assert (y1 - y0) / (x1 - x0) == pytest.approx(-7)
    assert set(points(figure, "predicted_change")[:, 1]) == {9.0}


def test_a_copy_of_the_path_has_all_panels() -> None:
    """Without predicted_change and grads_only nothing waits, and their marks are not there."""
    figure, told = drawn(without(judged(), "predicted_change", "grads_only"))
    assert told == [] and titles(figure) == TITLES
    labels = {str(line.get_label()) for axes in figure.axes for line in axes.lines}
    assert "grads_only" not in labels


def test_what_does_not_pass_is_told() -> None:
    """Panels that wait say for what, and the others are drawn."""
    figure, told = drawn(judged("dmse_dpred"))
    assert told == ["dmse_dpred does not pass yet: pytest exercises/m07_gradients.py::dmse_dpred"]
    assert titles(figure) == TITLES


@pytest.mark.parametrize(
    ("name", "gives", "line"),
    [
        ("linreg_grads", lambda *_: 1 / 0, "linreg_grads stopped with ZeroDivisionError"),
        ("linreg_grads", lambda *_: (torch.ones(2), 0), "linreg_grads gave the shape [2] in"),
        ("linreg_grads", lambda *_: None, "what linreg_grads gave is no picture: TypeError"),
        ("dmse_dpred", lambda *_: [[torch.nan]], "dmse_dpred gave nan or infinity"),
        ("nudge", lambda *_: torch.ones(2), "nudge gave the shape [2] in place of [4]"),
        ("grads_only", lambda *_: [1, 1], "grads_only gave the shape [] in place of [1, 3]"),
    ],
)
def test_what_cannot_be_drawn_is_told(name: str, gives: Any, line: str) -> None:
    """A line names the function and what is wrong; no title is lost."""
    given = judged(**{name: gives})
    figure, told = drawn(given)
    assert told and all(one.startswith(line) for one in told)
    assert titles(figure) == TITLES
