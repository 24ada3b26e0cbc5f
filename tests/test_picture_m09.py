"""`descent plot m09`: the batches of epochs, updates, and the noise of a batch's gradient."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch

pytest.importorskip("matplotlib")

from autograder.student.picture_m09 import PANELS, ROWS, SIZE
from tests import pictures
from tests.pictures import drawn, points, titles, without

judged = partial(pictures.judged, "m09_data")
TITLES = [panel.title for panel in PANELS]


def strips(given: Any, panel: int) -> list[list[int]]:
    """Return the numbers that stand in each strip of a panel."""
    figure, _ = drawn(given)
    texts = figure.axes[panel].texts
    heights = sorted({text.get_position()[1] for text in texts})
    return [
        [int(text.get_text()) for text in texts if text.get_position()[1] == height]
        for height in heights
    ]


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == [] and titles(figure) == TITLES
    figure.canvas.draw()


def test_each_epoch_has_every_row() -> None:
    """Two epochs are in order, two are not and differ; a loader's come again with its seed."""
    first, second, third, fourth = strips(judged(), 0)
    assert first == second == list(range(ROWS))
    assert sorted(third) == sorted(fourth) == first
    assert first != third != fourth != first
    loaded = strips(judged(), 1)
    assert loaded[:2] == loaded[2:] and loaded[0] != loaded[1]


def test_the_batches_are_the_students() -> None:
    """Batches that come backwards and lose the short last one are drawn so."""

    def backwards(x: Any, y: Any, *_: Any) -> Any:
        yield from [(x[4:8], y[4:8]), (x[:4], y[:4])]

    given = judged("batch_grad_variance", batches=backwards)
    assert strips(given, 0) == [[4, 5, 6, 7, 0, 1, 2, 3]] * 4
    figure, _ = drawn(given)
    bars = figure.axes[0].patches[: 2 * SIZE]
    edges = [bar.get_x() for bar in bars]  # type: ignore[attr-defined]
    assert edges == pytest.approx([0, 1, 2, 3, 4.5, 5.5, 6.5, 7.5])


def test_counts_and_variance_are_the_students() -> None:
    """What update_counts and batch_grad_variance return is what is drawn."""
    figure, _ = drawn(
        judged(
            update_counts=lambda n, batch, *_: (batch, 7),
            batch_grad_variance=lambda _, batch: torch.tensor([float(batch)]),
        )
    )
    for label in ("the short last batch counts", "batch_grad_variance"):
        sizes, found = points(figure, label).T
        assert found.tolist() == sizes.tolist()


def test_the_measured_variance_is_near_the_exact_one() -> None:
    """The points of shuffled batches lie about the line, and at 0 where a batch has all rows."""
    figure, _ = drawn(judged())
    exact, measured = (
        points(figure, name)[:, 1] for name in ("batch_grad_variance", "first batch of")
    )
    assert measured == pytest.approx(exact, rel=0.3, abs=1e-12)


def test_a_copy_of_the_path_has_no_empty_panel() -> None:
    """Without batch_grad_variance three panels share the figure."""
    figure, told = drawn(without(judged(), "batch_grad_variance", "split", "one_pass", "Stream"))
    assert told == [] and titles(figure) == TITLES[:3]


def test_what_does_not_pass_is_told() -> None:
    """Panels that wait say for what, and the others are drawn."""
    figure, told = drawn(judged("batches", "update_counts"))
    names = ["batches", "update_counts"]
    assert told == [f"{n} does not pass yet: pytest exercises/m09_data.py::{n}" for n in names]
    assert titles(figure) == TITLES


def stopping(*_: Any) -> Any:
    """Yield one batch, then stop."""
    yield torch.zeros(4, 1), torch.zeros(4, 1)
    raise ValueError("no more")


@pytest.mark.parametrize(
    ("name", "gives", "line"),
    [
        ("batches", stopping, "batches stopped with ValueError: no more"),
        ("make_loader", lambda *_: [(torch.ones(4), 0)], "make_loader gave the shape [4] in"),
        ("make_loader", lambda *_: [(torch.full((1, 1), 99.0), 0)], "make_loader gave rows that"),
        ("update_counts", lambda *_: 3, "update_counts gave the shape [30] in place of [30, 2]"),
        ("batch_grad_variance", lambda *_: [torch.inf], "batch_grad_variance gave nan or inf"),
    ],
)
def test_what_cannot_be_drawn_is_told(name: str, gives: Any, line: str) -> None:
    """A line names the function and what is wrong; no title is lost."""
    given = judged("batch_grad_variance" if name == "batches" else "", **{name: gives})
    figure, told = drawn(given)
    assert told and told[0].startswith(line)
    assert titles(figure) == TITLES
