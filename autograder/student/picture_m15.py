"""The picture of m15: what errors cost, how hard they pull, an outlier, and shapes of residuals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, Numbers, numbers
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REACH, THRESHOLD = 5.0, 2.0  # of the drawn errors, and of huber and smooth_l1
FIXED = (1.0, 2.0, 3.0, 4.0)  # the numbers beside the one that moves away
POINTS, SEED = 200, 15
COLOURS = {"huber": BLUE, "smooth_l1": VERMILLION, "mse": BLACK, "l1": ORANGE}
STYLES = {"huber": "-", "smooth_l1": "--", "mse": "-.", "l1": ":"}


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m15; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, judged, PANELS, (2, 2))


def draw_costs(axes: Axes, judged: Judged) -> None:
    """Draw the cost of one error; those of mse and l1 are their pulls, added up from 0."""
    errors = _errors()
    for name in ("mse", "l1"):
        slopes = _pulls(judged, name)
        steps = (slopes[1:] + slopes[:-1]) / 2 * np.diff(errors)
        costs = np.concatenate([[0.0], np.cumsum(steps)])
        _line(axes, name, errors, costs - costs[len(costs) // 2])
    for name in ("huber", "smooth_l1"):
        _line(axes, name, errors, _costs_and_slopes(judged, name)[0])
    _frame(axes, "cost of the error", (-0.3, 9.0))


def draw_pulls(axes: Axes, judged: Judged) -> None:
    """Draw the derivatives of these costs."""
    errors = _errors()
    for name in ("mse", "l1"):
        _line(axes, name, errors, _pulls(judged, name))
    for name in ("huber", "smooth_l1"):
        _line(axes, name, errors, _costs_and_slopes(judged, name)[1])
    _frame(axes, "pull: derivative of the cost", (-5.0, 5.0))


def draw_outlier(axes: Axes, judged: Judged) -> None:
    """Draw the best constants while one number of five moves away."""
    moving = np.linspace(FIXED[-1] + 1, 40, 71)
    for number in FIXED:
        label = "numbers that stay" if number == FIXED[0] else None
        axes.axhline(number, color="0.75", lw=1, label=label)
    for name, average in (("mse", "their mean"), ("l1", "their median")):
        best = [judged.call("best_constant", torch.tensor([*FIXED, m]), name) for m in moving]
        axes.plot(
            moving, best, STYLES[name], color=COLOURS[name], lw=2.5, label=f"{name}: {average}"
        )
    axes.set(xlabel="the fifth number", ylabel="best constant", ylim=(0, 11))


def draw_residuals(axes: Axes, judged: Judged) -> None:
    """Draw residuals of lines, two clouds with a shape and what the report says of them."""
    for kind, marker, colour in (("funnel", "o", BLUE), ("curve", "^", ORANGE)):
        preds, targets = line_and_targets(kind)
        report = judged.call("residual_report", preds, targets)
        told = ", ".join(f"{key} {float(report[key]):.2f}" for key in ("funnel", "curve"))
        heights = numbers(targets) - numbers(preds)
        axes.plot(
            numbers(preds), heights, marker, color=colour, ms=4, mec=BLACK, mew=0.3, label=told
        )
    axes.axhline(0, color=BLACK, lw=0.8)
    axes.set(xlabel="prediction", ylabel="residual", ylim=(-9, 13))


def line_and_targets(kind: str) -> tuple[Tensor, Tensor]:
    """Return what a line predicts that is fitted by least squares, and its targets, [POINTS]."""
    draws = np.random.RandomState(SEED)
    x, noise = draws.uniform(0, 10, POINTS), draws.standard_normal(POINTS)
    y = 3 * x + (0.4 * x * noise if kind == "funnel" else 0.4 * (x - 5) ** 2 + noise)
    slope, bias = np.polyfit(x, y, 1)
    return torch.as_tensor(slope * x + bias), torch.as_tensor(y)


def _errors() -> Numbers:
    return np.linspace(-REACH, REACH, 401)


def _pulls(judged: Judged, loss: str) -> Numbers:
    return np.array([float(judged.call("pull", float(e), loss)) for e in _errors()])


def _costs_and_slopes(judged: Judged, name: str) -> tuple[Numbers, Numbers]:
    """Return what each error costs by itself, and the gradient there."""
    costs, slopes = [], []
    for e in _errors():
        pred = torch.full((1, 1), float(e), dtype=torch.float64, requires_grad=True)
        cost = judged.call(name, pred, torch.zeros_like(pred), THRESHOLD)
        costs.append(cost.item())
        slopes.append(torch.autograd.grad(cost, pred)[0].item())
    return np.array(costs), np.array(slopes)


def _line(axes: Axes, name: str, errors: Numbers, heights: Numbers) -> None:
    label = name if name in ("mse", "l1") else f"{name}, threshold {THRESHOLD:g}"
    axes.plot(errors, heights, STYLES[name], color=COLOURS[name], lw=2.2, label=label)


def _frame(axes: Axes, height: str, limits: tuple[float, float]) -> None:
    axes.axhline(0, color="0.75", lw=0.8, zorder=0)
    axes.axvline(0, color="0.75", lw=0.8, zorder=0)
    axes.set(xlabel="error, prediction minus target", ylabel=height, ylim=limits)


PANELS = (
    Panel("What one error costs", ("huber", "best_constant"), draw_costs),
    Panel("How hard it pulls", ("huber", "best_constant"), draw_pulls),
    Panel("An outlier drags the mean", ("best_constant",), draw_outlier),
    Panel("Shapes in the residuals of a line", ("residual_report",), draw_residuals),
)
