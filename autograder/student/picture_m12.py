"""The picture of m12: the cost of a line as a surface, and the descent over it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from autograder.student.charts import (
    BIAS,
    BLACK,
    BLUE,
    COST,
    ORANGE,
    SLOPE,
    VERMILLION,
    Numbers,
    contours,
    costs_on,
    grid,
    mark_ends,
    mark_lowest,
    mark_minimum,
    numbers,
)
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels
from autograder.student.two_paths import draw_comparison

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# What m12 draws: points about y = 3x + 0.5, and a descent from a line that is far from it.
POINTS, TRUE_SLOPE, TRUE_BIAS, SIGMA, SEED = 40, 3.0, 0.5, 0.5, 12
START, EPOCHS = (-1.0, 3.0), 100


class Scene:
    """What the panels of m12 share, each computed when it is first asked for.

    All costs are mean squared errors, in units of y squared; a point of the surface is a pair of
    slope (y per x) and bias (y).
    """

    def __init__(self, judged: Judged) -> None:
        self.judged = judged

    @cached_property
    def points(self) -> tuple[Tensor, Tensor]:
        """The student's noisy points x and y, both [POINTS, 1]."""
        generator = torch.Generator().manual_seed(SEED)
        x, y = self.judged.call("noisy_line", POINTS, TRUE_SLOPE, TRUE_BIAS, SIGMA, generator)
        return x, y

    @cached_property
    def rate(self) -> float:
        """A learning rate that suits these x, however they are spread: half of 1/curvature."""
        x = numbers(self.points[0])
        design = np.hstack([x, np.ones_like(x)])
        return float(0.5 / np.linalg.eigvalsh(2 * design.T @ design / len(x))[-1])

    @cached_property
    def path(self) -> Numbers:
        """The student's path of (slope, bias), [EPOCHS + 1, 2]."""
        return numbers(self.judged.call("fit_line", *self.points, self.rate, EPOCHS, START))

    @cached_property
    def best(self) -> tuple[float, float]:
        """The slope and bias of the least-squares line."""
        x, y = (numbers(t).ravel() for t in self.points)
        slope, bias = np.polyfit(x, y, 1)
        return float(slope), float(bias)

    @cached_property
    def axes(self) -> tuple[Numbers, Numbers]:
        """The slopes and the biases of the grid, [GRID] each, about the best line."""
        return grid(np.array([START, self.best]), np.array(self.best))

    @cached_property
    def surface(self) -> Numbers:
        """The student's costs on the grid, [GRID slopes, GRID biases]."""
        return self.costs(*self.axes)

    def costs(self, slopes: Numbers, biases: Numbers) -> Numbers:
        """Return the student's costs [K, M] for slopes [K] and biases [M]."""
        return costs_on(self.judged, *self.points, slopes, biases)

    @cached_property
    def path_costs(self) -> Numbers:
        """The cost at each point of the path, [EPOCHS + 1]."""
        return np.diagonal(self.costs(self.path[:, 0], self.path[:, 1]))


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the six panels of m12; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (3, 3))


def draw_contours(axes: Axes, scene: Scene) -> None:
    """Draw the cost surface from above, and the path over it."""
    path = scene.path
    contours(axes, *scene.axes, scene.surface)
    text = f"path, lr {scene.rate:.2g}"
    axes.plot(*path.T, "-", color="white", marker="o", ms=4, mec=BLACK, mew=0.6, label=text)
    mark_lowest(axes, *scene.best)
    mark_ends(axes, path)


def draw_surface(axes: Any, scene: Scene) -> None:
    """Draw the cost surface in 3D, and the path on it."""
    slopes, biases = np.meshgrid(*scene.axes, indexing="ij")
    path = np.column_stack([scene.path, scene.path_costs])
    axes.plot_surface(slopes, biases, scene.surface, cmap="cividis", alpha=0.6, lw=0)
    axes.plot(*path.T, "-", color=BLACK, marker=".", ms=4, zorder=5, label="path")
    mark_lowest(axes, *scene.best, scene.costs(*np.array(scene.best)[:, None])[0, 0])
    mark_ends(axes, path)
    axes.set_zlabel(COST, labelpad=4, fontsize="small")
    axes.xaxis.labelpad = axes.yaxis.labelpad = 8  # or they lie on the ticks
    axes.view_init(elev=32, azim=-55)
    axes.set_box_aspect(None, zoom=0.74)  # or the label of the third axis lies over a neighbour


