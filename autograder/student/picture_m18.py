"""The picture of m18: which gradients survive, what a scale changes, a scaler, and a sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, numbers
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SCALE = 65536.0  # where torch's scaler begins
ROWS = (
    ("float32", torch.float32, 1.0, BLUE),
    ("bfloat16", torch.bfloat16, 1.0, ORANGE),
    ("float16", torch.float16, 1.0, VERMILLION),
    (f"float16,\nscale {SCALE:g}", torch.float16, SCALE, VERMILLION),
)
SIZES = 10.0 ** np.linspace(-50, 42, 1841)
POWERS = range(41)  # of 2: the scales that are tried
GRADIENTS, SEED = 500, 18
INIT, STEPS = 2.0**18, 12  # of the scaler and its training
LARGE, ONES = 1e8, 40


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the four panels of m18; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, judged, PANELS, (2, 2))


def draw_survivors(axes: Axes, judged: Judged) -> None:
    """Draw a bar for each dtype over the sizes that survive, with its two ends written beside."""
    for place, (_, dtype, scale, colour) in enumerate(reversed(ROWS)):
        alive = numbers(judged.call("survives", torch.from_numpy(SIZES), dtype, scale)) > 0
        low, high = place - 0.3, place + 0.3
        axes.fill_between(SIZES, low, high, color="0.92", lw=0)
        axes.fill_between(SIZES, low, high, where=alive.tolist(), color=colour, lw=0)
        kept = SIZES[alive]
        text = f"{kept.min():.0e} to {kept.max():.0e}" if len(kept) else "none"
        axes.text(1e-49, place + 0.34, text, fontsize="small", va="bottom")
    axes.set_yticks(range(len(ROWS)), [name for name, *_ in reversed(ROWS)])
    axes.set(xscale="log", xlabel="size of the gradient", xlim=(SIZES[0], SIZES[-1]))
    axes.set_ylim(-0.5, len(ROWS) - 0.2)


def draw_scales(axes: Axes, judged: Judged) -> None:
    """Draw which share of many gradients survives over the scale, and the smallest for all."""
    g = gradients()
    for name, dtype, style, colour in (
        ("float16", torch.float16, "-", VERMILLION),
        ("bfloat16", torch.bfloat16, "--", ORANGE),
    ):
        masks = [judged.call("survives", g, dtype, 2.0**power) for power in POWERS]
        shares = [100 * numbers(mask).mean() for mask in masks]
        axes.plot([2.0**power for power in POWERS], shares, style, color=colour, lw=2.2, label=name)
    least = judged.call("min_scale", g, torch.float16)
    axes.axvline(least, color=BLACK, ls=":", label=f"min_scale for float16: {least}")
    axes.set_xscale("log", base=2)
    axes.set(xlabel="scale", ylabel=f"survivors of {GRADIENTS} gradients, %", ylim=(-3, 104))
    axes.grid(alpha=0.3)


def draw_scaler(axes: Axes, judged: Judged) -> None:
    """Draw the scale of a training whose backward pass goes through float16, and its steps."""
    scales, taken = scaler_steps(judged)
    steps = np.arange(1, len(scales) + 1)
    axes.step(steps, scales, where="mid", color=BLUE, label="scale in this step")
    for name, wanted, marker, colour in (
        ("step taken", True, "o", BLUE),
        ("step skipped, a gradient is inf", False, "X", VERMILLION),
    ):
        chosen = np.array(taken) == wanted
        axes.plot(steps[chosen], np.array(scales)[chosen], marker, color=colour, ms=8, label=name)
    axes.set_yscale("log", base=2)
    axes.set(xlabel="step", ylabel="scale")
    axes.grid(alpha=0.3)


def draw_sums(axes: Axes, judged: Judged) -> None:
    """Draw the sum of a large number, some ones, and the opposite of the large number."""
    counts = range(ONES + 1)
    tables = [torch.tensor([LARGE, *[1.0] * ones, -LARGE]) for ones in counts]
    exact = [float(judged.call("accurate_sum", table)) for table in tables]
    one_by_one = [float(_one_by_one(table)) for table in tables]
    plain = [float(table.sum()) for table in tables]
    axes.plot(counts, exact, "o", color=BLUE, ms=5, label="accurate_sum")
    axes.plot(counts, plain, "--", color=ORANGE, lw=2, label="torch's sum in float32")
    axes.plot(counts, one_by_one, ":", color=VERMILLION, lw=2, label="one by one in float32")
    axes.set(xlabel=f"ones between {LARGE:.0e} and -{LARGE:.0e}", ylabel="sum")
    axes.grid(alpha=0.3)


def gradients() -> Tensor:
    """Return gradients [GRADIENTS] whose sizes spread over some powers of ten about 1e-7."""
    draws = np.random.RandomState(SEED)
    sizes = 10.0 ** np.clip(draws.normal(-7, 1.1, GRADIENTS), -9.8, -4.2)
    return torch.from_numpy(sizes * draws.choice([-1, 1], GRADIENTS))


def scaler_steps(judged: Judged) -> tuple[list[float], list[bool]]:
    """Train with the student's scaler; return the scale of each step, and whether it was taken."""
    w = torch.tensor([2.0, -1.0], requires_grad=True)
    x = torch.tensor([[1.0, 0.5], [-0.5, 1.5], [2.0, 1.0]])
    opt = torch.optim.SGD([w], lr=0.05)
    scales, taken = [], []
    with judged.stopping("LossScaler"):
        own = judged.module.LossScaler(INIT)
        for _ in range(STEPS):
            opt.zero_grad()
            loss = ((x * w.half().float()).sum(dim=1) ** 2).mean()
            own.scale(loss).backward()
            scales.append(float(own.get_scale()))
            before = w.detach().clone()
            own.step(opt)
            taken.append(not torch.equal(w, before))
            own.update()
    return scales, taken


def _one_by_one(table: Tensor) -> Tensor:
    added = torch.zeros(())
    for number in table:
        added = added + number
    return added


PANELS = (
    Panel("Which gradients survive", ("survives",), draw_survivors),
    Panel("A scale lifts them, up to a limit", ("survives",), draw_scales),
    Panel("A scaler finds its scale", ("LossScaler",), draw_scaler),
    Panel("A sum that cancels", ("accurate_sum",), draw_sums),
)
