"""The picture of m17: three optimizers on one bowl, their losses, their memory, and clipping."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.student import charts
from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, Numbers, checked, numbers
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CURVATURES = (1.0, 24.0)  # along the valley and across it
TILT = 0.35  # of the valley, in radians
START, STEPS = (-2.6, 0.4), 40
OPTIMIZERS = {
    "SGD, lr 0.07": (BLUE, "o", "-"),
    "momentum 0.6, lr 0.04": (ORANGE, "s", "--"),
    "Adam, lr 0.2": (VERMILLION, "^", ":"),
}
LENGTHS, MAX_NORM = (0.4, 0.9, 1.6, 2.4), 1.0  # of the clipped gradients
WEIGHTS = 1000  # of the layer whose bytes are counted


class Scene:
    """What the panels of m17 share, each computed when it is first asked for."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        c, s = np.cos(TILT), np.sin(TILT)
        turn = np.array([[c, -s], [s, c]])
        self.hessian: Numbers = turn @ np.diag(CURVATURES) @ turn.T

    @cached_property
    def paths(self) -> dict[str, Numbers]:
        """The student's path by each optimizer, [STEPS + 1, 2]; the minimum is at 0."""
        sgd, momentum, adam = OPTIMIZERS
        return {
            sgd: self._momentum_path(0.07, 0.0),
            momentum: self._momentum_path(0.04, 0.6),
            adam: self._adam_path(0.2),
        }

    def height(self, points: Numbers) -> Numbers:
        """Return the loss, [...], at points [..., 2]."""
        heights: Numbers = 0.5 * np.einsum("...i,ij,...j->...", points, self.hessian, points)
        return heights

    def _momentum_path(self, lr: float, momentum: float) -> Numbers:
        p = _start()
        opt = self.judged.call("MomentumSGD", [p], lr, momentum=momentum)
        places = [p.detach().clone()]
        for _ in range(STEPS):
            p.grad = self._gradient(p)
            with self.judged.stopping("MomentumSGD"):
                opt.step()
            places.append(p.detach().clone())
        return checked(self.judged, "MomentumSGD", torch.stack(places), STEPS + 1, 2)

    def _adam_path(self, lr: float) -> Numbers:
        p, state = _start(), dict[str, Any]()
        others = {"betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 0.0, "decoupled": False}
        places = [p.detach().clone()]
        for _ in range(STEPS):
            self.judged.call("adam_step", p, self._gradient(p), state, lr=lr, **others)
            places.append(p.detach().clone())
        return checked(self.judged, "adam_step", torch.stack(places), STEPS + 1, 2)

    def _gradient(self, p: Tensor) -> Tensor:
        return torch.from_numpy(self.hessian) @ p.detach()


def _start() -> Tensor:
    return torch.tensor(START, dtype=torch.float64, requires_grad=True)


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m17; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (2, 2))


def draw_paths(axes: Axes, scene: Scene) -> None:
    """Draw the loss from above, and the three paths on it."""
    sides = np.linspace(-3.0, 1.6, 121), np.linspace(-1.9, 1.5, 121)
    heights = scene.height(np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1))
    levels = np.geomspace(0.02, heights.max(), 12)
    axes.contour(*sides, heights.T, levels, colors="0.75", linewidths=0.8)
    for name, path in scene.paths.items():
        color, marker, line = OPTIMIZERS[name]
        axes.plot(*path.T, line, marker=marker, color=color, ms=4.5, mec=BLACK, mew=0.4, label=name)
    axes.plot(*START, "D", color="white", mec=BLACK, ms=8, ls="", zorder=6, label="start")
    axes.plot(0, 0, "*", color="white", mec=BLACK, ms=14, ls="", zorder=6, label="minimum")
    axes.set(xlabel="first parameter", ylabel="second parameter")


def draw_losses(axes: Axes, scene: Scene) -> None:
    """Draw the losses along the three paths."""
    every = scene.paths.items()
    charts.draw_losses(axes, ((n, scene.height(path), OPTIMIZERS[n]) for n, path in every))


def draw_bytes(axes: Axes, scene: Scene) -> None:
    """Draw what a training keeps of each weight: itself, its gradient, and the state."""
    names, call = ("plain SGD", "momentum", "Adam"), scene.judged.call
    for at, name in enumerate(names):
        layer = nn.Linear(WEIGHTS, 1, bias=False)
        opt = _optimizer(name, layer)
        alone = call("training_bytes", layer, opt)
        layer.weight.grad = torch.ones_like(layer.weight)
        gradient = call("training_bytes", layer, opt) - alone
        opt.step()
        state = call("state_bytes", opt)
        parts = {"weights": (alone, BLUE, ""), "gradients": (gradient, ORANGE, "//")}
        bottom = 0.0
        for part, (size, color, hatch) in {**parts, "state": (state, VERMILLION, "..")}.items():
            label = part if at == 0 else None
            height = size / WEIGHTS
            axes.bar(
                at, height, 0.6, bottom, color=color, hatch=hatch, edgecolor="white", label=label
            )
            bottom += height
        axes.text(at, bottom + 0.3, f"{bottom:.3g}", ha="center")
    axes.set_xticks(range(len(names)), names)
    axes.set(ylabel="bytes per weight of float32", ylim=(0, 20))


def _optimizer(name: str, layer: nn.Module) -> torch.optim.Optimizer:
    if name == "Adam":
        return torch.optim.Adam(layer.parameters())
    return torch.optim.SGD(layer.parameters(), momentum=0.9 if name == "momentum" else 0.0)


def draw_clipping(axes: Axes, scene: Scene) -> None:
    """Draw gradients of several lengths before clipping and after it, and the limit."""
    turn = np.linspace(0, 2 * np.pi, 200)
    limit = f"max_norm {MAX_NORM:g}"
    axes.plot(MAX_NORM * np.cos(turn), MAX_NORM * np.sin(turn), color=BLACK, lw=1, label=limit)
    for i, length in enumerate(LENGTHS):
        angle = 0.3 + 2.2 * i
        p = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        p.grad = torch.tensor([np.cos(angle), np.sin(angle)]) * length
        before = numbers(p.grad).copy()  # for the gradient changes in place
        scene.judged.call("clip_gradients_", [p], MAX_NORM)
        after = checked(scene.judged, "clip_gradients_", p.grad, 2)
        first = i == 0
        axes.plot(
            *np.stack([np.zeros(2), before]).T,
            "--o",
            color=ORANGE,
            mec=BLACK,
            mew=0.4,
            label="gradient before" if first else None,
        )
        axes.plot(
            *np.stack([np.zeros(2), after]).T,
            "-s",
            color=BLUE,
            lw=2.5,
            mec=BLACK,
            mew=0.4,
            label="and after" if first else None,
        )
    axes.set(xlabel="first number", ylabel="second number")
    axes.set_aspect("equal", adjustable="datalim")


PANELS = (
    Panel("Three ways down one bowl", ("MomentumSGD", "adam_step"), draw_paths),
    Panel("Their losses", ("MomentumSGD", "adam_step"), draw_losses),
    Panel("What a training keeps", ("training_bytes",), draw_bytes),
    Panel("Clipped gradients keep their direction", ("clip_gradients_",), draw_clipping),
)