def draw_line(axes: Axes, scene: Scene) -> None:
    """Draw the noisy points, the line that the descent starts from and the one it ends at."""
    x, y = (numbers(t).ravel() for t in scene.points)
    ends = np.array([x.min(), x.max()])
    axes.plot(x, y, "o", color=BLUE, ms=4, alpha=0.7, label="points")
    for (slope, bias), style, name in (
        (scene.path[0], "--", "start"),
        (scene.path[-1], "-", f"after {EPOCHS} epochs"),
    ):
        color = ORANGE if name == "start" else VERMILLION
        text = f"{name}: y = {slope:.2f} x {'-' if bias < 0 else '+'} {abs(bias):.2f}"
        axes.plot(ends, slope * ends + bias, style, color=color, lw=2, label=text)
    axes.set(xlabel="x", ylabel="y")


def draw_slope_slice(axes: Axes, scene: Scene) -> None:
    """Draw the cost over the slope, where the bias is that of the best line."""
    bias, slopes = scene.best[1], scene.axes[0]
    best = scene.judged.call("slice_minimum", *scene.points, bias=bias)
    cost = scene.costs(np.array([best]), np.array([bias]))[0, 0]
    curve = scene.costs(slopes, np.array([bias]))[:, 0]
    axes.plot(slopes, curve, "-", color=BLUE, label=f"bias = {bias:.2f}")
    mark_minimum(axes, best, cost)
    axes.set(xlabel=SLOPE, ylabel=COST)


def draw_bias_slice(axes: Axes, scene: Scene) -> None:
    """Draw the cost over the bias, where the slope is that of the best line."""
    slope, biases = scene.best[0], scene.axes[1]
    best = scene.judged.call("slice_minimum", *scene.points, slope=slope)
    cost = scene.costs(np.array([slope]), np.array([best]))[0, 0]
    curve = scene.costs(np.array([slope]), biases)[0]
    axes.plot(biases, curve, "--", color=BLUE, label=f"slope = {slope:.2f}")
    mark_minimum(axes, best, cost)
    axes.set(xlabel=BIAS, ylabel=COST)


def draw_losses(axes: Axes, scene: Scene) -> None:
    """Draw the learning curves: of a slope alone, and of slope and bias where that can be had."""
    x, y = scene.points
    _, losses = scene.judged.call("fit_slope", x, y, START[0], scene.rate, EPOCHS)
    axes.semilogy(losses, "--", color=ORANGE, lw=2, label="slope only: fit_slope")
    if scene.judged.passes("fit_line", "cost_surface"):
        axes.semilogy(scene.path_costs, "-", color=BLUE, lw=2, label="slope and bias: fit_line")
    axes.set(xlabel="epoch", ylabel=COST)
    axes.grid(alpha=0.3)


PANELS = (
    Panel(
        "Descent over the cost surface",
        ("noisy_line", "fit_line", "cost_surface"),
        draw_contours,
        instead=draw_comparison,
    ),
    Panel(
        "The same in 3D", ("noisy_line", "fit_line", "cost_surface"), draw_surface, projection="3d"
    ),
    Panel("The fitted line", ("noisy_line", "fit_line"), draw_line),
    Panel(
        "Slice at the best bias", ("noisy_line", "cost_surface", "slice_minimum"), draw_slope_slice
    ),
    Panel(
        "Slice at the best slope", ("noisy_line", "cost_surface", "slice_minimum"), draw_bias_slice
    ),
    Panel("Cost over the epochs", ("noisy_line", "fit_slope"), draw_losses),
)
