"""The picture of m24: a gradient through rounding, a choice that is soft, and receptive fields."""

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

SEED = 24
SLOPE, GRID, STEPS, RATE = 1.6, 2, 40, 0.3  # of a line, of its weight, and of the training
LOGITS, TAUS, DRAWS = [1.5, 0.5, 0.0, -1.0], (0.2, 1.0, 5.0), 2000
DEPTHS, LENGTH = range(7), 160  # layers of a stack, and the sequence that it reads


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m24; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, judged, PANELS, (2, 2))


def draw_rounding(axes: Axes, judged: Judged) -> None:
    """Draw the rounded numbers, and which gradient reaches the numbers before."""
    x = torch.linspace(-2.45, 2.45, 99, dtype=torch.float64, requires_grad=True)
    with judged.stopping("RoundSTE"):
        rounded = judged.module.RoundSTE.apply(x)
        (gradient,) = torch.autograd.grad(rounded.sum(), x)
    (true,) = torch.autograd.grad(torch.round(x).sum(), x)
    axes.plot(numbers(x), numbers(x), "-", color="0.8", lw=1)
    axes.plot(numbers(x), numbers(rounded), ".", color=BLUE, ms=5, label="RoundSTE")
    axes.plot(numbers(x), numbers(gradient), "-", color=VERMILLION, lw=2.2, label="its gradient")
    axes.plot(numbers(x), numbers(true), ":", color=BLACK, lw=1.8, label="torch.round's gradient")
    axes.set(xlabel="x", ylabel="result, or gradient")


def draw_training(axes: Axes, judged: Judged) -> None:
    """Draw the weight of a line that is rounded to halves, and what it is rounded to."""
    with judged.stopping("RoundSTE"):
        weights, rounded = _trained(judged)
    axes.plot(weights, "-o", color=BLUE, ms=3.5, label="weight")
    axes.step(range(len(rounded)), rounded, where="mid", color=ORANGE, lw=2, label="rounded weight")
    axes.axhline(SLOPE, color=BLACK, ls=":", label=f"slope of the data: {SLOPE}")
    axes.set(xlabel="step", ylabel="weight")
    axes.grid(alpha=0.3)


def draw_choice(axes: Axes, judged: Judged) -> None:
    """Draw the mean of many hard choices, and the largest soft result of each draw for some tau."""
    logits = torch.tensor([LOGITS], dtype=torch.float64).expand(DRAWS, -1)
    places = np.arange(len(LOGITS))
    shares = numbers(judged.call("gumbel_softmax", logits, 1.0, True, _generator())).mean(0)
    wanted = numbers(logits[0].softmax(0))
    axes.bar(places, shares, 0.55, color=BLUE, label=f"share of {DRAWS} hard choices")
    axes.plot(places, wanted, "_", color=BLACK, ms=18, mew=2.5, label="softmax of the logits")
    for tau, marker, colour in zip(TAUS, "v^s", (VERMILLION, ORANGE, "0.45"), strict=True):
        soft = numbers(judged.call("gumbel_softmax", logits[:1], tau, False, _generator()))[0]
        label = f"one soft choice, tau {tau:g}"
        axes.plot(places, soft, marker, color=colour, ms=7, mec=BLACK, mew=0.5, label=label)
    axes.set(xlabel="logit of the class", ylabel="share", ylim=(-0.04, 1.35))
    axes.set_xticks(places, [f"{logit:g}" for logit in LOGITS])
    axes.set_yticks(np.linspace(0, 1, 6))


def draw_fields(axes: Axes, judged: Judged) -> None:
    """Draw the field over the depth, and beside it how far the gradient of an output reaches."""
    for name, dilations, colour, line in (
        ("dilation doubled", [2**d for d in DEPTHS], VERMILLION, "--"),
        ("dilation 2", [2] * len(DEPTHS), BLUE, "-"),
    ):
        stacks = [[(3, 1, dilation) for dilation in dilations[:depth]] for depth in DEPTHS]
        fields = [float(judged.call("receptive_field", stack)) for stack in stacks]
        reach = [_reach(stack) for stack in stacks]
        axes.plot(DEPTHS, fields, line, color=colour, lw=2, label=f"receptive_field, {name}")
        axes.plot(DEPTHS, reach, "o", mfc="none", mec=colour, ms=8, label=f"gradient, {name}")
    axes.set(xlabel="layers of kernel 3", ylabel="places of the sequence")
    axes.grid(alpha=0.3)


def _trained(judged: Judged) -> tuple[Numbers, Numbers]:
    """Return the weight before each step, and what it is rounded to."""
    x = torch.linspace(-1, 1, 21, dtype=torch.float64)
    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    weights, rounded = [], []
    for _ in range(STEPS):
        on_grid = judged.module.RoundSTE.apply(w * GRID) / GRID
        weights.append(w.item())
        rounded.append(on_grid.item())
        (slope,) = torch.autograd.grad(((on_grid - SLOPE) * x).square().mean(), w)
        with torch.no_grad():
            w.sub_(RATE * slope)
    return np.array(weights), np.array(rounded)


def _reach(stack: list[tuple[int, int, int]]) -> int:
    """Return how far the gradient of one output reaches, through weights that are all 1."""
    x = torch.zeros(1, 1, LENGTH, requires_grad=True)
    out: Tensor = x
    for kernel, stride, dilation in stack:
        weights = torch.ones(1, 1, kernel)
        out = torch.nn.functional.conv1d(out, weights, stride=stride, dilation=dilation)
    seen = torch.autograd.grad(out[0, 0, 0], x)[0].nonzero()[:, 2]
    return int(seen.max() - seen.min()) + 1


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(SEED)


PANELS = (
    Panel("A gradient through rounding", ("RoundSTE",), draw_rounding),
    Panel("A rounded weight learns", ("RoundSTE",), draw_training),
    Panel("A choice with a gradient", ("gumbel_softmax",), draw_choice),
    Panel("How far a stack can see", ("receptive_field",), draw_fields),
)
