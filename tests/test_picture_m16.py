"""`descent plot m16`: what the panels show, and what is said where one cannot be drawn."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from autograder.student import picture_m16
from autograder.student.picture_m16 import CANDIDATES, ROWS, WIDTHS, descents, trained
from tests import pictures
from tests.pictures import drawn

judged = partial(pictures.judged, "m16_generalisation")

TITLES = {
    "Double descent of the error on new rows",
    "Expected errors of least squares",
    "A learning rate has a gradient",
}


@pytest.fixture(autouse=True)
def _fewer_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the curves with few points."""
    monkeypatch.setattr(picture_m16, "SEEDS", 1)
    monkeypatch.setattr(picture_m16, "WIDTHS", (4, 40, 66))
    monkeypatch.setattr(picture_m16, "RATES", CANDIDATES)


def test_every_panel_is_drawn() -> None:
    """With all functions right there are three panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == []
    assert {axes.get_title() for axes in figure.axes} == TITLES
    figure.canvas.draw()


def test_the_peak_stands_at_as_many_features_as_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drawn errors peak near the dotted line, and both sides are far below."""
    monkeypatch.setattr(picture_m16, "SEEDS", 3)
    monkeypatch.setattr(picture_m16, "WIDTHS", WIDTHS)
    new, own = descents(judged())
    assert abs(WIDTHS[int(np.argmax(new))] - ROWS) <= 2
    assert new.max() > 5 * new[:6].min() and new.max() > 5 * new[-1]
    assert own[-1] < 1e-6 < own[0]


def test_the_slopes_touch_the_curve() -> None:
    """Each drawn slope is that of the curve: a difference of two losses says the same."""
    for lr in CANDIDATES:
        losses = [trained(judged(), lr + h)[0] for h in (1e-6, -1e-6)]
        assert trained(judged(), lr)[1] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-4)


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    figure, told = drawn(judged("double_descent", "select_lr"))
    assert told == [
        f"{n} does not pass yet: pytest exercises/m16_generalisation.py::{n}"
        for n in ("double_descent", "select_lr")
    ]
    assert {axes.get_title() for axes in figure.axes} == TITLES


@pytest.mark.parametrize("name", ["double_descent", "expected_errors", "hypergrad", "select_lr"])
def test_what_raises_is_told(name: str) -> None:
    """A line names the function and the exception."""
    given = judged(**{name: lambda *_: 1 / 0})
    _, told = drawn(given)
    assert told == given.stopped
    assert [line.startswith(f"{name} stopped with ") for line in told] == [True]
