"""`descent plot m06`: the crop table with predictions and residuals, and random starts."""

from __future__ import annotations

import csv
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

pytest.importorskip("matplotlib")

from autograder.inside import ROOT
from autograder.inside.tables import crop_yield
from autograder.student.picture_m06 import BIASES, PANELS, REGIONS, WEIGHTS
from tests import pictures
from tests.pictures import drawn, titles, without

judged = partial(pictures.judged, "m06_model")
TITLES = [panel.title for panel in PANELS]
X, Y = crop_yield()


def cells(given: Any) -> list[list[str]]:
    """Return the texts of the drawn table, row by row, without its head."""
    figure, _ = drawn(given)
    (table,) = figure.axes[0].tables
    found = table.get_celld()
    return [[found[row, column].get_text().get_text() for column in range(10)] for row in (1, 5)]


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == [] and titles(figure) == TITLES
    figure.canvas.draw()


def test_the_table_is_the_file() -> None:
    """The regions are those of the file, and a row of the picture is its row of numbers."""
    with (ROOT / "data/crop_yield.csv").open(encoding="utf-8", newline="") as file:
        rows = [list(row.values()) for row in csv.DictReader(file)]
    assert [row[0] for row in rows] == list(REGIONS)
    assert [row[:6] for row in cells(judged())] == [rows[0], rows[4]]


def test_predictions_and_residuals_are_the_students() -> None:
    """Those of the right model by hand; another model gives another table."""
    pred = X @ np.array(WEIGHTS).T + np.array(BIASES)
    texts = [f"{number:.1f}" for number in pred[0]] + [f"{n:+.1f}" for n in pred[0] - Y[0]]
    assert cells(judged())[0][6:] == texts
    other = judged(model=lambda x, w, b: x @ w.T + b + 100)
    assert cells(other)[0][6] == f"{pred[0, 0] + 100:.1f}"


def test_squares_and_their_mean_are_the_students() -> None:
    """Every bar and the line are what mse returns."""
    figure, _ = drawn(judged(mse=lambda pred, target: (pred - target).abs().mean()))
    pred = X @ np.array(WEIGHTS).T + np.array(BIASES)
    heights = [bar.get_height() for bar in figure.axes[2].patches]  # type: ignore[attr-defined]
    assert heights == pytest.approx(np.abs(pred - Y).T.ravel())
    mean = pictures.points(figure, "mse of all ten")[0, 1]
    assert mean == pytest.approx(np.abs(pred - Y).mean())


def test_what_is_not_in_the_copy_leaves_no_hole() -> None:
    """Without expected_random_loss and recover_params all panels stand, without their marks."""
    figure, told = drawn(without(judged(), "expected_random_loss", "recover_params"))
    assert told == [] and titles(figure) == TITLES
    labels = [str(line.get_label()) for axes in figure.axes for line in axes.lines]
    assert not [label for label in labels if label.startswith(("recover", "expected"))]


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    figure, told = drawn(judged("mse"))
    assert told == ["mse does not pass yet: pytest exercises/m06_model.py::mse"] * 2
    assert titles(figure) == TITLES


@pytest.mark.parametrize(
    ("gives", "line"),
    [
        (lambda *_: 1 / 0, "model stopped with ZeroDivisionError: division by zero"),
        (lambda *_: torch.ones(5), "model gave the shape [5] in place of [5, 2]"),
        (lambda *_: torch.full((5, 2), torch.nan), "model gave nan or infinity"),
        (lambda *_: None, "model stopped with "),
    ],
    ids=["raises", "shape", "nan", "None"],
)
def test_what_cannot_be_drawn_is_told(gives: Any, line: str) -> None:
    """A line names the function and what is wrong, in place of each panel that needs it."""
    figure, told = drawn(judged(model=gives))
    assert len(told) == 4 and all(one.startswith(line) for one in told)
    assert titles(figure) == TITLES
    figure.canvas.draw()
