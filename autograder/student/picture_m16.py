"""The picture of m16: double descent, expected errors, and the slope of a learning rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, Numbers
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Double descent: rows, inputs, noise; the numbers of random features, and how often they are drawn.
ROWS, INPUTS, SIGMA, SEEDS = 40, 10, 0.1, 5
WIDTHS = (2, 4, 7, 11, 16, 22, 28, 33, 36, 38, 40, 42, 44, 48, 55, 66, 85, 120, 200, 400)
TICKS = (2, 5, 10, 20, 40, 100, 200, 400)
WEIGHTS, MOST_ROWS = 10, 60  # of the expected errors
# Tuning: steps of a training, the rates that are drawn, and those that select_lr chooses from.
STEPS, RATES, CANDIDATES = 25, np.linspace(0.005, 0.255, 51), np.linspace(0.02, 0.245, 6)
TRAINING, NEW = "training rows", "new rows"


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the three panels of m16; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, judged, PANELS, (1, 2))


def _data(seed: int, rows: int, inputs: int, sigma: float) -> tuple[Tensor, ...]:
    """Return x and y of noisy rows, and xt and yt of many rows without noise."""
    draws = torch.Generator().manual_seed(seed)
    shapes = ((inputs, 1), (rows, inputs), (rows, 1), (400, inputs))
    w, x, noise, xt = (torch.randn(s, generator=draws, dtype=torch.float64) for s in shapes)
    w = w / inputs**0.5
    return x, x @ w + sigma * noise, xt, xt @ w


def descents(judged: Judged) -> tuple[Numbers, Numbers]:
    """Return the median errors on new rows, for all widths, and on training rows, for few."""
    own, new = [], []
    for seed in range(SEEDS):
        x, y, xt, yt = _data(seed, ROWS, INPUTS, SIGMA)
        new.append(judged.call("double_descent", x, y, xt, yt, WIDTHS, seed))
        own.append(judged.call("double_descent", x, y, x, y, _up_to_rows(), seed))
    return np.median(new, axis=0), np.median(own, axis=0)


def _up_to_rows() -> list[int]:
    """Return the widths up to the number of rows: from there on the training error is 0."""
    return [width for width in WIDTHS if width <= ROWS]


def draw_descents(axes: Axes, judged: Judged) -> None:
    """Draw the errors over the number of random features; the training error leaves the axes."""
    new, own = descents(judged)
    axes.axvline(ROWS, ls=":", color=BLACK, label=f"as many features as rows: {ROWS}")
    axes.loglog(WIDTHS, new, "-o", ms=5, color=VERMILLION, label=NEW)
    axes.loglog(_up_to_rows(), own, "--s", ms=4, color=BLUE, label=f"{TRAINING}, then 0")
    axes.set(xlabel="number of random features", ylabel="mean squared error")
    axes.set_ylim(0.01, 3 * new.max())
    axes.set_xticks(TICKS, labels=list(map(str, TICKS)))
    axes.minorticks_off()
    axes.grid(alpha=0.3)


def draw_expected(axes: Axes, judged: Judged) -> None:
    """Draw both expected errors over the number of training rows."""
    rows = range(1, MOST_ROWS + 1)
    errors = np.array([judged.call("expected_errors", n, WEIGHTS, 1.0) for n in rows])
    axes.axvspan(0, WEIGHTS + 1.5, color=ORANGE, alpha=0.25, label="new rows: infinite")
    axes.axhline(1, ls=":", color=BLACK, label="the noise alone")
    axes.plot(rows, errors[:, 1], "-o", ms=3, color=VERMILLION, label=NEW)
    axes.plot(rows, errors[:, 0], "--s", ms=3, color=BLUE, label=TRAINING)
    axes.set(xlabel=f"training rows n, for {WEIGHTS} weights", ylabel="expected squared error")
    axes.set(xlim=(0, MOST_ROWS), ylim=(-0.1, 4.2))
    axes.grid(alpha=0.3)


def trained(judged: Judged, lr: float) -> tuple[float, float]:
    """Return the validation loss after a training with a learning rate, and its slope."""
    x, y, xv, yv = _data(3, 12, 6, 1.0)
    rate = torch.tensor(float(lr), dtype=torch.float64)
    loss, slope = judged.call("hypergrad", x, y, xv, yv, rate, STEPS)
    return float(loss), float(slope)


def draw_tuning(axes: Axes, judged: Judged) -> None:
    """Draw the validation loss over the learning rate, its slope, and the rate that is chosen."""
    curve = np.array([trained(judged, lr)[0] for lr in RATES])
    axes.plot(RATES, curve, "-", color=BLUE, label=f"validation loss after {STEPS} steps")
    reach = 0.012
    for lr in CANDIDATES:
        loss, slope = trained(judged, lr)
        ends = np.array([-reach, reach])
        name = "slope: hypergrad" if lr == CANDIDATES[0] else None
        axes.plot(lr + ends, loss + slope * ends, "-", lw=3, color=ORANGE, label=name)
        axes.plot(lr, loss, "o", ms=4, color=BLACK)
    best = judged.call(
        "select_lr",
        CANDIDATES.tolist(),
        lambda lr: trained(judged, lr),
        lambda model: 0.0,
        lambda model: model[0],
    )
    loss = trained(judged, best)[0]
    axes.plot(best, loss, "*", ms=15, color=VERMILLION, mec=BLACK, label=f"select_lr: {best:.3g}")
    axes.set(xlabel="learning rate", ylabel="mean squared error, new rows")
    axes.grid(alpha=0.3)


PANELS = (
    Panel("Double descent of the error on new rows", ("double_descent",), draw_descents),
    Panel("Expected errors of least squares", ("expected_errors",), draw_expected),
    Panel("A learning rate has a gradient", ("hypergrad", "select_lr"), draw_tuning),
)
