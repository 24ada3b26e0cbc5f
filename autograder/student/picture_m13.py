"""The picture of m13: a bowl with three descents, their losses, how many steps, and the cost."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from autograder.student import charts
from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, Numbers, numbers
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHARES = (0.12, 0.9, 1.05)  # of the limit: the learning rates of the three descents
STYLES = ((BLUE, "o", "-"), (ORANGE, "s", "--"), (VERMILLION, "^", ":"))
STEPS, SHOWN = 30, 10  # of a descent; so many of them on the bowl
START = (2.2, -0.3)  # away from the minimum, in weight and bias
TOLERANCE = 1e-3
ROWS, TARGETS = 1000, 1  # of the map of operations


class Scene:
    """What the panels of m13 share, each computed when it is first asked for.

    The model has one weight and one bias; the data are eight points near a line.
    """

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        self.x = torch.linspace(-0.5, 1.5, 8, dtype=torch.float64)[:, None]
        self.y = 1.5 * self.x - 0.5 + 0.2 * torch.cos(9 * self.x)

    @cached_property
    def hessian(self) -> Numbers:
        """The student's Hessian for weight and bias, [2, 2]."""
        return numbers(self.judged.call("mse_hessian", self.x))

    @cached_property
    def curvatures(self) -> Tensor:
        """Its eigenvalues, [2]."""
        return torch.from_numpy(np.linalg.eigvalsh(self.hessian))

    @cached_property
    def limit(self) -> float:
        """The student's limit of stable learning rates."""
        return float(self.judged.call("largest_stable_lr", self.x))

    @cached_property
    def rates(self) -> list[float]:
        """The learning rates of the three descents."""
        return [share * self.limit for share in SHARES]

    @cached_property
    def paths(self) -> list[Numbers]:
        """The three descents, as distances from the minimum: [STEPS + 1, 2] each."""
        found = []
        for rate in self.rates:
            path = [np.array(START)]
            for _ in range(STEPS):
                path.append(path[-1] - rate * self.hessian @ path[-1])
            found.append(np.array(path))
        return found

    def height(self, away: Numbers) -> Numbers:
        """Return how far above the minimum the loss is, [...], at distances from it, [..., 2]."""
        above: Numbers = 0.5 * np.einsum("...i,ij,...j->...", away, self.hessian, away)
        return above


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m13; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (2, 2))


def draw_bowl(axes: Axes, scene: Scene) -> None:
    """Draw the loss from above, the student's minimum, and three descents towards it."""
    w, b = scene.judged.call("least_squares", scene.x, scene.y)
    best = np.array([float(w), float(b)])
    sides = np.linspace(-1.9, 2.7, 81), np.linspace(-2.3, 3.4, 81)  # more room above: the legend
    grid = np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1)
    heights = scene.height(grid)
    weights, biases = grid[..., 0] + best[0], grid[..., 1] + best[1]
    levels = np.geomspace(0.02, heights.max(), 12)
    axes.contour(weights, biases, heights, levels, colors="0.75", linewidths=0.8)
    for rate, path, (color, marker, line) in zip(scene.rates, scene.paths, STYLES, strict=True):
        word = scene.judged.call("regime", rate, scene.curvatures)
        points = (path[: SHOWN + 1] + best).T
        label = f"lr {rate:.2f}: {word}"
        axes.plot(*points, line, marker=marker, color=color, ms=5, mec=BLACK, mew=0.5, label=label)
    axes.plot(*best, "*", color="white", mec=BLACK, ms=14, ls="", zorder=6, label="least_squares")
    axes.set(xlabel="weight", ylabel="bias")


def draw_losses(axes: Axes, scene: Scene) -> None:
    """Draw how far the loss is above its minimum, step by step."""
    names = [f"lr {rate:.2f}, {rate / scene.limit:.2f} of the limit" for rate in scene.rates]
    charts.draw_losses(axes, zip(names, map(scene.height, scene.paths), STYLES, strict=True))


def draw_steps(axes: Axes, scene: Scene) -> None:
    """Draw how many steps each learning rate takes, with the best one and the limit."""
    call, lams = scene.judged.call, scene.curvatures
    rates = [share * scene.limit for share in np.linspace(0.02, 0.995, 196)]
    counts = [call("steps_to", rate, lams, TOLERANCE) for rate in rates]
    best, rate = call("best_lr", lams)
    axes.semilogy(rates, counts, "-", color=BLUE, label=f"steps_to, tol {TOLERANCE:g}")
    label = f"best_lr {best:.2f}, rate {rate:.2f}"
    axes.axvline(best, color=ORANGE, ls="--", label=label)
    axes.axvline(scene.limit, color=VERMILLION, ls=":", label=f"limit {scene.limit:.2f}")
    axes.set(xlabel="learning rate", ylabel="steps")
    axes.set_yticks(marks := [10, 20, 50, 100, 200, 500], [str(mark) for mark in marks])
    axes.minorticks_off()
    axes.grid(alpha=0.3)


def draw_operations(axes: Axes, scene: Scene) -> None:
    """Draw for which numbers of features and steps gradient descent takes fewer operations."""
    from matplotlib.colors import ListedColormap

    features = np.unique(np.geomspace(2, 10_000, 60).astype(int))
    steps = np.unique(np.geomspace(1, 10_000, 60).astype(int))
    wins = np.array(
        [
            [scene.judged.call("gd_wins", ROWS, d, TARGETS, k) for d in features.tolist()]
            for k in steps.tolist()
        ]
    )
    pale = ListedColormap(["#FBEBCC", "#CFE3F1"])
    axes.pcolormesh(features, steps, wins, cmap=pale, vmin=0, vmax=1, shading="nearest")
    axes.text(1500, 8, "gradient descent\ntakes fewer", ha="center", va="center")
    axes.text(20, 1000, "the normal equations\ntake as few or fewer", ha="center", va="center")
    axes.set(xscale="log", yscale="log", xlabel=f"features, with {ROWS} rows", ylabel="steps")


PANELS = (
    Panel(
        "The bowl, and three learning rates",
        ("mse_hessian", "largest_stable_lr", "best_lr", "least_squares"),
        draw_bowl,
    ),
    Panel("Their losses", ("mse_hessian", "largest_stable_lr"), draw_losses),
    Panel("How many steps", ("mse_hessian", "largest_stable_lr", "best_lr"), draw_steps),
    Panel("Which way takes fewer operations", ("gd_wins",), draw_operations),
)
