"""`descent plot m11`: losses of training and new rows, SGD's path, eval mode, a short batch."""

from __future__ import annotations

from functools import partial
from typing import Any

import m11_fit as m11
import numpy as np
import pytest
import torch

pytest.importorskip("matplotlib")

from autograder.student.picture_m11 import EPOCHS, PANELS
from tests import pictures
from tests.pictures import drawn, points, titles, without

judged = partial(pictures.judged, "m11_fit")
TITLES = [panel.title for panel in PANELS]


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == [] and titles(figure) == TITLES
    figure.canvas.draw()


def test_training_rows_get_better_and_new_rows_do_not_for_ever() -> None:
    """What the title says is in the data: the loss of new rows is lowest before the end."""
    figure, _ = drawn(judged())
    old, new = (points(figure, name)[:, 1] for name in ("fit: ", "evaluate: 64"))
    assert (np.diff(old) < 0).all()
    assert new.argmin() < EPOCHS - 5 and new[-1] > new.min() * 1.02


def test_the_losses_are_the_students() -> None:
    """What fit and evaluate return is drawn."""
    figure, _ = drawn(judged(fit=lambda *_: [2.5], evaluate=lambda *_: 0.75))
    assert set(points(figure, "fit: ")[:, 1]) == {2.5}
    assert set(points(figure, "evaluate: 64")[:, 1]) == {0.75}
    assert points(figure, "evaluate: 0.75")[0, 1] == 0.75


def test_the_path_is_that_of_the_students_optimizer() -> None:
    """The right one walks with torch's; one of half the rate lags behind."""

    class Slow(m11.SGD):
        """Steps half as far."""

        def __init__(self, params: Any, lr: float) -> None:
            """Halve the rate."""
            super().__init__(params, lr / 2)

    figure, _ = drawn(judged())
    assert points(figure, "SGD") == pytest.approx(points(figure, "torch.optim.SGD"))
    lagging, _ = drawn(judged(SGD=Slow))
    first = np.diff(points(lagging, "SGD")[:2], axis=0)
    assert first == pytest.approx(np.diff(points(figure, "SGD")[:2], axis=0) / 2)


def test_predictions_are_the_students() -> None:
    """In eval mode all are equal; a predict that stays in train mode is drawn with its noise."""
    figure, _ = drawn(judged())
    assert len(set(points(figure, "predict")[:, 1])) == 1
    assert len(set(points(figure, "in train mode")[:, 1])) > 3
    noisy, _ = drawn(judged(predict=lambda net, x: net(x).detach()))
    assert len(set(points(noisy, "predict")[:, 1])) > 3


def test_a_copy_with_fewer_exercises_has_no_empty_panel() -> None:
    """Without functional_twin all is there; without evaluate three panels share the figure."""
    figure, told = drawn(without(judged(), "functional_twin"))
    assert told == [] and titles(figure) == TITLES
    figure, told = drawn(without(judged(), "evaluate"))
    assert told == [] and titles(figure) == TITLES[:3]


def test_what_does_not_pass_is_told() -> None:
    """Panels that wait say for what, and the others are drawn."""
    figure, told = drawn(judged("evaluate", "SGD"))
    names = ["SGD", "evaluate"]
    assert told == [f"{n} does not pass yet: pytest exercises/m11_fit.py::{n}" for n in names]
    assert titles(figure) == TITLES


@pytest.mark.parametrize(
    ("name", "gives", "line"),
    [
        ("make_training", lambda *_: None, "make_training stopped with TypeError"),
        ("fit", lambda *_: [], "fit gave the shape [0] in place of [1]"),
        ("SGD", lambda *_: None, "SGD stopped with AttributeError"),
        ("predict", lambda *_: torch.ones(1), "predict gave the shape [1] in place of [1, 1]"),
        ("evaluate", lambda *_: float("nan"), "evaluate gave nan or infinity"),
    ],
)
def test_what_cannot_be_drawn_is_told(name: str, gives: Any, line: str) -> None:
    """A line names the function and what is wrong; no title is lost."""
    given = judged(**{name: gives})
    figure, told = drawn(given)
    assert told and all(one.startswith(line) for one in told)
    assert titles(figure) == TITLES
