"""The picture of m25: where a shot lands, angle by angle, and the gradient that aims it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch

from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, Numbers, checked
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SPEED = 6.0  # metres per second
ANGLES = np.linspace(0.05, 1.5, 117)  # radians
TARGETS = (1.2, 2.2, 3.0)  # metres, all in reach


class Scene:
    """What the panels of m25 share, each computed when it is first asked for."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged

    @cached_property
    def shots(self) -> Numbers:
        """The student's landing points and their gradients, [2, angles]."""
        found = [self._shot(angle) for angle in ANGLES.tolist()]
        return np.array(found).T

    @cached_property
    def aimed(self) -> list[tuple[float, float, float]]:
        """Of each target the student's angle, where that shot lands, and the gradient there."""
        angles = [float(self.judged.call("aim", target, SPEED)) for target in TARGETS]
        return [(angle, *self._shot(angle)) for angle in angles]

    def _shot(self, angle: float) -> tuple[float, float]:
        at = torch.tensor(angle, dtype=torch.float64, requires_grad=True)
        distance = self.judged.call("landing", at, SPEED)
        where = checked(self.judged, "landing", distance)
        with self.judged.stopping("landing"):
            (slope,) = torch.autograd.grad(distance, at)
        return float(where), slope.item()


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the two panels of m25; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (1, 2))


def draw_distances(axes: Axes, scene: Scene) -> None:
    """Draw the landing point over the angle, and the shots that were aimed at three targets."""
    distances, _ = scene.shots
    axes.plot(ANGLES, distances, color=BLUE, label=f"landing, {SPEED:g} m/s")
    for i, (target, (angle, where, _)) in enumerate(zip(TARGETS, scene.aimed, strict=True)):
        axes.axhline(target, color="0.6", lw=1, ls=":", label=None if i else "targets")
        name = None if i else "aim"
        axes.plot(angle, where, "o", color=ORANGE, mec=BLACK, ms=9, label=name)
    axes.set(xlabel="angle (radians)", ylabel="distance (m)", ylim=(0, None))


def draw_gradients(axes: Axes, scene: Scene) -> None:
    """Draw the gradient over the angle, which is 0 where the shot goes farthest."""
    distances, slopes = scene.shots
    best = ANGLES[distances.argmax()]
    axes.axhline(0, color="0.6", lw=1)
    axes.plot(ANGLES, slopes, color=BLUE, label="gradient of landing")
    axes.axvline(best, color=VERMILLION, ls="--", label=f"farthest shot, at {best:.2f}")
    for i, (angle, _, slope) in enumerate(scene.aimed):
        name = None if i else "aim"
        axes.plot(angle, slope, "o", color=ORANGE, mec=BLACK, ms=9, label=name)
    axes.set(xlabel="angle (radians)", ylabel="gradient (m per radian)")


PANELS = (
    Panel("Where the shot lands", ("aim",), draw_distances),
    Panel("The gradient that aims it", ("aim",), draw_gradients),
)
