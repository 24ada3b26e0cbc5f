"""`descent plot m08`: losses and parameters with and without clearing, a path, learning rates."""

from __future__ import annotations

from functools import partial
from typing import Any

import m08_manual_training as m08
import numpy as np
import pytest
import torch

pytest.importorskip("matplotlib")

from autograder.student.picture_m08 import CLEARED, KEPT, PANELS, RATE, START, STEPS, Scene
from tests import pictures
from tests.pictures import drawn, points, titles, without

judged = partial(pictures.judged, "m08_manual_training")
TITLES = [panel.title for panel in PANELS]


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == [] and titles(figure) == TITLES
    figure.canvas.draw()


def test_without_clearing_the_path_is_that_of_forgotten_zero() -> None:
    """Both ways to the same path, and the cleared one is that of train_step."""
    scene = Scene(judged())
    start = torch.tensor(START, dtype=torch.float64)
    path = m08.forgotten_zero(scene.slopes, start, RATE, STEPS)
    assert scene.paths[KEPT] == pytest.approx(path.numpy())
    assert scene.paths[CLEARED] == pytest.approx(scene.trained)


def test_the_lowest_cost_is_marked() -> None:
    """The ring lies where the derivatives of the cost are 0, and no cost is below its line."""
    scene = Scene(judged())
    assert scene.slopes(torch.tensor(scene.best, dtype=torch.float64)).numpy() == pytest.approx(
        0, abs=1e-9
    )
    figure, _ = drawn(judged())
    assert "least squares" in {str(line.get_label()) for line in figure.axes[2].lines}
    rings = [line for line in figure.axes[2].lines if line.get_markersize() == 19]
    assert rings and np.array(rings[0].get_data()).ravel() == pytest.approx(scene.best)
    assert points(figure, CLEARED)[:, 1].min() >= scene.lowest


def test_the_paths_are_the_students() -> None:
    """A step of another length gives another line, and losses of train are drawn as they are."""

    def longer(params: Any, lr: float) -> None:
        m08.sgd_step_(params, 2 * lr)

    figure, _ = drawn(judged(sgd_step_=longer, train=lambda *_: list(range(STEPS + 1))))
    right, _ = drawn(judged())
    assert points(figure, CLEARED)[1, 1] < points(right, CLEARED)[1, 1]
    assert points(figure, "train: its losses")[:, 1].tolist() == list(range(STEPS + 1))


def test_the_chosen_rate_is_the_students() -> None:
    """What backoff_lr tried and chose is marked."""
    figure, _ = drawn(judged(backoff_lr=lambda after, start, base: after(start) and 0.25))
    assert points(figure, "tried by backoff_lr")[:, 0].tolist() == [8.0]
    assert points(figure, "backoff_lr: 0.25")[0, 0] == 0.25


def test_a_copy_of_fewer_exercises_has_no_empty_panel() -> None:
    """Without forgotten_zero all panels are there; with train_step alone, one fills the figure."""
    figure, told = drawn(without(judged(), "forgotten_zero"))
    assert told == [] and titles(figure) == TITLES
    names = [name for name in judged().verdicts if name != "train_step"]
    figure, told = drawn(without(judged(), *names))
    assert told == [] and titles(figure) == [TITLES[2]]
    figure.canvas.draw()
    assert figure.axes[0].get_position().height > 0.7


def test_what_does_not_pass_is_told() -> None:
    """Panels that wait say for what, and the others are drawn."""
    figure, told = drawn(judged("zero_grads_", "backoff_lr"))
    names = ["zero_grads_", "zero_grads_", "backoff_lr"]
    assert told == [
        f"{n} does not pass yet: pytest exercises/m08_manual_training.py::{n}" for n in names
    ]
    assert titles(figure) == TITLES


@pytest.mark.parametrize(
    ("name", "gives", "line"),
    [
        ("train_step", lambda *_: 1 / 0, "train_step stopped with ZeroDivisionError"),
        ("sgd_step_", lambda *_: 1 / 0, "sgd_step_ stopped with ZeroDivisionError"),
        ("train", lambda *_: [1.0], "train gave the shape [1] in place of [25]"),
        ("backoff_lr", lambda *_: float("nan"), "backoff_lr gave nan or infinity"),
        ("forgotten_zero", lambda *_: None, "forgotten_zero stopped with "),
    ],
)
def test_what_cannot_be_drawn_is_told(name: str, gives: Any, line: str) -> None:
    """A line names the function and what is wrong; no title is lost."""
    given = judged(**{name: gives})
    figure, told = drawn(given)
    assert told and all(one.startswith(line) for one in told) and set(told) == {*given.stopped}
    assert titles(figure) == TITLES
