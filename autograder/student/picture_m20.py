"""The picture of m20: spreads over depth, hidden units that differ or not, and normal numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Generator, Tensor, nn

from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, Numbers, numbers
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, DEPTH, ROWS, SEED = 100, 20, 200, 20  # of the stack, and rows that go through it
STYLES = {  # of each start, in the order of its spread
    "randn, not scaled": (BLACK, "v", ":"),
    "kaiming_normal_": (ORANGE, "s", "--"),
    "xavier_normal_": (BLUE, "o", "-"),
    "linear_default_": (VERMILLION, "^", "-."),
}
UNITS, STEPS, RATE = 10, 600, 0.2  # of the small network, and its training


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m20; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, judged, PANELS, (2, 2))


def draw_linear(axes: Axes, judged: Judged) -> None:
    """Draw how widely signals are spread after each linear layer, and what propagated_std says."""
    for name, (color, marker, line) in STYLES.items():
        found, weight_std = _spreads(judged, name, lambda signal: signal)
        told = [
            float(judged.call("propagated_std", [WIDTH] * depth, weight_std))
            for depth in range(DEPTH + 1)
        ]
        axes.semilogy(told, line, color=color, lw=1.5)
        axes.semilogy(found, marker, color=color, ms=5, mec=BLACK, mew=0.4, label=name)
    axes.plot([], [], "-", color="0.4", label="lines: propagated_std")
    _frame(axes, "standard deviation")


def draw_relu(axes: Axes, judged: Judged) -> None:
    """Draw the same where a ReLU follows each layer."""
    for name, (color, marker, line) in STYLES.items():
        found, _ = _spreads(judged, name, torch.relu)
        axes.semilogy(found, line, marker=marker, color=color, ms=5, mec=BLACK, mew=0.4, label=name)
    _frame(axes, "root of the mean square")


def draw_symmetry(axes: Axes, judged: Judged) -> None:
    """Draw what a small network learns that starts with equal units, and one with noise on them."""
    x = torch.linspace(-2, 2, 41, dtype=torch.float64)[:, None]
    y = torch.sin(2 * x)
    axes.plot(numbers(x[:, 0]), numbers(y[:, 0]), ".", color="0.6", ms=5, label="targets")
    for told, noise, (color, line) in (
        ("equal units", False, (ORANGE, "--")),
        ("after break_symmetry_", True, (BLUE, "-")),
    ):
        mlp = _network()
        if noise:
            judged.call("break_symmetry_", mlp, _generator())
        _train(mlp, x, y)
        weights = next(mlp.parameters()).detach()
        label = f"{told}: distinct_units {judged.call('distinct_units', weights)}"
        axes.plot(numbers(x[:, 0]), numbers(mlp(x)[:, 0]), line, color=color, lw=2.2, label=label)
    axes.set(xlabel="x", ylabel="y", ylim=(-1.4, 2.2))


def draw_normal(axes: Axes, judged: Judged) -> None:
    """Draw how often each number comes of uniform pairs, beside the bell curve."""
    u1, u2 = torch.rand(2, 20_000, generator=_generator(), dtype=torch.float64)
    z = numbers(judged.call("normal_from_uniform", u1, u2))
    bins = np.linspace(-4, 4, 65)
    places = (bins[1:] + bins[:-1]) / 2
    for values, color, label in ((z, BLUE, "normal_from_uniform"), (numbers(u1), ORANGE, "u1")):
        heights = np.histogram(values, bins)[0] / len(values) / (bins[1] - bins[0])
        axes.stairs(heights, bins, fill=True, color=color, alpha=0.55, label=label)
    bell = np.exp(-(places**2) / 2) / np.sqrt(2 * np.pi)
    axes.plot(places, bell, "-", color=BLACK, lw=1.5, label="bell curve of N(0, 1)")
    axes.set(xlabel="number", ylabel="density")


def _spreads(
    judged: Judged, name: str, activation: Callable[[Tensor], Tensor]
) -> tuple[Numbers, float]:
    """Return the root of the mean square of a signal at each depth, and the weights' spread."""
    generator = _generator()
    signal = torch.randn(ROWS, WIDTH, generator=generator, dtype=torch.float64)
    found, weight_std = [float(signal.square().mean().sqrt())], 0.0
    for _ in range(DEPTH):
        w = torch.zeros(WIDTH, WIDTH, dtype=torch.float64, requires_grad=True)
        _draw_weights(judged, name, w, generator)
        weight_std = float(w.detach().std(correction=0))
        signal = activation(signal @ w.detach().T)
        found.append(float(signal.square().mean().sqrt()))
    return np.array(found), weight_std


def _draw_weights(judged: Judged, name: str, w: Tensor, generator: Generator) -> None:
    if name in ("xavier_normal_", "kaiming_normal_"):
        judged.call(name, w, generator)
    elif name == "linear_default_":
        judged.call(name, w, torch.zeros(len(w), dtype=w.dtype, requires_grad=True), generator)
    else:
        w.data.normal_(generator=generator)


def _network() -> nn.Sequential:
    """Return a network of one hidden layer, whose units are all equal."""
    mlp = nn.Sequential(nn.Linear(1, UNITS), nn.Tanh(), nn.Linear(UNITS, 1)).double()
    for p in mlp.parameters():
        nn.init.constant_(p, 0.5)
    return mlp


def _train(mlp: nn.Sequential, x: Tensor, y: Tensor) -> None:
    params = list(mlp.parameters())
    for _ in range(STEPS):
        gradients = torch.autograd.grad(nn.functional.mse_loss(mlp(x), y), params)
        with torch.no_grad():
            for p, gradient in zip(params, gradients, strict=True):
                p.sub_(gradient, alpha=RATE)


def _generator() -> Generator:
    return torch.Generator().manual_seed(SEED)


def _frame(axes: Axes, height: str) -> None:
    axes.axhline(1, color="0.75", lw=0.8, zorder=0)
    axes.set(xlabel=f"layers of {WIDTH} units", ylabel=height, xticks=range(0, DEPTH + 1, 4))


_SCHEMES = ("linear_default_", "xavier_normal_")
PANELS = (
    Panel("A signal through linear layers", (*_SCHEMES, "propagated_std"), draw_linear),
    Panel("A signal through layers with a ReLU", _SCHEMES, draw_relu),
    Panel("Equal units learn as one", ("distinct_units",), draw_symmetry),
    Panel("Normal numbers from uniform ones", ("normal_from_uniform",), draw_normal),
)
