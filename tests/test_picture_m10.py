"""`descent plot m10`: stacks that collapse, their weights, a layer's own copy, parameters."""

from __future__ import annotations

from functools import partial
from typing import Any

import m10_linear_module as m10
import numpy as np
import pytest
import torch
from torch import nn

pytest.importorskip("matplotlib")

from autograder.student.picture_m10 import INPUTS, PANELS
from tests import pictures
from tests.pictures import drawn, points, titles, without

judged = partial(pictures.judged, "m10_linear_module")
TITLES = [panel.title for panel in PANELS]


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == [] and titles(figure) == TITLES
    figure.canvas.draw()


def test_the_stack_is_straight_and_the_relu_bends_it() -> None:
    """Second differences are 0 without an activation only, and collapse lies on that line."""
    figure, _ = drawn(judged())
    straight, bent = (points(figure, name) for name in ("Linear, then", "with a ReLU"))
    assert np.diff(straight[:, 1], 2) == pytest.approx(0, abs=1e-5)
    assert np.abs(np.diff(bent[:, 1], 2)).max() > 0.01
    assert points(figure, "collapse: one") == pytest.approx(straight[::6], abs=1e-5)


def test_the_predictions_are_the_students() -> None:
    """Layers that add 1 at their end, and a collapse that is another, are drawn so."""

    class Higher(m10.Linear):
        """Adds 1."""

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            """Add 1."""
            return super().forward(x) + 1

    other = nn.Linear(1, 1)
    nn.init.zeros_(other.weight)
    nn.init.ones_(other.bias)
    figure, _ = drawn(judged(Linear=Higher, collapse=lambda _: other))
    right, _ = drawn(judged())
    shift = points(figure, "Linear, then")[:, 1] - points(right, "Linear, then")[:, 1]
    assert shift == pytest.approx(np.full(len(INPUTS), 1 + 1.5 - 0.5 + 2.0), abs=1e-5)
    assert set(points(figure, "collapse: one")[:, 1]) == {1.0}


def test_the_products_add_up_to_the_collapsed_weight() -> None:
    """The bar of collapse is its weight, and the line of the sum goes through its top."""
    figure, _ = drawn(judged())
    bars = [bar.get_height() for bar in figure.axes[1].patches]  # type: ignore[attr-defined]
    assert bars == pytest.approx([1.5, 0.75, 1.0, 3.25])
    assert points(figure, "sum of the products")[0, 1] == pytest.approx(3.25)


def test_a_layer_that_shares_its_weight_is_seen() -> None:
    """A copy stays where it was; a layer of the same memory moves with w."""

    def shared(w: Any, b: Any) -> Any:
        layer = m10.to_linear(w, b)
        layer.weight.data = w
        return layer

    for made, beside in ((m10.to_linear, "x @ w.T + b"), (shared, "x @ w.T + b, after w += 0.1")):
        figure, _ = drawn(judged(to_linear=made))
        named = {str(line.get_label()): line for line in figure.axes[2].lines}
        layer, other = (named[name] for name in ("the layer, after w += 0.1", beside))
        assert np.array(layer.get_ydata()) == pytest.approx(np.array(other.get_ydata()))


def test_the_table_is_the_students() -> None:
    """A bar for each name that param_table gives."""
    figure, _ = drawn(judged(param_table=lambda _: {"mine": ((2, 3), True, 6)}))
    axes = figure.axes[3]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["mine"]
    assert [text.get_text() for text in axes.texts] == ["(2, 3): 6"]


def test_a_copy_of_the_path_has_no_empty_panel() -> None:
    """Without collapse three panels share the figure, and its points are not there."""
    figure, told = drawn(without(judged(), "collapse", "linear"))
    assert told == [] and titles(figure) == [TITLES[0], *TITLES[2:]]


def test_what_does_not_pass_is_told() -> None:
    """Panels that wait say for what, and the others are drawn."""
    figure, told = drawn(judged("collapse"))
    assert told == ["collapse does not pass yet: pytest exercises/m10_linear_module.py::collapse"]
    assert titles(figure) == TITLES


@pytest.mark.parametrize(
    ("name", "gives", "line"),
    [
        ("Linear", lambda *_: 1 / 0, "Linear stopped with ZeroDivisionError"),
        ("Linear", lambda *_: nn.Linear(7, 7), "Linear stopped with RuntimeError"),
        ("to_linear", lambda *_: lambda x: x[:2], "to_linear gave the shape [2, 3] in place of"),
        ("to_linear", lambda *_: lambda x: x[:, :1] * torch.nan, "to_linear gave nan or infinity"),
        ("collapse", lambda *_: None, "collapse stopped with "),
        ("param_table", lambda *_: {"a": 3}, "param_table stopped with TypeError"),
    ],
)
def test_what_cannot_be_drawn_is_told(name: str, gives: Any, line: str) -> None:
    """A line names the function and what is wrong; no title is lost."""
    given = judged(**{name: gives})
    figure, told = drawn(given)
    assert told and all(one.startswith(line) for one in told)
    assert titles(figure) == TITLES
