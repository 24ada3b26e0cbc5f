"""The picture of m03: how shapes meet, what broadcasting adds, and products, codes and distances.

Each panel shows what the student's own function returns for small numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, Numbers, numbers
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHAPES = ((5, 1, 4), (3, 1))
SEED = 69  # whose points lie apart
LABELS, CLASSES = (2, 0, 3, 2, 0), 4
GREEN, GREY, WHITE = "#009E73", "#BBBBBB", "#FFFFFF"
TINTS = (BLUE, ORANGE, GREEN, VERMILLION)  # one for each class
FORM = 0.95  # width to height of a panel
PALE, STRONG = 0.22, 0.6  # how much of its colour a cell has


class Scene:
    """What the panels of m03 share: small inputs, and what is computed once."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        generator = torch.Generator().manual_seed(SEED)
        self.a, self.b = (
            torch.randn(n, 2, generator=generator, dtype=torch.float64) for n in (6, 4)
        )

    @cached_property
    def dists(self) -> Numbers:
        """The student's squared distances of the rows of a from those of b, [6, 4]."""
        return numbers(self.judged.call("pairwise_sq_dists", self.a, self.b))


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the six panels of m03; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (3, 3))


@dataclass(frozen=True)
class Cell:
    """How a cell of a table looks: its text, its colour and how much of it, a hatch, an edge."""

    text: str = ""
    color: str = WHITE
    strength: float = PALE
    hatch: str | None = None
    edge: str = BLACK


def draw_shapes(axes: Axes, scene: Scene) -> None:
    """Draw the sizes of two shapes, lined up from the right, over those of the common shape."""
    common = scene.judged.call("broadcast_shape", *SHAPES)
    for top, name, shape, color in (
        (0, "a", SHAPES[0], BLUE),
        (1.3, "b", SHAPES[1], ORANGE),
        (2.9, "a + b", common, GREEN),
    ):
        missing = len(common) - len(shape)
        cells = [Cell("none", GREY, hatch="///")] * missing + [
            Cell(str(size), color, hatch="///" if size != whole else None)
            for size, whole in zip(shape, common[missing:], strict=True)
        ]
        _table(axes, [cells], (0, top), width=1.3)
        axes.text(-0.3, top + 0.5, f"{name}\n{_brackets(shape)}", ha="right", va="center")
    axes.plot([0, 1.3 * len(common)], [2.6, 2.6], color=BLACK, lw=1.5)
    axes.text(1.95, 4.2, "hatched: stretched along this axis", ha="center", va="top")
    _frame(axes, (-2.2, 4.2), (-0.2, 4.7))


def draw_bias(axes: Axes, scene: Scene) -> None:
    """Draw a batch, the expanded bias and their sum; what is no memory of its own is hatched."""
    batch, bias = torch.arange(1.0, 13.0).reshape(4, 3), torch.tensor([10.0, 20.0, 30.0])
    out, expanded = scene.judged.call("add_bias", batch, bias)
    tables = (("batch", batch, BLUE), ("expanded", expanded, ORANGE), ("out", out, GREEN))
    for place, (name, values, color) in enumerate(tables):
        left, again = 4.2 * place, values.stride(0) == 0
        _numbers(axes, values, (left, 0), lambda i, _, c=color, a=again: (c, a and i > 0))
        text = f"{name}\nstride {tuple(values.stride())}"
        axes.text(left + 1.5, 4.25, text, ha="center", va="top", fontsize="small")
    for left, sign in ((3.6, "+"), (7.8, "=")):
        axes.text(left, 2, sign, ha="center", va="center", fontsize="x-large")
    axes.text(5.7, -0.35, "hatched: the first row's memory again", ha="center", va="bottom")
    _frame(axes, (-0.3, 11.7), (-1.2, 5.8))


def draw_product(axes: Axes, scene: Scene) -> None:
    """Draw a product with its left factor beside it and its right factor above it."""
    a, b = torch.tensor([[1.0, 2], [3, 4], [5, 6]]), torch.tensor([[1.0, 0, 2, 1], [2, 1, 0, 3]])
    product, row, column = scene.judged.call("matmul", a, b), 1, 3
    _numbers(axes, a, (0, 2.5), lambda i, _: (BLUE, False), lambda i, _: i == row)
    _numbers(axes, b, (2.5, 0), lambda _, j: (ORANGE, False), lambda _, j: j == column)
    chosen = (row, column)
    _numbers(axes, product, (2.5, 2.5), lambda i, j: (GREEN, False), lambda i, j: (i, j) == chosen)
    terms = zip(a[row].tolist(), b[:, column].tolist(), strict=True)
    text = " + ".join(f"{x:g} · {y:g}" for x, y in terms)
    axes.text(3.2, 5.8, f"{text} = {product[chosen]:g}", ha="center", va="top")
    for left, top, name in ((1, 2.35, "a [3, 2]"), (4.5, -0.1, "b [2, 4]")):
        axes.text(left, top, name, ha="center", va="bottom")
    _frame(axes, (-0.3, 6.8), (-0.8, 6.5))


