"""The picture of m06: the crop table with predictions and residuals, squares, random starts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch

from autograder.inside.tables import crop_yield
from autograder.student.charts import (
    BLACK,
    BLUE,
    ORANGE,
    VERMILLION,
    Numbers,
    checked,
)
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REGIONS = ("Kanto", "Johto", "Hoenn", "Sinnoh", "Unova")  # the rows of data/crop_yield.csv
FRUITS = (("apples", BLUE, "o"), ("oranges", ORANGE, "s"))
WEIGHTS, BIASES = ((-0.5, 1.1, 0.6), (-0.1, 0.7, 0.9)), (0.0, 0.0)  # that fit the table roughly
HEAD = (
    *("", "temperature (F)", "rainfall (mm)", "humidity (%)", "apples (t)", "oranges (t)"),
    *("model: apples", "model: oranges", "residual: apples", "residual: oranges"),
)
DRAWS = 400  # of random parameters
SIZE = len(REGIONS), len(FRUITS)


class Scene:
    """What the panels of m06 share: the table, and what the student's model predicts for it."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged
        self.x, self.y = (torch.from_numpy(part) for part in crop_yield())

    @cached_property
    def predicted(self) -> Numbers:
        """The predictions of the student's model, [5, 2] in tons."""
        w, b = (torch.tensor(part, dtype=torch.float64) for part in (WEIGHTS, BIASES))
        return checked(self.judged, "model", self.judged.call("model", self.x, w, b), *SIZE)

    @cached_property
    def residuals(self) -> Numbers:
        """How far they are above the table, [5, 2] in tons."""
        found: Numbers = self.predicted - self.y.numpy()
        return found

    def mse(self, pred: Numbers, target: Numbers) -> float:
        """Return the student's mean squared error of predictions, [N, O]."""
        given = torch.from_numpy(pred.copy()), torch.from_numpy(target.copy())
        return float(checked(self.judged, "mse", self.judged.call("mse", *given)))


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m06; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (1, 3))


def draw_table(axes: Axes, scene: Scene) -> None:
    """Draw the table, with a column for each prediction and residual, the residuals coloured."""
    from matplotlib.transforms import Bbox

    cells = [
        [region, *(f"{number:g}" for number in row), *(f"{number:.1f}" for number in predicted)]
        + [f"{number:+.1f}" for number in above]
        for region, row, predicted, above in zip(
            REGIONS,
            np.hstack([scene.x.numpy(), scene.y.numpy()]),
            scene.predicted,
            scene.residuals,
            strict=True,
        )
    ]
    heads = [head.replace(": ", ":\n").replace(" (", "\n(") for head in HEAD]
    colours = [["white"] * 8 + [_tint(number) for number in row] for row in scene.residuals]
    table = axes.table(
        cells,
        colLabels=heads,
        cellColours=colours,
        colColours=["0.93"] * len(HEAD),
        cellLoc="center",
        bbox=Bbox.from_bounds(0.0, 0.1, 1.0, 0.9),
    )
    table.auto_set_font_size(False)
    table.set_fontsize(10)
    words = (
        "residual: prediction minus table; orange above it, blue below it, the stronger the further"
    )
    axes.text(0.5, 0.02, words, ha="center", va="center", transform=axes.transAxes)
    axes.set_axis_off()


def _tint(residual: float) -> tuple[float, float, float]:
    """Return white for no residual, orange for one above, blue for one below."""
    from matplotlib.colors import to_rgb

    share = min(abs(residual) / 20, 1.0) * 0.75
    full = np.array(to_rgb(ORANGE if residual > 0 else "#56B4E9"))
    red, green, blue = 1 - share * (1 - full)
    return red, green, blue


