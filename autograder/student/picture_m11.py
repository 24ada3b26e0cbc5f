"""The picture of m11: losses of training and new rows, a path, dropout, a short last batch."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

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

Batches = list[tuple[Tensor, Tensor]]

# Few rows of many noisy features: a model that fits them well fits new rows badly.
ROWS, FEATURES, NEW, EPOCHS, RATE, SEED = 16, 12, 64, 40, 0.03, 11
STEPS, STEP_RATE, START = 20, 0.1, (4.5, 2.0)  # of the optimizers
CALLS = 12  # of a model with dropout


class Scene:
    """What the panels of m11 share, each computed when it is first asked for."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        draws = torch.Generator().manual_seed(SEED)
        x = torch.randn(ROWS + NEW, FEATURES, generator=draws)
        noise = torch.randn(ROWS + NEW, 1, generator=draws)
        y = x[:, :1] - 0.5 * x[:, 1:2] + 0.7 * noise
        parts = [slice(start, min(start + 6, ROWS)) for start in range(0, ROWS, 6)]
        self.old: Batches = [(x[part], y[part]) for part in parts]
        self.new: Batches = [(x[ROWS:], y[ROWS:])]

    @cached_property
    def losses(self) -> tuple[Numbers, Numbers | None]:
        """The student's losses of each epoch; after each epoch, that of new rows, if passed."""
        judged = self.judged
        made = judged.call("make_training", FEATURES, 1, RATE, SEED)
        with judged.stopping("make_training"):
            net, loss_fn, opt = made
        found, new = [], []
        for _ in range(EPOCHS):
            losses = judged.call("fit", 1, net, loss_fn, opt, self.old)
            found.append(checked(judged, "fit", losses, 1)[0])
            if judged.passes("evaluate"):
                value = judged.call("evaluate", net, self.new, loss_fn)
                new.append(float(checked(judged, "evaluate", value)))
        return np.array(found), np.array(new) if new else None


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m11; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (2, 2))


def draw_losses(axes: Axes, scene: Scene) -> None:
    """Draw the losses of the training rows and of new rows over the epochs."""
    epochs, (found, new) = range(1, EPOCHS + 1), scene.losses
    axes.plot(epochs, found, "-o", color=BLUE, ms=4, label=f"fit: {ROWS} training rows")
    if new is not None:
        axes.plot(epochs, new, "--s", color=VERMILLION, ms=4, label=f"evaluate: {NEW} new rows")
        lowest = int(new.argmin())
        label = f"lowest, after epoch {lowest + 1}"
        axes.plot(lowest + 1, new[lowest], "*", color=ORANGE, mec=BLACK, ms=14, label=label)
    axes.set(xlabel="epoch", ylabel="mean squared error", ylim=(0, None))
    axes.grid(alpha=0.3)


def draw_steps(axes: Axes, scene: Scene) -> None:
    """Draw the path of the student's SGD over the cost, and that of torch's own."""
    x = torch.linspace(-1.0, 1.6, 12, dtype=torch.float64)
    y = 2.0 * x + 0.5 + 0.4 * torch.cos(9 * x)
    best = np.polyfit(x.numpy(), y.numpy(), 1)
    points = np.array([START, best])
    reach = np.abs(points - best).max(axis=0) * 1.25
    sides = np.linspace(best - reach, best + reach, 81).T
    slopes, biases = np.meshgrid(*sides)
    residuals = slopes[..., None] * x.numpy() + biases[..., None] - y.numpy()
    costs = np.mean(residuals**2, axis=-1)
    levels = costs.min() + np.geomspace(0.02, np.ptp(costs), 12)
    axes.contour(*sides, costs, levels, colors="0.75", linewidths=0.8)
    expected = _path(scene, "torch.optim.SGD", x, y)
    axes.plot(*expected.T, "-", color=ORANGE, lw=5, alpha=0.6, label="torch.optim.SGD")
    found = _path(scene, "SGD", x, y)
    axes.plot(*found.T, "--o", color=BLUE, ms=5, label="SGD")
    mark_lowest(axes, float(best[0]), float(best[1]))
    axes.set(xlabel=SLOPE, ylabel=BIAS)


def _path(scene: Scene, name: str, x: Tensor, y: Tensor) -> Numbers:
    """Return the points [STEPS + 1, 2] that an optimizer goes through."""
    params = [torch.tensor(number, dtype=x.dtype, requires_grad=True) for number in START]
    own = name == "SGD"
    opt: Any = (
        scene.judged.call("SGD", params, STEP_RATE) if own else torch.optim.SGD(params, STEP_RATE)
    )
    path = [[p.item() for p in params]]
    for _ in range(STEPS):
        loss = (params[0] * x + params[1] - y).square().mean()
        with scene.judged.stopping(name):
            opt.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            opt.step()
        path.append([p.item() for p in params])
    return checked(scene.judged, name, path, STEPS + 1, 2)


def draw_dropout(axes: Axes, scene: Scene) -> None:
    """Draw what a model with dropout says of one row, as it trains and by predict."""
    net = nn.Sequential(nn.Dropout(0.5), nn.Linear(8, 1))
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        net[1].weight.copy_(torch.linspace(-0.5, 1.0, 8)[None])  # type: ignore[operator]
        net[1].bias.fill_(0.2)  # type: ignore[operator]
        row = torch.ones(1, 8)
        calls = range(1, CALLS + 1)
        noisy = [net.train()(row).item() for _ in calls]
        values = [scene.judged.call("predict", net, row) for _ in calls]
    found = [checked(scene.judged, "predict", value, 1, 1).item() for value in values]
    axes.plot(calls, noisy, "x", color=VERMILLION, ms=9, mew=2, label="in train mode")
    axes.plot(calls, found, "-o", color=BLUE, ms=5, label="predict")
    axes.set(xlabel="call with the same row", ylabel="prediction", xticks=list(calls))
    axes.margins(y=0.25)
    axes.grid(alpha=0.3)


def draw_batches(axes: Axes, scene: Scene) -> None:
    """Draw the loss of each batch as wide as its rows, and what evaluate makes of them all."""
    net = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(net.weight)
    sizes, errors = (4, 4, 1), (1.0, 1.5, 3.0)
    batches = [
        (torch.ones(size, 1), torch.full((size, 1), error))
        for size, error in zip(sizes, errors, strict=True)
    ]
    value = scene.judged.call("evaluate", net, batches, nn.functional.mse_loss)
    found = float(checked(scene.judged, "evaluate", value))
    left, losses = 0, [error**2 for error in errors]
    for size, height in zip(sizes, losses, strict=True):
        axes.bar(left, height, size, align="edge", color="#CFE3F1", ec=BLACK)
        axes.text(left + size / 2, height / 2, f"{height:g}", ha="center", va="center")
        left += size
    mean = sum(losses) / len(losses)
    axes.axhline(found, color=BLUE, lw=2, label=f"evaluate: {found:.2f}")
    label = f"mean of the three batches: {mean:.2f}"
    axes.axhline(mean, color=VERMILLION, ls="--", lw=2, label=label)
    axes.set(xlabel="rows, in batches of 4, 4 and 1", ylabel="loss of a batch", ylim=(0, 11))
    axes.set_xticks(range(left + 1))


PANELS = (
    Panel("Training rows get better, new rows not for ever", ("make_training", "fit"), draw_losses),
    Panel("Your SGD steps where torch's does", ("SGD",), draw_steps),
    Panel("In eval mode a prediction is always the same", ("predict",), draw_dropout),
    Panel("A batch counts by its rows", ("evaluate",), draw_batches),
)