def draw_codes(axes: Axes, scene: Scene) -> None:
    """Draw one-hot codes, a table, and the rows of it that the labels name."""
    y = torch.tensor(LABELS)
    table = torch.tensor([[5.0, 1.0], [2.0, 0.0], [7.0, 3.0], [4.0, 2.0]])
    codes = scene.judged.call("one_hot", y, CLASSES)
    rows = scene.judged.call("embed", y, table)
    of_label = [TINTS[label] for label in LABELS]
    _numbers(axes, codes, (0, 0), lambda i, j: (of_label[i] if codes[i, j] else WHITE, False))
    _numbers(axes, table, (5.2, 0.5), lambda i, _: (TINTS[i], False))
    _numbers(axes, rows, (8.4, 0), lambda i, _: (of_label[i], False))
    for top, label in enumerate(LABELS):
        axes.text(-0.3, top + 0.5, f"label {label}", ha="right", va="center", fontsize="small")
    for left, name in ((2, "one_hot"), (6.2, "table"), (9.4, "embed")):
        axes.text(left, -0.2, name, ha="center", va="bottom")
    _frame(axes, (-2.4, 10.7), (-1.1, 5.3))


def draw_points(axes: Axes, scene: Scene) -> None:
    """Draw the rows of a and b as points, with a line from each of a to its nearest of b."""
    a, b = numbers(scene.a), numbers(scene.b)
    for point, nearest in zip(a, scene.dists.argmin(axis=1), strict=True):
        axes.plot(*zip(point, b[nearest], strict=True), "-", color=VERMILLION, lw=1.5, zorder=1)
    for points, marker, color, name, beside in (
        (a, "o", BLUE, "a", (6, 5)),
        (b, "s", ORANGE, "b", (-13, -11)),
    ):
        axes.plot(*points.T, marker, color=color, mec=BLACK, ms=8, label=f"rows of {name}")
        for index, point in enumerate(points):
            text = str(index)
            axes.annotate(text, point, beside, textcoords="offset points", fontsize="small")
    axes.plot([], [], "-", color=VERMILLION, lw=1.5, label="to the nearest row of b")
    axes.set(xlabel="axis 0", ylabel="axis 1")
    axes.margins(0.12)
    axes.set_aspect("equal", adjustable="datalim")


def draw_dists(axes: Axes, scene: Scene) -> None:
    """Draw the squared distances as a table of colours and numbers; the nearest are framed."""
    from matplotlib.patches import Rectangle

    image = axes.imshow(scene.dists, cmap="cividis", aspect="auto")
    for (i, j), value in np.ndenumerate(scene.dists):
        dark = value < 0.5 * (scene.dists.min() + scene.dists.max())
        axes.text(j, i, f"{value:.1f}", ha="center", va="center", color=WHITE if dark else BLACK)
    for i, j in enumerate(scene.dists.argmin(axis=1)):
        frame = Rectangle((j - 0.45, i - 0.43), 0.9, 0.86, fill=False, ec=VERMILLION, lw=2.5)
        axes.add_patch(frame)
    axes.set(xlabel="row of b", ylabel="row of a", xticks=range(4), yticks=range(6))
    figure = axes.get_figure()
    assert figure is not None
    figure.colorbar(image, ax=axes, label="squared distance")


def _numbers(
    axes: Axes, values: Tensor, at: tuple[float, float], look: Any, strong: Any = lambda *_: False
) -> None:
    """Draw the numbers [n, m] of a tensor as a table: `look` gives a place's colour and whether it
    is hatched, `strong` whether it stands out."""
    rows = [
        [
            Cell(f"{value:g}", color, STRONG if strong(i, j) else PALE, "///" if hatched else None)
            for j, value in enumerate(row)
            for color, hatched in [look(i, j)]
        ]
        for i, row in enumerate(values.tolist())
    ]
    _table(axes, rows, at)


def _table(
    axes: Axes, rows: Sequence[Sequence[Cell]], at: tuple[float, float], width: float = 1
) -> None:
    """Draw cells in rows from the top down, with their upper left corner at a place."""
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Rectangle

    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            corner = at[0] + j * width, at[1] + i
            face = to_rgba(cell.color, cell.strength)
            axes.add_patch(Rectangle(corner, width, 1, fc=face, ec=GREY, hatch=cell.hatch, lw=0))
            axes.add_patch(Rectangle(corner, width, 1, fill=False, ec=cell.edge, lw=0.8))
            middle = corner[0] + width / 2, corner[1] + 0.5
            axes.text(*middle, cell.text, ha="center", va="center")


def _frame(axes: Axes, across: tuple[float, float], down: tuple[float, float]) -> None:
    """Show this part of the plane, with y growing downwards and no axes.

    It is widened to the form of a panel, so that the titles of a row stand on one line.
    """
    width, height = across[1] - across[0], down[1] - down[0]
    more_across = max(FORM * height - width, 0) / 2
    more_down = max(width / FORM - height, 0) / 2
    axes.set(xlim=(across[0] - more_across, across[1] + more_across))
    axes.set(ylim=(down[1] + more_down, down[0] - more_down))
    axes.set_aspect("equal")
    axes.set_axis_off()


def _brackets(shape: Sequence[int]) -> str:
    return f"[{', '.join(map(str, shape))}]"


PANELS = (
    Panel("Shapes meet from the right", ("broadcast_shape",), draw_shapes),
    Panel("A bias for every row", ("add_bias",), draw_bias),
    Panel("A product of matrices", ("matmul",), draw_product),
    Panel("Codes, and rows looked up", ("one_hot",), draw_codes),
    Panel("Each row and its nearest", ("pairwise_sq_dists",), draw_points),
    Panel("All squared distances", ("pairwise_sq_dists",), draw_dists),
)
