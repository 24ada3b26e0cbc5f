"""`descent plot m17`: three optimizers on one bowl, their memory, and clipped gradients."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

pytest.importorskip("matplotlib")

from autograder.student.picture_m17 import OPTIMIZERS, START, STEPS, Scene
from tests import pictures
from tests.pictures import drawn, raising, told_to_have_stopped

judged = partial(pictures.judged, "m17_optimizers")

TITLES = [
    "Three ways down one bowl",
    "Their losses",
    "What a training keeps",
    "Clipped gradients keep their direction",
]


def test_every_panel_is_drawn() -> None:
    """With all functions right there are four panels and no line, and it can be written."""
    figure, told = drawn(judged())
    assert told == []
    assert [axes.get_title() for axes in figure.axes] == TITLES
    figure.canvas.draw()


def test_the_paths_are_those_of_torch() -> None:
    """Each line is where torch's own optimizer goes with the settings that its name tells."""
    figure, _ = drawn(judged())
    scene = Scene(judged())
    opts: dict[str, Any] = {
        "SGD, lr 0.07": partial(torch.optim.SGD, lr=0.07),
        "momentum 0.6, lr 0.04": partial(torch.optim.SGD, lr=0.04, momentum=0.6),
        "Adam, lr 0.2": partial(torch.optim.Adam, lr=0.2, betas=(0.9, 0.99)),
    }
    assert opts.keys() == OPTIMIZERS.keys()
    hessian = torch.from_numpy(scene.hessian)
    for line in figure.axes[0].lines[:3]:
        p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        opt = opts[str(line.get_label())]([p])
        for place in np.array(line.get_data()).T[: STEPS + 1]:
            np.testing.assert_allclose(place, p.detach().numpy(), atol=1e-9)
            p.grad = hessian @ p.detach()
            opt.step()


def test_the_losses_are_those_of_the_paths() -> None:
    """Each line has half of p'Hp at each place p of its path, from the start on."""
    figure, _ = drawn(judged())
    hessian = Scene(judged()).hessian
    for path, losses in zip(figure.axes[0].lines[:3], figure.axes[1].lines, strict=True):
        assert path.get_label() == losses.get_label()
        heights = [0.5 * p @ hessian @ p for p in np.array(path.get_data()).T[: STEPS + 1]]
        np.testing.assert_allclose(np.array(losses.get_data()), [range(STEPS + 1), heights])


def test_adam_keeps_twice_what_plain_sgd_keeps() -> None:
    """The numbers above the bars are bytes per weight of float32: 8, 12 and 16."""
    figure, _ = drawn(judged())
    assert [text.get_text() for text in figure.axes[2].texts] == ["8", "12", "16"]


def test_only_long_gradients_are_shortened() -> None:
    """Two arrows end where they ended, the other two on the circle."""
    figure, _ = drawn(judged())
    ends = [np.array(line.get_data())[:, 1] for line in figure.axes[3].lines[1:]]
    lengths = [round(float(np.hypot(*end)), 6) for end in ends]
    assert lengths == [0.4, 0.4, 0.9, 0.9, 1.6, 1.0, 2.4, 1.0]


def test_what_does_not_pass_is_told() -> None:
    """A panel that waits says for what, and the others are drawn."""
    figure, told = drawn(judged("adam_step"))
    assert (
        told == ["adam_step does not pass yet: pytest exercises/m17_optimizers.py::adam_step"] * 2
    )
    assert [axes.get_title() for axes in figure.axes] == TITLES


@pytest.mark.parametrize("name", ["MomentumSGD", "adam_step", "state_bytes", "clip_gradients_"])
def test_what_raises_is_told(name: str) -> None:
    """A line names the function and the exception."""
    assert told_to_have_stopped(judged(**{name: raising}), name)
