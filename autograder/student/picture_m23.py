"""The picture of m23: the bytes that blocks keep, with checkpoints and without, and time steps."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import finalize

import numpy as np
import torch
from torch import Tensor, nn

from autograder.student.charts import BLACK, BLUE, ORANGE, VERMILLION, Numbers
from autograder.student.own_module import Judged
from autograder.student.panels import Panel, draw_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLOCKS = 36  # of the stack
VALUES = 128  # of a block's result: 1 KiB in float64
LENGTHS, CHUNK = (8, 16, 24, 32, 48, 64), 8  # of the sequences


class Watch:
    """Counts results as long as their memory exists; `seen` has the count at every call."""

    def __init__(self) -> None:
        self.alive, self.seen, self.forward = 0, list[int](), 0

    def result(self, values: Numbers) -> Tensor:
        """Return values as a tensor that counts until nobody keeps it any more."""
        self.alive += 1
        finalize(values, self._gone)
        self.seen.append(self.alive)
        return torch.from_numpy(values)

    def _gone(self) -> None:
        self.alive -= 1


class _Tanh(torch.autograd.Function):
    """tanh(w x), which keeps its result for the backward pass."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w: Tensor, watch: Watch) -> Tensor:
        """Compute by NumPy, whose arrays tell when they go."""
        y = watch.result(np.tanh(x.detach().numpy() * w.item()))
        ctx.save_for_backward(x, w, y)
        ctx.watch = watch
        return y

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, Tensor, None]:
        """Return the gradients of x and w."""
        x, w, y = ctx.saved_tensors
        ctx.watch.seen.append(ctx.watch.alive)
        inner = g * (1 - y * y)
        return inner * w, (inner * x).sum(), None


class _Layer(nn.Module):
    """A block, or a recurrent cell whose prediction is its state."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor(1.25, dtype=torch.float64))
        self.watch = watch

    def forward(self, x: Tensor, *state: Tensor | None) -> Any:
        """Return a block's result; with a state, that of a time step, and the next state."""
        h = state[0] if state else None
        y: Any = _Tanh.apply(x if h is None else x + h, self.w, self.watch)  # type: ignore[no-untyped-call]
        return (y, y) if state else y


class Scene:
    """What the panels of m23 share, each computed when it is first asked for."""

    def __init__(self, judged: Judged) -> None:
        self.judged = judged

    @cached_property
    def best(self) -> int:
        """The student's number of segments."""
        return int(self.judged.call("best_segments", BLOCKS))

    def stack(self, segments: int | None) -> Watch:
        """Go forward and backward through all blocks; None is the plain loop."""
        watch = Watch()
        blocks = [_Layer(watch) for _ in range(BLOCKS)]
        y: Any = torch.linspace(-1, 1, VALUES, dtype=torch.float64)
        with self.judged.stopping("checkpointed"):
            if segments is None:
                y = nn.Sequential(*blocks)(y)
            else:
                y = self.judged.call("checkpointed", list(blocks), y, segments)
            watch.forward = len(watch.seen)
            y.sum().backward()
        return watch

    def sequence(self, steps: int, chunk: int) -> Watch:
        """Train on a sequence by the student's tbptt."""
        watch = Watch()
        cell = _Layer(watch)
        xs, ys = torch.zeros(2, steps, 1, VALUES, dtype=torch.float64)
        opt = torch.optim.SGD(cell.parameters(), lr=0.01)
        self.judged.call("tbptt", cell, xs + 0.1, ys, chunk, opt, nn.functional.mse_loss)
        return watch


def draw(figure: Figure, judged: Judged) -> list[str]:
    """Draw the three panels of m23; return one line for whatever could not be drawn."""
    return draw_panels(figure, judged, Scene(judged), PANELS, (1, 2))


def draw_course(axes: Axes, scene: Scene) -> None:
    """Draw what is kept at each call of a block, forward and backward, as three ways go on."""
    for label, segments, (color, line) in (
        ("plain loop", None, (ORANGE, "--")),
        ("checkpointed, 2 segments", 2, (BLUE, ":")),
        (f"checkpointed, best_segments: {scene.best}", scene.best, (VERMILLION, "-")),
    ):
        watch = scene.stack(segments)
        axes.plot(watch.seen, line, color=color, lw=2.2, label=label)
    axes.axvline(BLOCKS - 0.5, color=BLACK, lw=0.8)
    for place, text in ((BLOCKS - 1.5, "forward"), (BLOCKS + 0.5, "backward")):
        axes.text(place, 0.6, text, ha="right" if text == "forward" else "left")
    axes.set(xlabel="calls of blocks, forward or backward, one after the other", ylabel="KiB kept")


def draw_segments(axes: Axes, scene: Scene) -> None:
    """Draw the most that is kept at once, for each number of segments."""
    numbers = np.arange(1, BLOCKS + 1)
    most = [max(scene.stack(int(s)).seen) for s in numbers]
    axes.plot(numbers, BLOCKS / numbers + numbers, "-", color="0.5", label="n / s + s")
    axes.plot(numbers, most, "o", color=BLUE, ms=5, mec=BLACK, mew=0.4, label="checkpointed")
    label = f"best_segments({BLOCKS}) = {scene.best}"
    axes.plot(
        scene.best, most[scene.best - 1], "*", color=VERMILLION, mec=BLACK, ms=16, label=label
    )
    axes.set(xlabel=f"segments s of n = {BLOCKS} blocks", ylabel="most KiB at once", ylim=(0, None))


def draw_sequences(axes: Axes, scene: Scene) -> None:
    """Draw the most that is kept at once for sequences of several lengths."""
    for label, chunk, (color, marker, line) in (
        ("tbptt, the whole sequence a chunk", None, (ORANGE, "s", "--")),
        (f"tbptt, chunks of {CHUNK}", CHUNK, (BLUE, "o", "-")),
    ):
        most = [max(scene.sequence(steps, chunk or steps).seen) for steps in LENGTHS]
        axes.plot(LENGTHS, most, line, marker=marker, color=color, mec=BLACK, mew=0.4, label=label)
    axes.set(xlabel="time steps of the sequence", ylabel="most KiB at once", ylim=(0, None))


PANELS = (
    Panel(f"What {BLOCKS} blocks keep, call by call", ("checkpointed",), draw_course),
    Panel("Most kept at once, by segments", ("checkpointed",), draw_segments),
    Panel("Most kept at once, by time steps", ("tbptt",), draw_sequences),
)
