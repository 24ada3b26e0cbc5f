"""The picture of m08: losses and parameters with and without clearing, a path, learning rates."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

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
    checked,
    mark_lowest,
)
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Points near a line, a start far from it, and a rate at which both ways stay in the picture.
RATE, STEPS, START = 0.12, 24, (4.5, 2.0)
FIRST_RATE = 8.0  # that backoff_lr tries
CLEARED, KEPT = "cleared after each step", "never cleared"
STYLES = {CLEARED: (BLUE, "-", "o"), KEPT: (VERMILLION, "--", "X")}


class Scene:
    """What the panels of m08 share, each computed when it is first asked for.

    A path is [STEPS + 1, 2], slopes and biases; costs are mean squared errors, the kit's own.
    """

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        self.x = torch.linspace(-1.0, 1.6, 12, dtype=torch.float64)[:, None]
        self.y = 2.0 * self.x + 0.5 + 0.4 * torch.cos(9 * self.x)

    @cached_property
    def best(self) -> tuple[float, float]:
        """The slope and bias of the least-squares line."""
        slope, bias = np.polyfit(self.x.numpy().ravel(), self.y.numpy().ravel(), 1)
        return float(slope), float(bias)

    def costs(self, points: Numbers) -> Numbers:
        """Return the costs, [...], of slopes and biases [..., 2]."""
        x, y = self.x.numpy().ravel(), self.y.numpy().ravel()
        residuals = points[..., :1] * x + points[..., 1:] - y
        return np.asarray(np.mean(residuals**2, axis=-1))

    @cached_property
    def lowest(self) -> float:
        """The cost of the least-squares line."""
        return float(self.costs(np.array(self.best)))

    @cached_property
    def paths(self) -> dict[str, Numbers]:
        """The paths of the student's step with clearing and without."""
        return {name: self._path(self._step(name == CLEARED), "sgd_step_") for name in STYLES}

    @cached_property
    def trained(self) -> Numbers:
        """The path of the student's train_step."""
        return self._path(
            lambda w, b: self.judged.call("train_step", self.x, self.y, w, b, RATE), "train_step"
        )

    def _step(self, clears: bool) -> Callable[[Tensor, Tensor], None]:
        def step(w: Tensor, b: Tensor) -> None:
            torch.nn.functional.mse_loss(self.x * w + b, self.y).backward()  # type: ignore[no-untyped-call]
            self.judged.call("sgd_step_", [w, b], RATE)
            if clears:
                self.judged.call("zero_grads_", [w, b])

        return step

    def _path(self, step: Callable[[Tensor, Tensor], None], name: str) -> Numbers:
        """Return where steps lead to that are taken by the function called `name`."""
        w, b = parameters(START)
        path = [START]
        for _ in range(STEPS):
            step(w, b)
            path.append((w.item(), b.item()))
        return checked(self.judged, name, path, STEPS + 1, 2)

    def slopes(self, point: Tensor) -> Tensor:
        """Return the derivatives of the cost with respect to slope and bias, [2], at a point."""
        residual = point[0] * self.x + point[1] - self.y
        return 2 * torch.stack([(residual * self.x).mean(), residual.mean()])


def parameters(point: tuple[float, float]) -> tuple[Tensor, Tensor]:
    """Return a slope [1, 1] and a bias [1] as leaves that require their gradient."""
    w, b = (torch.tensor([number], dtype=torch.float64) for number in point)
    return w[None].requires_grad_(), b.requires_grad_()


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m08; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (2, 2))


def draw_losses(axes: Axes, scene: Scene) -> None:
    """Draw the costs over the steps, and the losses of the student's own loop."""
    for name, (color, line, marker) in STYLES.items():
        costs = scene.costs(scene.paths[name])
        axes.semilogy(costs, line, color=color, marker=marker, ms=4, label=name)
    if scene.judged.passes("train"):
        losses = scene.judged.call("train", scene.x, scene.y, *parameters(START), RATE, STEPS)
        heights = checked(scene.judged, "train", losses, STEPS + 1)
        axes.semilogy(heights, "o", color="none", mec=BLACK, ms=9, label="train: its losses")
    lowest = f"least squares: {scene.lowest:.3f}"
    axes.axhline(scene.lowest, color=ORANGE, ls=":", lw=2, label=lowest)
    axes.set(xlabel="steps", ylabel=COST, ylim=(None, 8 * axes.get_ylim()[1]))  # for the legend
    axes.grid(alpha=0.3)


