"""`descent plot m02`: where the numbers of views lie in their storage."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from torch import Tensor

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from autograder.student.picture_m02 import TONES, UNUSED
from tests import pictures
from tests.pictures import drawn

judged = partial(pictures.judged, "m02_layout")

TITLES = [
    "A matrix in its storage",
    "Its transpose",
    "Its second and fourth column",
    "Sliding windows of 3",
    "Flattened",
    "Images [N, H, W, C] as [N, C, H, W]",
]


def words(figure: Figure, panel: int) -> list[str]:
    """Return the texts of a panel."""
    return [text.get_text().replace("\n", " ") for text in figure.axes[panel].texts]


def cells(figure: Figure, panel: int) -> list[tuple[float, float, Any]]:
    """Return left, bottom and colour of each cell of a panel."""
    patches = [p for p in figure.axes[panel].patches if isinstance(p, Rectangle)]
    return [(p.get_x(), p.get_y(), p.get_facecolor()) for p in patches]


def test_every_panel_is_drawn() -> None:
    """With all functions right, six panels have their titles and cells, and nothing is told."""
    figure, told = drawn(judged())
    assert told == []
    assert [axes.get_title() for axes in figure.axes] == TITLES
    assert [len(cells(figure, panel)) for panel in range(6)] == [24, 24, 18, 24, 42, 24]


def test_the_cells_of_views_are_those_of_their_storage() -> None:
    """Four columns are contiguous; two of them use every second place; the transpose jumps."""
    from matplotlib.colors import to_rgba

    figure, _ = drawn(judged())
    assert {"shape (3, 4)", "strides (4, 1)", "contiguous"} <= {*words(figure, 0)}
    assert {"shape (4, 3)", "strides (1, 4)", "not contiguous"} <= {*words(figure, 1)}
    used = [x for x, y, tone in cells(figure, 2)[6:] if tone != to_rgba(UNUSED)]
    assert used == [1, 3, 5, 7, 9, 11]
    windows = cells(figure, 3)[12:]
    assert [x for x, _, _ in windows] == [1, 3, 5, 3, 5, 7, 5, 7, 9, 7, 9, 11]
    assert {tone for _, _, tone in windows} == {to_rgba(tone) for tone in TONES}
    assert [line for line in words(figure, 4) if "flatten" in line] == [
        "flatten(m): a view, in its places",
        "flatten(m[:, ::2]): a view, in its places",
        "flatten(m.t()): copied: new memory",
    ]
    assert "strides (12, 1, 6, 3) for N, C, H, W" in words(figure, 5)


def test_a_failing_exercise_is_told_in_its_panels() -> None:
    """What needs it is not drawn, the rest is."""
    figure, told = drawn(judged("strides_of"))
    line = "strides_of does not pass yet: pytest exercises/m02_layout.py::strides_of"
    assert told == [line] * 3
    shown = [["".join(text.split()) for text in words(figure, panel)] for panel in range(3)]
    assert shown == [["".join(line.split())]] * 3
    assert len(cells(figure, 3)) == 24


def test_a_function_that_raises_leaves_a_line() -> None:
    """The panel has the line in place of cells, and the picture goes on."""

    def raising(x: Tensor, *_: Any) -> Tensor:
        raise ValueError("no windows")

    given = judged(sliding_windows=raising)
    figure, told = drawn(given)
    line = "sliding_windows stopped with ValueError: no windows"
    assert told == given.stopped == [line]
    axes = next(axes for axes in figure.axes if axes.get_title() == TITLES[3])
    assert [text.get_text().replace("\n", " ") for text in axes.texts] == [line]
    assert len(figure.axes) == 6
