"""`descent plot m18`: which gradients survive, what a scale changes, a scaler, and a sum."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure

from tests import pictures
from tests.pictures import drawn, points, raising, told_to_have_stopped

judged = partial(pictures.judged, "m18_precision")

TITLES = [
    "Which gradients survive",
    "A scale lifts them, up to a limit",
    "A scaler finds its scale",
    "A sum that cancels",
]


def bars(figure: Figure) -> list[tuple[float, float]]:
    """Return from which to which size each coloured bar reaches, from the lowest bar up."""
    coloured = figure.axes[0].collections[1::2]
    edges = [
        np.concatenate([path.vertices for path in each.get_paths()])[:, 0] for each in coloured
    ]
    return [(each.min(), each.max()) for each in edges]


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == []
    assert [axes.get_title() for axes in figure.axes] == TITLES
    figure.canvas.draw()


def test_bars_end_where_the_dtypes_do() -> None:
    """They begin at half of the smallest number and end at the largest, within 15 %."""
    figure, _ = drawn(judged())
    ends = [(2.0**-25 / 65536, 65504 / 65536), (2.0**-25, 65504), (2.0**-134, 3.39e38)]
    for found, expected in zip(bars(figure), [*ends, (2.0**-150, 3.4e38)], strict=True):
        assert found == pytest.approx(expected, rel=0.15)


def test_bars_are_drawn_of_what_survives_returns() -> None:
    """A survives that keeps only what is above 1 moves the ends of all bars."""
    figure, _ = drawn(judged(survives=lambda g, dtype, scale=1.0: g.abs() > 1))
    assert all(low == pytest.approx(1, rel=0.15) for low, _ in bars(figure))


def test_all_survive_from_min_scale_on() -> None:
    """At the dotted line the share in float16 reaches 100 %, and falls again far beyond it."""
    figure, _ = drawn(judged())
    shares = dict(points(figure, "float16"))
    least = points(figure, "min_scale")[0, 0]
    assert shares[least] == 100 > max(shares[least / 2], shares[2.0**40])


def test_the_scale_is_halved_at_each_skipped_step() -> None:
    """Crosses come first, each at half of the one before; then the scale stays."""
    figure, _ = drawn(judged())
    skipped, taken = points(figure, "step skipped"), points(figure, "step taken")
    assert len(skipped) > 2 and len(taken) > 2
    assert skipped[:, 1] == pytest.approx(2.0 ** (18 - np.arange(len(skipped))))
    assert set(taken[:, 1]) == {skipped[-1, 1] / 2}


def test_only_the_accurate_sum_counts_the_ones() -> None:
    """With k ones it is k, and one by one in float32 none of them arrives."""
    figure, _ = drawn(judged())
    assert points(figure, "accurate_sum").T.tolist() == [[*range(41)]] * 2
    assert set(points(figure, "one by one")[:, 1]) == {0}


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    figure, told = drawn(judged("survives"))
    assert told == ["survives does not pass yet: pytest exercises/m18_precision.py::survives"] * 2
    assert [axes.get_title() for axes in figure.axes] == TITLES


@pytest.mark.parametrize("name", ["survives", "min_scale", "LossScaler", "accurate_sum"])
def test_what_raises_is_told(name: str) -> None:
    """A line names the function and the exception."""
    assert told_to_have_stopped(judged(**{name: raising}), name)