def draw_against(axes: Axes, scene: Scene) -> None:
    """Draw predictions over the table's tons, the residuals as lines from the diagonal."""
    target, ends = scene.y.numpy(), [10, 145]
    axes.plot(ends, ends, "-", color=BLACK, lw=1, label="no residual")
    axes.vlines(target.ravel(), target.ravel(), scene.predicted.ravel(), color=VERMILLION, lw=2)
    for column, (fruit, color, marker) in enumerate(FRUITS):
        tons, heights = target[:, column], scene.predicted[:, column]
        axes.plot(tons, heights, marker, color=color, mec=BLACK, ms=7, label=f"model: {fruit}")
    if scene.judged.passes("recover_params"):
        best = _best(scene)
        axes.plot(target.ravel(), best.ravel(), "x", color=BLACK, ms=8, label="recover_params")
    axes.set(xlabel="yield in the table (t)", ylabel="prediction (t)")


def _best(scene: Scene) -> Numbers:
    """Return what the parameters predict that the student finds for the table, [5, 2]."""
    name = "recover_params"
    w, b = scene.judged.call(name, scene.x, scene.y)
    weights, biases = checked(scene.judged, name, w, 2, 3), checked(scene.judged, name, b, 2)
    found: Numbers = scene.x.numpy() @ weights.T + biases
    return found


def draw_squares(axes: Axes, scene: Scene) -> None:
    """Draw the squared error of each prediction alone, and that of all: their mean."""
    target = scene.y.numpy()
    for column, (fruit, color, _) in enumerate(FRUITS):
        heights = [
            scene.mse(scene.predicted[row : row + 1, [column]], target[row : row + 1, [column]])
            for row in range(len(target))
        ]
        places = np.arange(len(target)) + 0.4 * column - 0.2
        hatch = "//" if column else None
        axes.bar(places, heights, 0.4, color=color, ec=BLACK, hatch=hatch, label=fruit)
    mean = scene.mse(scene.predicted, target)
    axes.axhline(mean, color=VERMILLION, ls="--", lw=2, label=f"mse of all ten: {mean:.1f}")
    axes.set_xticks(range(len(REGIONS)), REGIONS)
    axes.set(ylabel="squared error (t²)", ylim=(0, 1.35 * axes.get_ylim()[1]))


def draw_starts(axes: Axes, scene: Scene) -> None:
    """Draw how often random parameters have which loss, and what it is on average."""
    losses = np.array([_random_loss(scene, seed) for seed in range(DRAWS)])
    edges = np.geomspace(losses.min() * 0.99 or 1.0, losses.max() * 1.01, 25)
    axes.hist(
        losses, edges.tolist(), color="#CFE3F1", ec=BLACK, lw=0.6, label=f"{DRAWS} random starts"
    )
    label = f"their mean: {losses.mean():,.0f}"
    axes.axvline(losses.mean(), color=BLUE, lw=2, label=label)
    if scene.judged.passes("expected_random_loss"):
        value = scene.judged.call("expected_random_loss", scene.x, scene.y)
        expected = float(checked(scene.judged, "expected_random_loss", value))
        label = f"expected_random_loss: {expected:,.0f}"
        axes.axvline(expected, color=VERMILLION, ls="--", lw=2, label=label)
    axes.set(xscale="log", xlabel="loss (t²)", ylabel="number of starts")
    axes.set_ylim(0, 1.4 * axes.get_ylim()[1])


def _random_loss(scene: Scene, seed: int) -> float:
    """Return the student's loss on the table with random parameters of the student's."""
    draws = torch.Generator().manual_seed(seed)
    w, b = scene.judged.call("make_params", 3, 2, generator=draws, dtype=torch.float64)
    with torch.no_grad():
        pred = scene.judged.call("model", scene.x, w, b)
    return scene.mse(checked(scene.judged, "model", pred, *SIZE), scene.y.numpy())


PANELS = (
    Panel("The crop table, and what your model makes of it", ("model",), draw_table),
    Panel("Predictions near the diagonal are good", ("model",), draw_against),
    Panel("A large residual counts most", ("model", "mse"), draw_squares),
    Panel("Random parameters start far off", ("make_params", "model", "mse"), draw_starts),
)
