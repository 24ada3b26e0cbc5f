"""The picture of m07: downhill arrows over costs, gradients beside differences, tangents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from autograder.inside.tables import crop_yield
from autograder.student.charts import (
    BIAS,
    BLACK,
    BLUE,
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

ROW = slice(7, 8)  # the one row whose cost is drawn alone
X = np.linspace(-1.0, 2.0, 9)
Y = 1.5 * X - 0.5 + 0.3 * np.cos(7 * X)
SLOPES, BIASES = np.linspace(-1.5, 4.5, 7), np.linspace(-3.5, 2.5, 7)  # where arrows begin
TARGET, PREDICTIONS = 2.0, np.array([-1.5, -0.25, 1.0, 2.5, 3.75, 5.0])  # of the last panel
OUTER = PREDICTIONS[-1]
NAMES = ("temperature", "rainfall", "humidity")


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m07; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, judged, PANELS, (2, 2))


def draw_row(axes: Axes, judged: Judged) -> None:
    """Draw the cost of one row, a valley, and arrows that point straight to its floor."""
    _draw_arrows(axes, judged, X[ROW], Y[ROW])
    x, y = float(X[ROW][0]), float(Y[ROW][0])
    ends = SLOPES[[0, -1]]
    label = f"cost 0: the line meets x = {x:.2f}, y = {y:.2f}"
    axes.plot(ends, y - x * ends, "--", color=ORANGE, lw=2, label=label)


def draw_rows(axes: Axes, judged: Judged) -> None:
    """Draw the cost of all rows, a bowl, its arrows and its minimum."""
    _draw_arrows(axes, judged, X, Y)
    slope, bias = np.polyfit(X, Y, 1)
    mark_lowest(axes, float(slope), float(bias))


def cost(x: Numbers, y: Numbers, slopes: Numbers, biases: Numbers) -> Numbers:
    """Return mean squared errors, [...], of lines whose slopes and biases are [...]."""
    residuals = slopes[..., None] * x + biases[..., None] - y
    return np.asarray(np.mean(residuals**2, axis=-1))


def _draw_arrows(axes: Axes, judged: Judged, x: Numbers, y: Numbers) -> None:
    sides = np.linspace(SLOPES[0] - 0.5, SLOPES[-1] + 0.5, 81), np.linspace(-4.0, 4.5, 81)
    heights = cost(x, y, *np.meshgrid(*sides))
    levels = np.geomspace(0.1, heights.max(), 10)
    axes.contour(*sides, heights, levels, colors="0.75", linewidths=0.8)
    starts = np.array([(slope, bias) for slope in SLOPES for bias in BIASES])
    downhill = np.array([-np.concatenate(_grads(judged, x, y, *start)) for start in starts])
    scale = 0.8 * (SLOPES[1] - SLOPES[0]) / max(np.linalg.norm(downhill, axis=1).max(), 1e-9)
    axes.quiver(
        *starts.T,
        *(scale * downhill).T,
        angles="xy",
        scale_units="xy",
        scale=1,
        color=BLUE,
        width=0.006,
        label="minus the gradient: linreg_grads",
    )
    axes.set(xlabel=SLOPE, ylabel=BIAS, xlim=sides[0][[0, -1]], ylim=sides[1][[0, -1]])


def _grads(judged: Judged, x: Numbers, y: Numbers, slope: float, bias: float) -> list[Numbers]:
    """Return the student's gradients for a line: those for the slope and the bias, [1] each."""
    columns = (torch.tensor(part)[:, None] for part in (x, y))
    w, b = (torch.tensor([number], dtype=torch.float64) for number in (slope, bias))
    gw, gb = judged.call("linreg_grads", *columns, w[:, None], b)
    return [
        checked(judged, "linreg_grads", gw, 1, 1)[0],
        checked(judged, "linreg_grads", gb, 1),
    ]


def crops() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the crop table's features and apples, standardised, and parameters [1, 3] and [1]."""
    x, y = crop_yield()
    features, apples = ((part - part.mean(axis=0)) / part.std(axis=0) for part in (x, y[:, :1]))
    w = torch.tensor([[0.6, -0.4, 1.1]], dtype=torch.float64)
    return torch.tensor(features), torch.tensor(apples), w, torch.tensor([0.5], dtype=w.dtype)