def draw_parameters(axes: Axes, scene: Scene) -> None:
    """Draw slope and bias over the steps, and those of the least-squares line."""
    for name, (color, line, _) in STYLES.items():
        for which, (marker, parameter) in enumerate((("o", "slope"), ("s", "bias"))):
            heights, label = scene.paths[name][:, which], f"{parameter}, {name}"
            axes.plot(heights, line, color=color, marker=marker, ms=4, label=label)
    for number, named in zip(scene.best, ("least squares", None), strict=True):
        axes.axhline(number, color=ORANGE, ls=":", lw=2, label=named)
    low, high = axes.get_ylim()
    axes.set(xlabel="steps", ylabel=f"{SLOPE}, {BIAS}", ylim=(low, high + 0.4 * (high - low)))
    axes.grid(alpha=0.3)


def draw_path(axes: Axes, scene: Scene) -> None:
    """Draw the cost from above, the path of train_step, and that of forgotten_zero if it passes."""
    judged, found = scene.judged, {"train_step": scene.trained}
    if judged.passes("forgotten_zero"):
        start = torch.tensor(START, dtype=torch.float64)
        path = judged.call("forgotten_zero", scene.slopes, start, RATE, STEPS)
        found["forgotten_zero"] = checked(judged, "forgotten_zero", path, STEPS + 1, 2)
    points = np.concatenate([*found.values(), [scene.best]])
    low, high = points.min(axis=0), points.max(axis=0)
    sides = np.linspace(low - 0.15 * (high - low), high + 0.15 * (high - low), 81).T
    costs = scene.costs(np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1))
    levels = scene.lowest + np.geomspace(0.02, costs.max(), 12)
    axes.contour(*sides, costs.T, levels, colors="0.75", linewidths=0.8)
    for (name, path), (color, line, marker) in zip(found.items(), STYLES.values(), strict=False):
        axes.plot(*path.T, line, color=color, marker=marker, ms=4, label=name)
    mark_lowest(axes, *scene.best)
    axes.plot(*START, "s", color=ORANGE, mec=BLACK, ms=10, zorder=6, label="start")
    axes.set(xlabel=SLOPE, ylabel=BIAS)


def draw_rates(axes: Axes, scene: Scene) -> None:
    """Draw the cost after one train_step over its learning rate, and the rates of backoff_lr."""
    tried: list[tuple[float, float]] = []

    def loss_after(rate: float) -> float:
        tried.append((rate, cost_after(scene, rate)))
        return tried[-1][1]

    base = float(scene.costs(np.array(START)))
    chosen = scene.judged.call("backoff_lr", loss_after, FIRST_RATE, base)
    chosen = float(checked(scene.judged, "backoff_lr", chosen))
    rates = np.geomspace(FIRST_RATE / 512, 1.5 * FIRST_RATE, 150)
    costs = [cost_after(scene, rate) for rate in rates]
    axes.loglog(rates, costs, "-", color=BLUE, label="cost after one train_step")
    axes.axhline(base, color=ORANGE, ls=":", lw=2, label="cost before it")
    label = "tried by backoff_lr"
    axes.plot(*np.array(tried).T, "X", color=VERMILLION, mec=BLACK, ms=6, ls="", label=label)
    label = f"backoff_lr: {chosen:g}"
    after = cost_after(scene, chosen)
    axes.plot(chosen, after, "o", color="none", mec=BLACK, mew=1.5, ms=12, ls="", label=label)
    axes.set(xlabel="learning rate", ylabel=COST)
    axes.grid(alpha=0.3)


def cost_after(scene: Scene, rate: float) -> float:
    """Return the cost after one of the student's steps from the start."""
    w, b = parameters(START)
    scene.judged.call("train_step", scene.x, scene.y, w, b, rate)
    point = checked(scene.judged, "train_step", (w.item(), b.item()), 2)
    return float(scene.costs(point))


PANELS = (
    Panel("Gradients that are kept overshoot", ("sgd_step_", "zero_grads_"), draw_losses),
    Panel("Slope and bias swing with them", ("sgd_step_", "zero_grads_"), draw_parameters),
    Panel("The path of train_step over the cost", ("train_step",), draw_path),
    Panel("Halve the learning rate until the cost falls", ("train_step", "backoff_lr"), draw_rates),
)
