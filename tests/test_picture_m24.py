"""`descent plot m24`: a gradient through rounding, a choice that is soft, and receptive fields."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

pytest.importorskip("matplotlib")
import torch
from matplotlib.patches import Rectangle

from tests import pictures
from tests.pictures import drawn, points, raising, told_to_have_stopped

judged = partial(pictures.judged, "m24_custom_ops")

TITLES = [
    "A gradient through rounding",
    "A rounded weight learns",
    "A choice with a gradient",
    "How far a stack can see",
]


class PlainRound:
    """Rounds as torch does, with its gradient."""

    apply = staticmethod(torch.round)


class Raising:
    """Stands for a class whose apply stops."""

    apply = staticmethod(raising)


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == []
    assert [axes.get_title() for axes in figure.axes] == TITLES
    figure.canvas.draw()


def test_the_gradient_is_1_on_a_staircase() -> None:
    """Results are whole numbers, the gradient through them is 1, and torch's own is 0."""
    figure, _ = drawn(judged())
    assert set(points(figure, "RoundSTE")[:, 1]) == {-2, -1, 0, 1, 2}
    assert set(points(figure, "its gradient")[:, 1]) == {1}
    assert set(points(figure, "torch.round's")[:, 1]) == {0}


def test_the_weight_hops_about_the_slope() -> None:
    """Its rounded value ends on either side of the slope, never on it."""
    figure, _ = drawn(judged())
    assert set(points(figure, "rounded weight")[-8:, 1]) == {1.5, 2.0}


def test_a_weight_behind_the_true_gradient_stays() -> None:
    """With torch's own rounding in its place nothing moves."""
    figure, _ = drawn(judged(RoundSTE=PlainRound))
    assert set(points(figure, "weight")[:, 1]) == {0}


def test_soft_choices_sharpen_as_tau_falls() -> None:
    """One draw is nearer to one-hot with each smaller tau; each sums to 1."""
    figure, _ = drawn(judged())
    soft = [points(figure, f"one soft choice, tau {tau}")[:, 1] for tau in ("0.2", "1", "5")]
    assert all(each.sum() == pytest.approx(1) for each in soft)
    assert soft[0].max() > soft[1].max() > soft[2].max()


def test_shares_of_hard_choices_are_near_the_softmax() -> None:
    """The bars are as high as the marks, up to 0.08 (Hoeffding: 2e-11 for each)."""
    figure, _ = drawn(judged())
    bars = [bar for bar in figure.axes[2].patches if isinstance(bar, Rectangle)]
    heights = [bar.get_height() for bar in bars]
    assert np.abs(heights - points(figure, "softmax")[:, 1]).max() < 0.08


def test_the_field_reaches_as_far_as_the_gradient() -> None:
    """Rings lie on the lines; a wrong receptive_field leaves them."""
    for function, same in (
        ({}, True),
        ({"receptive_field": lambda layers: 3 * len(layers)}, False),
    ):
        figure, _ = drawn(judged(**function))
        for name in ("dilation doubled", "dilation 2"):
            lines, rings = (points(figure, f"{k}, {name}") for k in ("receptive_field", "gradient"))
            assert np.array_equal(lines, rings) is same


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    figure, told = drawn(judged("RoundSTE"))
    assert told == ["RoundSTE does not pass yet: pytest exercises/m24_custom_ops.py::RoundSTE"] * 2
    assert [axes.get_title() for axes in figure.axes] == TITLES


@pytest.mark.parametrize(
    ("name", "stops"),
    [("RoundSTE", Raising), ("gumbel_softmax", raising), ("receptive_field", raising)],
)
def test_what_raises_is_told(name: str, stops: object) -> None:
    """A line names the function and the exception."""
    assert told_to_have_stopped(judged(**{name: stops}), name)
