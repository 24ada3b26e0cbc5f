"""`descent plot m04`: the graph with its gradients, and what is said where it cannot be drawn."""

from __future__ import annotations

from functools import partial
from typing import Any

import m04_autograd
import numpy as np
import pytest

pytest.importorskip("matplotlib")

from autograder.student.picture_m04 import expression
from tests import pictures
from tests.pictures import drawn

judged = partial(pictures.judged, "m04_autograd")

TITLES = {
    "An expression of your Value, after loss.backward()",
    "Calls of backward() add up",
    "Newton's root of a = 50",
    "The graph behind a mean squared error",
}


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == []
    assert {axes.get_title() for axes in figure.axes} == TITLES
    figure.canvas.draw()


def test_the_boxes_show_the_numbers_of_the_students_values() -> None:
    """The derivatives of (w x + b - 5) squared plus half of w squared are worked out by hand."""
    grads = {node.name: node.value.grad for node in expression(judged())}
    assert (grads["w"], grads["x"], grads["b"], grads["e = pred - 5"]) == (14, 8, 4, 4)
    figure, _ = drawn(judged())
    boxes = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "w\ndata 2\ngrad 14" in boxes
    assert "1. DivBackward0" in boxes and "9. AccumulateGrad" in boxes


def test_the_root_comes_closer_step_by_step() -> None:
    """Each iteration has a point, and its errors shrink to nothing."""
    figure, _ = drawn(judged())
    (newton,) = [axes for axes in figure.axes if axes.get_title().startswith("Newton")]
    for line in newton.lines:
        errors = np.asarray(line.get_ydata(), dtype=float).tolist()
        assert len(errors) == 7 and errors == sorted(errors, reverse=True) and errors[-1] < 1e-12


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    figure, told = drawn(judged("Value", "graph_ops"))
    assert told == [
        f"{n} does not pass yet: pytest exercises/m04_autograd.py::{n}"
        for n in ("Value", "graph_ops")
    ]
    assert {axes.get_title() for axes in figure.axes} == TITLES


class _Stops(m04_autograd.Value):
    """Stands for a Value that stops."""

    def __mul__(self, other: object) -> m04_autograd.Value:
        """Raise."""
        raise ValueError("not today")


@pytest.mark.parametrize(
    ("name", "stops"),
    [("Value", _Stops), ("newton_sqrt", lambda a, tol: a.detach()), ("graph_ops", lambda _: 1 / 0)],
)
def test_what_raises_is_told(name: str, stops: Any) -> None:
    """A line names the function and the exception."""
    given = judged(**{name: stops})
    _, told = drawn(given)
    assert told == given.stopped
    assert [line.startswith(f"{name} stopped with ") for line in told] == [True]
