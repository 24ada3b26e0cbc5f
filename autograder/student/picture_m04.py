"""The picture of m04: a graph with its gradients, what backward() adds, a root, and node names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

NUMBER, ITERATIONS = 50.0, 7  # whose root newton_sqrt finds, and how many of its steps are shown
CALLS = 4  # of backward()
LEAF, RESULT = "#CFE3F1", "#FBEBCC"  # pale blue and pale orange, under black text


@dataclass(frozen=True)
class Node:
    """A Value in the drawn expression: its name, its place (column and height), its operands."""

    name: str
    value: Any
    at: tuple[float, float]
    operands: tuple[str, ...] = ()


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m04; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, judged, PANELS, (1, 3))


def expression(judged: Judged) -> list[Node]:
    """Return the nodes of a squared error with a penalty, after backward(); w is used twice.

    A node's column is the one before the first that uses it.
    """
    w, x, b = (judged.call("Value", number) for number in (2.0, 3.0, 1.0))
    with judged.stopping("Value"):
        product = w * x
        pred = product + b
        error = pred + -5
        square, power = error * error, w**2
        penalty = 0.5 * power
        loss = square + penalty
        loss.backward()
    return [
        Node("x", x, (0, 2)),
        Node("w", w, (0, 0.9)),
        Node("b", b, (1, 3)),
        Node("w * x", product, (1, 2), ("w", "x")),
        Node("w ** 2", power, (3, 0.6), ("w",)),
        Node("pred = w * x + b", pred, (2, 2), ("w * x", "b")),
        Node("e = pred - 5", error, (3, 2), ("pred = w * x + b",)),
        Node("0.5 * w ** 2", penalty, (4, 0.6), ("w ** 2",)),
        Node("e * e", square, (4, 2), ("e = pred - 5", "e = pred - 5")),
        Node("loss = e * e + 0.5 * w ** 2", loss, (5, 1.25), ("e * e", "0.5 * w ** 2")),
    ]


def draw_expression(axes: Axes, judged: Judged) -> None:
    """Draw the graph by depth: a box for each Value, an arrow from each operand to its result."""
    nodes = expression(judged)
    boxes = {node.name: _draw_box(axes, node) for node in nodes}
    for node in nodes:
        for index, operand in enumerate(node.operands):
            twice = node.operands.count(operand) > 1
            bend = (0.25 - 0.5 * index) if twice else 0.0
            _draw_arrow(axes, boxes[operand], boxes[node.name], bend)
    axes.set(xlim=(-0.3, 5.45), ylim=(0.05, 3.4))
    axes.set_axis_off()


def _draw_arrow(axes: Axes, start: Text, end: Text, bend: float) -> None:
    """Draw an arrow from edge to edge of two boxes."""
    axes.annotate(
        "",
        xy=end.get_position(),
        xytext=start.get_position(),
        arrowprops={
            "arrowstyle": "-|>,head_length=0.6,head_width=0.3",
            "color": BLACK,
            "connectionstyle": f"arc3,rad={bend}",
            "patchA": start.get_bbox_patch(),
            "patchB": end.get_bbox_patch(),
            "shrinkA": 0,
            "shrinkB": 1,
        },
    )


def _draw_box(axes: Axes, node: Node) -> Text:
    name = node.name.replace(" = ", " =\n", 1)
    text = f"{name}\ndata {_short(node.value.data)}\ngrad {_short(node.value.grad)}"
    box = {"boxstyle": "round,pad=0.4", "fc": RESULT if node.operands else LEAF, "ec": BLACK}
    return axes.text(*node.at, text, ha="center", va="center", fontsize="medium", bbox=box)


def _short(number: Any) -> str:
    return f"{float(number):.4g}"


def draw_calls(axes: Axes, judged: Judged) -> None:
    """Draw what a leaf's .grad holds after each call of backward(), and the part just added."""
    steps = [lambda t: t - 1, lambda t: 2 * t, lambda t: t + 1, lambda t: t - 1]
    report = judged.call("what_backward_does", torch.tensor([2.0]), steps)
    with judged.stopping("what_backward_does"):
        grads = [float(grad) for grad in report["grads"]]
        added = [float(grad) for grad in report["added"]]
    calls = range(1, CALLS + 1)
    before = np.array(grads) - added
    axes.bar(calls, before, color=BLUE, ec=BLACK, label="was there before")
    axes.bar(
        calls, added, bottom=before, color=ORANGE, ec=BLACK, hatch="//", label="added by this call"
    )
    for call, grad in zip(calls, grads, strict=True):
        axes.text(call, grad, _short(grad), ha="center", va="bottom")
    axes.set(xlabel="call of backward()", ylabel="the leaf's .grad", xticks=list(calls))
    axes.margins(y=0.12)


def draw_newton(axes: Axes, judged: Judged) -> None:
    """Draw how far root and derivative are from the exact ones, iteration by iteration."""
    errors = np.array([_errors(judged, tol) for tol in _tolerances()])
    steps = range(1, len(errors) + 1)
    of_slope = "derivative, from 1 / (2 sqrt a)"
    axes.semilogy(steps, errors[:, 0], "-o", color=BLUE, label="root, from sqrt a")
    axes.semilogy(steps, errors[:, 1], "--s", color=VERMILLION, label=of_slope)
    axes.set(xlabel="iterations made", ylabel="relative error", xticks=list(steps))
    axes.grid(alpha=0.3)


def _tolerances() -> list[float]:
    """Return the tolerances that are met after 1, 2, ... iterations."""
    x, found = NUMBER, []
    for _ in range(ITERATIONS):
        x = (x + NUMBER / x) / 2
        found.append(1.01 * abs(x * x - NUMBER) / NUMBER + 1e-15)
    return found


def _errors(judged: Judged, tol: float) -> tuple[float, float]:
    """Return the relative errors of the student's root and of its derivative."""
    a = torch.tensor(NUMBER, dtype=torch.float64, requires_grad=True)
    root = judged.call("newton_sqrt", a, tol)
    with judged.stopping("newton_sqrt"):
        (slope,) = torch.autograd.grad(root, a)
    exact = NUMBER**0.5
    least = 1e-16  # so that no error at all has a place on a logarithmic axis
    return max(abs(root.item() / exact - 1), least), max(abs(slope.item() * 2 * exact - 1), least)


def draw_names(axes: Axes, judged: Judged) -> None:
    """Draw the names of the nodes behind a mean squared error, from the loss on downwards."""
    names = judged.call("graph_ops", _loss())
    for place, name in enumerate(names):
        leaf = name == "AccumulateGrad"
        box = {"boxstyle": "round,pad=0.3", "fc": LEAF if leaf else RESULT, "ec": BLACK}
        text = f"{place + 1}. {name}"
        axes.text(0.5, -place, text, ha="center", va="center", fontsize="medium", bbox=box)
    axes.set(xlim=(0, 1), ylim=(-len(names) + 0.4, 0.6))
    axes.set_axis_off()


def _loss() -> Tensor:
    w, b = torch.ones(2, 3, requires_grad=True), torch.ones(2, requires_grad=True)
    error = torch.ones(4, 3) @ w.t() + b - torch.zeros(4, 2)
    squares = error * error
    return squares.sum() / squares.numel()


PANELS = (
    Panel("An expression of your Value, after loss.backward()", ("Value",), draw_expression),
    Panel("Calls of backward() add up", ("what_backward_does",), draw_calls),
    Panel(f"Newton's root of a = {NUMBER:g}", ("newton_sqrt",), draw_newton),
    Panel("The graph behind a mean squared error", ("graph_ops",), draw_names),
)