def differences() -> Numbers:
    """Return by finite differences how fast the loss grows with each weight and the bias, [4]."""
    x, y, w, b = crops()
    start, step = np.concatenate([w.numpy().ravel(), b.numpy()]), 1e-4

    def loss(at: Numbers) -> float:
        return float(np.mean((x.numpy() @ at[:3, None] + at[3] - y.numpy()) ** 2))

    moves = step * np.eye(4)
    return np.array([(loss(start + m) - loss(start - m)) / (2 * step) for m in moves])


def draw_differences(axes: Axes, judged: Judged) -> None:
    """Draw the student's gradient on the crop table beside finite differences, and the nudges."""
    gw, gb = judged.call("linreg_grads", *crops())
    parts = checked(judged, "linreg_grads", gw, 1, 3)[0], checked(judged, "linreg_grads", gb, 1)
    found, places = np.concatenate(parts), range(4)
    axes.bar(places, found, 0.6, color="#CFE3F1", ec=BLACK, label="linreg_grads")
    axes.plot(places, differences(), "D", color=VERMILLION, mec=BLACK, label="finite differences")
    if judged.passes("grads_only"):
        axes.plot(places, _by_autograd(judged), "x", color=BLACK, ms=12, label="grads_only")
    if judged.passes("nudge"):
        signs = checked(judged, "nudge", judged.call("nudge", torch.tensor(found)), 4)
        top = 1.12 * max(found.max(), 0.0)
        for place, sign in zip(places, signs, strict=True):
            word = {1.0: "up", -1.0: "down"}.get(float(sign), "stay")
            axes.text(place, top, f"nudge: {word}", ha="center", va="bottom")
    low, high = min(found.min(), 0.0), max(found.max(), 0.0)
    axes.axhline(0, color=BLACK, lw=0.8)
    axes.set_xticks([*places], [*NAMES, "bias"])
    axes.set(ylabel="change of the loss per unit", ylim=(1.2 * low, high + 0.7 * (high - low)))


def _by_autograd(judged: Judged) -> Numbers:
    x, y, *params = crops()
    w, b = (part.requires_grad_() for part in params)
    loss = (x @ w.T + b - y).square().mean()
    gw, gb = judged.call("grads_only", loss, [w, b])
    parts = checked(judged, "grads_only", gw, 1, 3)[0], checked(judged, "grads_only", gb, 1)
    return np.concatenate(parts)


def draw_tangents(axes: Axes, judged: Judged) -> None:
    """Draw the loss of one prediction, tangents as steep as dmse_dpred says, and a forecast."""
    curve = np.linspace(-2.2, 6.2, 121)
    axes.plot(curve, (curve - TARGET) ** 2, "-", color=BLUE, label=f"loss, target {TARGET:g}")
    for place, slope in zip(PREDICTIONS, slopes(judged), strict=True):
        reach, height = np.array([-0.5, 0.5]), (place - TARGET) ** 2
        label = "slope: dmse_dpred" if place == PREDICTIONS[0] else None
        axes.plot(place + reach, height + slope * reach, "-", color=ORANGE, lw=3, label=label)
        axes.plot(place, height, "o", color=BLACK, ms=5)
    if judged.passes("predicted_change"):
        moves = np.linspace(-2.8, 0.0, 15)
        grad = torch.tensor(slopes(judged)[-1:])
        changes = [judged.call("predicted_change", grad, torch.tensor([m])) for m in moves]
        heights = (OUTER - TARGET) ** 2 + checked(judged, "predicted_change", changes, len(moves))
        label = f"predicted_change from {OUTER:g}"
        axes.plot(OUTER + moves, heights, ":", color=VERMILLION, lw=2.5, label=label)
    axes.set(xlabel="prediction", ylabel="loss, its squared error", ylim=(-9, 24))


def slopes(judged: Judged) -> Numbers:
    """Return what dmse_dpred says of each prediction alone, [6]."""
    target, found = torch.full((1, 1), TARGET, dtype=torch.float64), []
    for place in PREDICTIONS:
        value = judged.call("dmse_dpred", torch.full_like(target, float(place)), target)
        found.append(checked(judged, "dmse_dpred", value, 1, 1).item())
    return np.array(found)


PANELS = (
    Panel("The cost of one row is a valley", ("linreg_grads",), draw_row),
    Panel("The cost of all rows is a bowl", ("linreg_grads",), draw_rows),
    Panel("Your gradient, and what differences say", ("linreg_grads",), draw_differences),
    Panel("The derivative is the slope of the loss", ("dmse_dpred",), draw_tangents),
)
