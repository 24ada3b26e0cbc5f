"""The picture of m14: the bowl of a loss before and after scaling, and the descent into each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from autograder.student.charts import BLACK, BLUE, GRID, ORANGE, VERMILLION, Numbers, numbers
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# What m14 draws: two features that share most of their numbers, the second in smaller units.
ROWS, SHARED, UNITS, SEED, STEPS = 60, 0.68, (1.0, 3.0), 14, 30
AWAY = (2.0, 1.0)  # the start, in the longest directions of each bowl
NAMES = ("as they are", "standardised", "whitened")
STYLES = ((VERMILLION, "-", "s"), (ORANGE, "--", "o"), (BLUE, ":", "D"))


@dataclass(frozen=True)
class Bowl:
    """The loss of a linear model without bias on features x [N, 2] and targets y [N]."""

    x: Numbers
    y: Numbers
    condition: float

    @cached_property
    def curvature(self) -> tuple[Numbers, Numbers]:
        """The curvatures of the loss, from the least to the greatest, and their directions."""
        values, vectors = np.linalg.eigh(2 * self.x.T @ self.x / len(self.x))
        return values, vectors

    @cached_property
    def best(self) -> Numbers:
        """The weights at the bottom."""
        return np.asarray(np.linalg.lstsq(self.x, self.y, rcond=None)[0])

    def excess(self, w: Numbers) -> Numbers:
        """Return by how much the losses of weights [..., 2] are above the lowest one."""
        return np.asarray((((w - self.best) @ self.x.T) ** 2).mean(-1))

    @cached_property
    def path(self) -> Numbers:
        """The descent at a rate of 1 over the greatest curvature, [STEPS + 1, 2].

        It starts where the loss is higher than at the bottom by the same in all bowls.
        """
        values, vectors = self.curvature
        path = [self.best + vectors @ (np.array(AWAY) / np.sqrt(values))]
        for _ in range(STEPS):
            gradient = 2 * self.x.T @ (self.x @ path[-1] - self.y) / len(self.x)
            path.append(path[-1] - gradient / values[-1])
        return np.array(path)


class Scene:
    """What the panels of m14 share: the bowls, each computed when it is first asked for."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged

    @cached_property
    def data(self) -> tuple[Tensor, Numbers]:
        """Features [ROWS, 2] of mean 0, and targets [ROWS]."""
        drawn = torch.randn(ROWS, 4, generator=torch.Generator().manual_seed(SEED)).double()
        shared = SHARED * drawn[:, :1] + (1 - SHARED) * drawn[:, 1:3]
        x = (shared - shared.mean(0)) * torch.tensor(UNITS)
        return x, numbers(x @ torch.tensor([1.5, -0.5]).double() + 0.3 * drawn[:, 3])

    def bowl(self, name: str) -> Bowl:
        """Return the bowl that the student's own scaling makes of the loss."""
        x, y = self.data
        if name == "standardised":
            x = self._standardised(x)
        elif name == "whitened":
            x, _ = self.judged.call("whiten", x)
        return Bowl(numbers(x), y, self.judged.call("condition", x))

    def _standardised(self, x: Tensor) -> Tensor:
        """Fit the student's scaler; tell in a line where a method of it raises."""
        scaler = self.judged.call("Standardizer", 2)
        with self.judged.stopping("Standardizer"):
            scaler = scaler.double()
            scaler.fit(x)
            rows: Tensor = scaler(x)
        return rows


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m14; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (2, 2))


def draw_bowl(axes: Axes, scene: Scene, name: str) -> None:
    """Draw the contours of a bowl, equally scaled along both axes, and the descent into it."""
    bowl = scene.bowl(name)
    color, style, marker = STYLES[NAMES.index(name)]
    reach = 1.15 * np.abs(bowl.path - bowl.best).max()
    steps = np.linspace(-reach, reach, GRID)
    first, second = (steps + centre for centre in bowl.best)
    losses = bowl.excess(np.stack(np.meshgrid(first, second), -1))
    levels = bowl.excess(bowl.path[0]) * np.array([0.01, 0.05, 0.2, 0.5, 1.0, 2.0, 4.0])
    axes.contour(first, second, losses, levels, cmap="cividis", linewidths=1)
    axes.plot(*bowl.path.T, style, marker=marker, color=color, mec=BLACK, mew=0.5, ms=5)
    axes.plot(*bowl.best, "*", color="white", mec=BLACK, ms=14, label="lowest loss")
    axes.set(xlabel="weight of feature 1", ylabel="weight of feature 2", aspect="equal")
    axes.set_title(f"Features {name}: condition {bowl.condition:.3g}")


def draw_losses(axes: Axes, scene: Scene) -> None:
    """Draw how the loss falls in each of the three bowls."""
    for name, (color, style, marker) in zip(NAMES, STYLES, strict=True):
        bowl = scene.bowl(name)
        losses = np.maximum(bowl.excess(bowl.path), 1e-12)
        text = f"{name}: condition {bowl.condition:.3g}"
        axes.semilogy(losses, style, marker=marker, ms=4, color=color, lw=2, label=text)
    axes.set(xlabel="step", ylabel="loss above the lowest one", ylim=(1e-13, 1e5))
    axes.grid(alpha=0.3)


def _of(name: str) -> Panel[Scene]:
    needs = {"standardised": ("Standardizer", "whiten")}.get(name, ("whiten",))
    return Panel(f"Features {name}", needs, lambda axes, scene: draw_bowl(axes, scene, name))


PANELS = (
    *map(_of, NAMES),
    Panel("The loss over the steps", ("Standardizer", "whiten"), draw_losses),
)
