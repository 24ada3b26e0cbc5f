"""What pictures share: colours, names of axes, grids, contours, losses along a path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from autograder.student.own_module import Judged

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Numbers = npt.NDArray[np.float64]
Style: TypeAlias = tuple[str, str, str]

# Okabe and Ito's colours; each comes with a marker or a line style of its own.
BLACK, ORANGE, BLUE, VERMILLION = "#000000", "#E69F00", "#0072B2", "#D55E00"
SLOPE, BIAS, COST = "slope (y per x)", "bias (y)", "cost, mean squared error (y²)"
GRID = 61  # points along each axis of a surface


def numbers(values: Any) -> Numbers:
    """Return a tensor's numbers as an array of the same shape."""
    return np.asarray(values.detach().cpu(), dtype=np.float64)


def checked(judged: Judged, name: str, values: Any, *shape: int) -> Numbers:
    """Return what a function of the student's gave, as an array of this shape.

    Stopped, in a line, where it has another shape, or numbers that are nan or infinite.
    """
    with judged.stopping(name):
        found = numbers(torch.as_tensor(values, dtype=torch.float64))
    if found.shape != shape:
        judged.stop(f"{name} gave the shape {list(found.shape)} in place of {list(shape)}")
    if not np.isfinite(found).all():
        judged.stop(f"{name} gave nan or infinity, which has no place in a picture")
    return found


def grid(points: Numbers, centre: Numbers) -> tuple[Numbers, Numbers]:
    """Return slopes and biases, [GRID] each, about a centre [2] and as far as points [n, 2] go."""
    reach = 1.25 * np.abs(points - centre).max(axis=0)
    reach = np.maximum(reach, 0.05 * reach.max() or 1.0)
    slopes, biases = (np.linspace(c - r, c + r, GRID) for c, r in zip(centre, reach, strict=True))
    return slopes, biases


def costs_on(judged: Judged, x: Tensor, y: Tensor, slopes: Numbers, biases: Numbers) -> Numbers:
    """Return the student's costs [K, M] for x and y [N, 1], slopes [K] and biases [M]."""
    ws, bs = (torch.as_tensor(values).to(x) for values in (slopes.copy(), biases.copy()))
    return numbers(judged.call("cost_surface", x, y, ws, bs))


def contours(axes: Axes, slopes: Numbers, biases: Numbers, costs: Numbers) -> None:
    """Fill contours of costs [K, M] at levels of equal ratio, so that the valley shows."""
    from matplotlib.colors import LogNorm

    if not np.isfinite(costs).all():  # a path that explodes: there is nothing to see
        return
    least, greatest = max(costs.min(), costs.max() / 1e4), costs.max()
    levels = np.geomspace(least, greatest * 1.001, 16)
    filled = axes.contourf(
        slopes, biases, costs.T, levels, cmap="cividis", norm=LogNorm(), extend="min"
    )
    figure = axes.get_figure()
    assert figure is not None
    figure.colorbar(filled, ax=axes, label=COST, ticks=levels[::3], format="%.2g")


def mark_lowest(axes: Any, *point: float, name: str = "least squares") -> None:
    """Mark where the cost is lowest, by a ring that the end of a path can lie in."""
    at = [[number] for number in point]
    for color, width in ((BLACK, 4.0), ("white", 1.8)):
        axes.plot(*at, "o", color="none", mec=color, mew=width, ms=19, zorder=5)
    axes.plot(*([] for _ in at), "o", color="none", mec=BLACK, ms=9, label=name)  # in the legend


def draw_losses(axes: Axes, paths: Iterable[tuple[str, Numbers, Style]]) -> None:
    """Draw how far losses are above their minimum, step by step; each path has a label and a style:
    a colour, a marker and the kind of the line."""
    for label, losses, (color, marker, line) in paths:
        look = {"color": color, "marker": marker, "ms": 4, "mec": BLACK, "mew": 0.4}
        axes.semilogy(losses, line, label=label, **look)
    axes.set(xlabel="steps", ylabel="loss above the minimum")
    axes.grid(alpha=0.3)


def mark_ends(axes: Any, path: Numbers) -> None:
    """Mark where a path [n, 2] or, in 3D, [n, 3] begins and ends; name its first two axes."""
    for point, marker, color, name in (
        (path[0], "s", ORANGE, "start"),
        (path[-1], "*", VERMILLION, f"end, epoch {len(path) - 1}"),
    ):
        axes.plot(
            *point[:, None], marker, color=color, mec=BLACK, ms=11, ls="", zorder=6, label=name
        )
    axes.set(xlabel=SLOPE, ylabel=BIAS)


def mark_minimum(axes: Axes, at: float, cost: float) -> None:
    """Mark what slice_minimum returned, at its cost."""
    axes.plot(at, cost, "*", color=VERMILLION, mec=BLACK, ms=13, label=f"slice_minimum: {at:.2f}")
