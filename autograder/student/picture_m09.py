"""The picture of m09: the batches of epochs, how many updates they make, how noisy one is."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, Numbers, checked
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROWS, SIZE, SEED = 11, 4, 9  # so that the last batch is short
COUNTED = 24  # rows, for update_counts
SAMPLES = 300  # epochs, for the variance of a batch's gradient


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m09; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, judged, PANELS, (2, 2))


def rows_of(judged: Judged, name: str, made: Iterable[Any]) -> list[Numbers]:
    """Return the numbers of the rows in each batch of an epoch; Stopped where they are none."""
    found = []
    with judged.stopping(name):
        for xb, _ in islice(made, 2 * ROWS):
            batch = checked(judged, name, xb, len(xb), 1)
            if not set(batch.ravel()) <= set(range(ROWS)):
                judged.stop(f"{name} gave rows that are not in the data")
            found.append(batch.ravel())
    return found


def data(rows: int = ROWS) -> tuple[Tensor, Tensor]:
    """Return x, the number of each row, and y, [rows, 1] both."""
    x = torch.arange(rows, dtype=torch.float64)[:, None]
    return x, 10 * x


def draw_batches(axes: Axes, judged: Judged) -> None:
    """Draw two epochs of `batches` in order, and two that are shuffled."""
    draws = torch.Generator().manual_seed(SEED)
    strips = {}
    for shuffle, word in ((False, "in order"), (True, "shuffled")):
        for epoch in (1, 2):
            made = judged.call("batches", *data(), SIZE, shuffle, draws if shuffle else None)
            strips[f"{word},\nepoch {epoch}"] = rows_of(judged, "batches", made)
    _draw_strips(axes, strips)


def draw_loaders(axes: Axes, judged: Judged) -> None:
    """Draw two epochs of a loader, and of a second one with the same seed."""
    strips = {}
    for word in ("a loader", "again"):
        loader = judged.call("make_loader", *data(), SIZE, SEED)
        for epoch in (1, 2):
            strips[f"{word},\nepoch {epoch}"] = rows_of(judged, "make_loader", loader)
    _draw_strips(axes, strips)


def _draw_strips(axes: Axes, strips: dict[str, list[Numbers]]) -> None:
    """Draw a strip for each epoch: a cell for each row, with a gap after each batch."""
    from matplotlib import colormaps

    for height, batches in enumerate(strips.values()):
        left = 0.0
        for batch in batches:
            for place, row in enumerate(batch):
                share = row / (ROWS - 1)
                fill = colormaps["cividis"](share)
                at = left + place + 0.5
                axes.bar(at, 0.7, 1.0, bottom=height - 0.35, color=fill, ec=BLACK, lw=0.7)
                ink = BLACK if share > 0.5 else "white"
                axes.text(at, height, f"{row:.0f}", ha="center", va="center", color=ink)
            left += len(batch) + 0.5
    axes.set_yticks(range(len(strips)), list(strips))
    axes.set(xlim=(-0.3, ROWS + 1.3), ylim=(len(strips) - 0.4, -0.6), xticks=[])
    axes.set_xlabel(f"rows 0 to {ROWS - 1} as they come; a gap ends a batch of up to {SIZE}")
    axes.tick_params(left=False)


def draw_counts(axes: Axes, judged: Judged) -> None:
    """Draw how many updates an epoch makes with batches of each size."""
    sizes = range(1, COUNTED + 7)
    for drop, style, color in ((False, "-o", BLUE), (True, "--s", ORANGE)):
        counts = [judged.call("update_counts", COUNTED, size, 1, drop) for size in sizes]
        found = checked(judged, "update_counts", counts, len(sizes), 2)[:, 0]
        label = "the short last batch is left out" if drop else "the short last batch counts"
        axes.plot(sizes, found, style, color=color, ms=4, label=label)
    axes.set(xlabel=f"rows in a batch, of {COUNTED}", ylabel="updates in an epoch")
    axes.grid(alpha=0.3)


def draw_variance(axes: Axes, judged: Judged) -> None:
    """Draw the variance of a batch's gradient over its size, and that of shuffled batches."""
    grads = gradients()
    sizes = range(1, ROWS + 1)
    values = [judged.call("batch_grad_variance", grads, size) for size in sizes]
    found = [checked(judged, "batch_grad_variance", value, 1).item() for value in values]
    axes.plot(sizes, found, "-", color=BLUE, lw=2, label="batch_grad_variance")
    if judged.passes("batches"):
        spread = [_measured(judged, grads, size) for size in sizes]
        label = f"first batch of {SAMPLES} shuffled epochs"
        axes.plot(sizes, spread, "o", color=VERMILLION, mec=BLACK, ms=6, label=label)
    axes.set(xlabel=f"rows in a batch, of {ROWS}", ylabel="variance of its gradient")
    axes.set_xticks([*sizes])
    axes.grid(alpha=0.3)


def gradients() -> Tensor:
    """Return the gradient of each row, [ROWS, 1], as a made-up example."""
    return torch.cos(3 * data()[0]) + 0.1 * data()[0]


def _measured(judged: Judged, grads: Tensor, size: int) -> float:
    """Return the variance of the mean gradient over the first batches of shuffled epochs."""
    draws, means = torch.Generator().manual_seed(SEED), []
    for _ in range(SAMPLES):
        made = judged.call("batches", *data(), size, True, draws)
        with judged.stopping("batches"):
            xb, _ = next(iter(made))
        rows = checked(judged, "batches", xb, size, 1).ravel().astype(int)
        means.append(grads.numpy()[rows].mean())
    return float(np.var(means))


PANELS = (
    Panel("Epochs of batches", ("batches",), draw_batches),
    Panel("A loader repeats its epochs by its seed", ("make_loader",), draw_loaders),
    Panel("Large batches make few updates", ("update_counts",), draw_counts),
    Panel("Large batches are less noisy", ("batch_grad_variance",), draw_variance),
)
