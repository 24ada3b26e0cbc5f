"""The picture of m02: where the numbers of a view lie in its storage.

Every storage here holds the numbers 0, 1, 2 and so on, so that a number is its own place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from autograder.student.charts import BLACK, numbers
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PLACES = 12  # of every storage
SHAPE = (3, 4)
# Light tones of Okabe and Ito's colours, on which black numbers can be read.
TONES = ("#9FD3F2", "#F5CC77", "#8FD6BE", "#E6B8D3")
UNUSED, COPY = "#EEEEEE", "#FFFFFF"
WORDS: dict[str, Any] = {"ha": "left", "va": "center", "fontsize": 9}


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the six panels of m02; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, judged, PANELS, (3, 3))


def draw_matrix(axes: Axes, judged: Judged) -> None:
    """Draw a new matrix: its strides are those of the student."""
    _view(axes, judged, SHAPE, judged.call("strides_of", SHAPE), 0)


def draw_transpose(axes: Axes, judged: Judged) -> None:
    """Draw its transpose: sizes and strides have changed places."""
    _view(axes, judged, SHAPE[::-1], judged.call("strides_of", SHAPE)[::-1], 0)


def draw_columns(axes: Axes, judged: Judged) -> None:
    """Draw every second of its columns, from the second on."""
    rows, columns = judged.call("strides_of", SHAPE)
    _view(axes, judged, (SHAPE[0], 2), (rows, 2 * columns), columns)


def draw_windows(axes: Axes, judged: Judged) -> None:
    """Draw the windows of every second number, each number under its place."""
    windows = numbers(judged.call("sliding_windows", _storage()[1::2], 3))
    used = {int(place): TONES[0] for row in windows for place in row}
    _strip(axes, range(PLACES), used, 0)
    axes.text(0, 0.6, "storage; x is every second number", **WORDS)
    for row, places in enumerate(windows.astype(int).tolist()):
        top = -1.6 - 1.4 * row
        axes.plot(
            [places[0] + 0.5, places[-1] + 0.5], [top - 0.5] * 2, "-", color=BLACK, lw=1, zorder=0
        )
        for place in places:
            _cell(axes, place, top, str(place), TONES[row % len(TONES)])
        axes.text(places[-1] + 1.2, top - 0.5, f"row {row}", **WORDS)
    axes.text(0, -7.9, "rows share numbers: nothing is copied", **WORDS)
    _frame(axes)


def draw_flat(axes: Axes, judged: Judged) -> None:
    """Draw what flatten makes of three layouts: a view under its places, a copy apart."""
    matrix = _storage().view(SHAPE)
    _strip(axes, range(PLACES), {}, 0)
    axes.text(0, 0.6, "storage of m, 3 rows of 4", **WORDS)
    parts = {"m": matrix, "m[:, ::2]": matrix[:, ::2], "m.t()": matrix.t()}
    for row, (name, part) in enumerate(parts.items()):
        flat, copied = judged.call("flatten", part)
        top, values = -2.4 - 2.4 * row, numbers(flat).astype(int).tolist()
        told = "copied: new memory" if copied else "a view, in its places"
        axes.text(0, top + 0.45, f"flatten({name}): {told}", **WORDS)
        for at, value in enumerate(values):
            place = at if copied else value
            _cell(axes, place, top, str(value), COPY if copied else TONES[0], dashed=copied)
    _frame(axes)


def draw_channels(axes: Axes, judged: Judged) -> None:
    """Draw images with the channels first: the storage keeps the channels of a pixel together."""
    images = judged.call("to_nchw", _storage().view(1, 2, 2, 3))
    planes = numbers(images)[0].astype(int)
    tones = {int(p): TONES[c] for c, plane in enumerate(planes) for p in plane.flat}
    _strip(axes, range(PLACES), tones, 0)
    axes.text(0, 0.6, "storage: the channels of a pixel are neighbours", **WORDS)
    for channel, plane in enumerate(planes):
        left = 0.5 + 4.25 * channel
        axes.text(left, -2.1, f"channel {channel}", **WORDS)
        for row, places in enumerate(plane.tolist()):
            for column, place in enumerate(places):
                _cell(axes, left + column, -2.6 - row, str(place), TONES[channel])
    axes.text(0, -6, f"shape {tuple(images.shape)}", **WORDS)
    axes.text(0, -7, f"strides {images.stride()} for N, C, H, W", **WORDS)
    _frame(axes)


def _storage() -> Tensor:
    """Return a storage whose numbers are their own places."""
    return torch.arange(float(PLACES))


def _view(
    axes: Axes, judged: Judged, shape: tuple[int, int], strides: tuple[int, int], start: int
) -> None:
    """Draw a view of two dimensions as a table, and below it the storage, with its strides."""
    used = {}
    for row in range(shape[0]):
        for column in range(shape[1]):
            place = judged.call("offset", (row, column), strides, start)
            used[place] = TONES[row]
            _cell(axes, column, 1.5 - row, str(place), TONES[row])
    dense = judged.call("is_contiguous", shape, strides)
    lines = (f"shape {shape}", f"strides {strides}", f"start {start}")
    for row, line in enumerate((*lines, "contiguous" if dense else "not contiguous")):
        axes.text(5, 1 - row, line, **WORDS)
    _strip(axes, range(PLACES), used, -5.2)
    for dim, (height, name) in enumerate(((-4.9, "next row"), (-6.5, "next column"))):
        end = judged.call("offset", (1 - dim, dim), strides, start)
        _jump(axes, start, end, height, f"{name}: +{strides[dim]}")
    _frame(axes)


def _jump(axes: Axes, start: int, end: int, height: float, words: str) -> None:
    """Draw an arrow from one place of the storage to another, above or below it."""
    bend = -0.35 if height > -6 else 0.35
    axes.annotate(
        "",
        (end + 0.5, height),
        (start + 0.5, height),
        arrowprops={"arrowstyle": "->", "connectionstyle": f"arc3,rad={bend}", "lw": 1.2},
    )
    axes.text(end + 1, height + (0.4 if bend < 0 else -0.4), words, **WORDS)


def _strip(axes: Axes, places: Sequence[int], tones: Mapping[int, str], top: float) -> None:
    """Draw a storage: a row of cells, grey where nothing of a view lies."""
    for place in places:
        _cell(axes, place, top, str(place), tones.get(place, UNUSED))


def _cell(axes: Axes, left: float, top: float, words: str, tone: str, dashed: bool = False) -> None:
    """Draw a cell of 1 by 1 with a number in it."""
    from matplotlib.patches import Rectangle

    style = "--" if dashed else "-"
    axes.add_patch(
        Rectangle((left, top - 1), 1, 1, facecolor=tone, edgecolor=BLACK, lw=0.8, ls=style)
    )
    axes.text(left + 0.5, top - 0.5, words, ha="center", va="center", fontsize=9)


def _frame(axes: Axes) -> None:
    """Show all that is drawn, with square cells and without axes."""
    axes.set(xlim=(-0.3, PLACES + 1.8), ylim=(-8.6, 2.2), aspect="equal")
    axes.set_axis_off()


PANELS = (
    Panel("A matrix in its storage", ("strides_of",), draw_matrix),
    Panel("Its transpose", ("strides_of",), draw_transpose),
    Panel("Its second and fourth column", ("strides_of",), draw_columns),
    Panel("Sliding windows of 3", ("sliding_windows",), draw_windows),
    Panel("Flattened", ("flatten",), draw_flat),
    Panel("Images [N, H, W, C] as [N, C, H, W]", ("to_nchw",), draw_channels),
)
