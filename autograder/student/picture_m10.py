"""The picture of m10: stacks with and without an activation, collapsed weights, a copy, a table."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.inside.tables import crop_yield
from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, Numbers, checked
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Two layers, 1 to 3 and 3 to 1, whose straight line goes up, and bends where a ReLU is between.
FIRST = torch.tensor([[1.0], [-1.5], [0.5]]), torch.tensor([0.5, 0.75, -1.0])
SECOND = torch.tensor([[1.5, -0.5, 2.0]]), torch.tensor([-0.5])
INPUTS = torch.linspace(-3.0, 3.0, 61)[:, None]
CROP_WEIGHTS = torch.tensor([[-0.4, 0.8, 0.7]], dtype=torch.float64)
CROP_BIAS = torch.tensor([1.0], dtype=torch.float64)
ADDED = 0.1  # to every weight, after the layer is made


class Scene:
    """What the panels of m10 share: layers of the student's and what they predict."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged

    @cached_property
    def layers(self) -> list[Any]:
        """The two layers, of the student's Linear, with the picture's weights."""
        made = []
        for weight, bias in (FIRST, SECOND):
            layer = self.judged.call("Linear", weight.shape[1], weight.shape[0])
            with self.judged.stopping("Linear"):
                layer.load_state_dict({"weight": weight, "bias": bias})
            made.append(layer)
        return made

    @cached_property
    def collapsed(self) -> Any:
        """What the student's collapse makes of two such layers of torch's."""
        return self.judged.call("collapse", [torch_layer(*part) for part in (FIRST, SECOND)])

    def stack(self, x: Tensor, bends: bool) -> Numbers:
        """Return what the two layers predict, [N], with a ReLU between them or without."""
        first, second = self.layers
        with self.judged.stopping("Linear"), torch.no_grad():
            hidden = first(x)
            pred = second(torch.relu(hidden) if bends else hidden)
        return checked(self.judged, "Linear", pred, len(x), 1).ravel()

    def predictions(self, name: str, layer: Any, x: Tensor) -> Numbers:
        """Return what a layer predicts that the function `name` made, [N]."""
        with self.judged.stopping(name), torch.no_grad():
            pred = layer(x)
        return checked(self.judged, name, pred, len(x), 1).ravel()


def torch_layer(weight: Tensor, bias: Tensor) -> nn.Linear:
    """Return torch's own linear layer with this weight [O, I] and bias [O]."""
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m10; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (2, 2))


def draw_stacks(axes: Axes, scene: Scene) -> None:
    """Draw what two layers predict, straight without an activation, and their collapse."""
    inputs = INPUTS.numpy().ravel()
    straight, bent = (scene.stack(INPUTS, bends) for bends in (False, True))
    axes.plot(inputs, straight, "-", color=BLUE, lw=4, alpha=0.6, label="Linear, then Linear")
    axes.plot(inputs, bent, "--", color=ORANGE, lw=2, label="with a ReLU between")
    if scene.judged.passes("collapse"):
        one = scene.predictions("collapse", scene.collapsed, INPUTS)
        label = "collapse: one layer"
        axes.plot(inputs[::6], one[::6], "o", color=VERMILLION, mec=BLACK, ms=6, label=label)
    axes.set(xlabel="input", ylabel="prediction")
    axes.grid(alpha=0.3)


def draw_product(axes: Axes, scene: Scene) -> None:
    """Draw the weights of both layers, each path's product, and the one weight of collapse."""
    with scene.judged.stopping("collapse"):
        weight, bias = scene.collapsed.weight, scene.collapsed.bias
    slope = checked(scene.judged, "collapse", weight, 1, 1).item()
    shift = checked(scene.judged, "collapse", bias, 1).item()
    products = (SECOND[0] * FIRST[0].T).numpy().ravel()
    bottom = 0.0
    for unit, product in enumerate(products):
        text = f"{SECOND[0][0, unit]:g} × {FIRST[0][unit, 0]:g}\n= {product:g}"
        axes.bar(unit, product, 0.7, bottom=bottom, color="#CFE3F1", ec=BLACK)
        axes.text(unit, bottom + product / 2, text, ha="center", va="center", fontsize="small")
        bottom += product
    axes.bar(3, slope, 0.7, color=ORANGE, ec=BLACK)
    axes.text(3, slope / 2, f"{slope:g}", ha="center", va="center")
    axes.axhline(bottom, color=VERMILLION, ls=":", lw=2, label=f"sum of the products: {bottom:g}")
    names = [f"hidden unit {unit}" for unit in range(3)]
    axes.set_xticks(range(4), [*names, f"collapse,\nbias {shift:g}"])
    axes.set_ylabel("weight from input to prediction")
    axes.set_ylim(min(0.0, slope * 1.2), 1.4 * max(bottom, slope, axes.get_ylim()[1] / 1.2))


def draw_copy(axes: Axes, scene: Scene) -> None:
    """Draw what a layer predicts for the crops before and after its weights' source changes."""
    x = torch.from_numpy(crop_yield()[0])
    w, b = CROP_WEIGHTS.clone(), CROP_BIAS.clone()
    before = (x @ w.T + b).numpy().ravel()
    layer = scene.judged.call("to_linear", w, b)
    w += ADDED
    after = scene.predictions("to_linear", layer, x)
    places = np.arange(len(x))
    axes.plot(places, before, "s", color="none", mec=BLUE, mew=1.5, ms=11, label="x @ w.T + b")
    label = f"the layer, after w += {ADDED:g}"
    axes.plot(places, after, "o", color=ORANGE, mec=BLACK, ms=6, label=label)
    changed = (x @ w.T + b).numpy().ravel()
    label = f"x @ w.T + b, after w += {ADDED:g}"
    axes.plot(places, changed, "X", color=VERMILLION, mec=BLACK, ms=8, label=label)
    axes.set_xticks([*places], [f"row {place}" for place in places])
    axes.set(xlabel="rows of the crop table", ylabel="predicted apples (t)", ylim=(0, 225))


def draw_parameters(axes: Axes, scene: Scene) -> None:
    """Draw how many elements each parameter has that the student's table lists."""
    net = nn.Sequential(nn.Linear(3, 6), nn.ReLU(), nn.Sequential(nn.Linear(6, 2)))
    for p in net[0].parameters():
        p.requires_grad_(False)
    table = scene.judged.call("param_table", net)
    with scene.judged.stopping("param_table"):
        rows = [
            (str(name), shape, bool(learns), count)
            for name, (shape, learns, count) in table.items()
        ]
    counts = checked(scene.judged, "param_table", [row[3] for row in rows], len(rows))
    for place, ((_, shape, learns, _), size) in enumerate(zip(rows, counts, strict=True)):
        color, hatch = (BLUE, None) if learns else ("0.85", "//")
        axes.barh(place, size, 0.6, color=color, ec=BLACK, hatch=hatch)
        axes.text(size + 0.3, place, f"{tuple(shape)}: {size:g}", va="center")
    for word, color, hatch in (("trainable", BLUE, None), ("frozen", "0.85", "//")):
        axes.barh(0, 0, color=color, ec=BLACK, hatch=hatch, label=word)
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.set(xlabel="elements", xlim=(0, 1.7 * max(counts, default=1.0)))
    axes.invert_yaxis()


PANELS = (
    Panel("Two linear layers predict as one", ("Linear",), draw_stacks),
    Panel("Their weights multiply and add up to one", ("collapse",), draw_product),
    Panel("A layer keeps a copy of its own", ("to_linear",), draw_copy),
    Panel("What a model holds", ("param_table",), draw_parameters),
)
