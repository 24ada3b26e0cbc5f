"""`descent plot m15`: costs and pulls of errors, an outlier, and the shapes of residuals."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure

from tests import pictures
from tests.pictures import drawn, raising, told_to_have_stopped

judged = partial(pictures.judged, "m15_losses")

TITLES = [
    "What one error costs",
    "How hard it pulls",
    "An outlier drags the mean",
    "Shapes in the residuals of a line",
]


def curves(figure: Figure, panel: int) -> dict[str, tuple[Any, Any]]:
    """Return the named lines of a panel, as two arrays each."""
    return {
        str(line.get_label()).partition(",")[0]: (
            np.asarray(line.get_xdata(), dtype=float),
            np.asarray(line.get_ydata(), dtype=float),
        )
        for line in figure.axes[panel].lines
    }


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == []
    assert [axes.get_title() for axes in figure.axes] == TITLES
    figure.canvas.draw()


def test_costs_and_pulls_are_those_of_the_formulas() -> None:
    """At an error of 4, beyond the threshold of 2, costs and pulls are worked out by hand."""
    figure, _ = drawn(judged())
    expected = {"mse": (16, 8), "l1": (4, 1), "huber": (6, 2), "smooth_l1": (3, 1)}
    for name, values in expected.items():
        for panel, value in enumerate(values):
            errors, heights = curves(figure, panel)[name]
            for error, sign in ((4, 1), (-4, (1, -1)[panel])):
                found = heights[np.abs(errors - error).argmin()]
                assert found == pytest.approx(sign * value, abs=1e-9 if name != "l1" else 0.02)


def test_only_the_mean_follows_the_outlier() -> None:
    """The mean of 1, 2, 3, 4 and 40 is 10; the median stays at 3."""
    figure, _ = drawn(judged())
    lines = curves(figure, 2)
    assert lines["mse: their mean"][1][-1] == 10
    assert set(lines["l1: their median"][1]) == {3}


def test_the_report_stands_beside_the_shapes() -> None:
    """The clouds have names with the numbers of the report, and each shows in its own."""
    figure, _ = drawn(judged())
    labels = [str(line.get_label()) for line in figure.axes[3].lines]
    shapes = [label.replace(",", "").split() for label in labels if label.startswith("funnel")]
    (_, funnel, _, no_curve), (_, no_funnel, _, curve) = shapes
    assert float(funnel) > 0.4 > abs(float(no_curve))
    assert float(curve) > 0.9 > 0.4 > abs(float(no_funnel))


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    figure, told = drawn(judged("huber"))
    assert told == ["huber does not pass yet: pytest exercises/m15_losses.py::huber"] * 2
    assert [axes.get_title() for axes in figure.axes] == TITLES


@pytest.mark.parametrize("name", ["huber", "pull", "best_constant", "residual_report"])
def test_what_raises_is_told(name: str) -> None:
    """A line names the function and the exception."""
    assert told_to_have_stopped(judged(**{name: raising}), name)
