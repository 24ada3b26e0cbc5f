"""`descent plot m03`: six panels, drawn from what the student's own functions return."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import m03_algebra
import pytest
import torch
from torch import Tensor

pytest.importorskip("matplotlib")

from autograder.course import exercises
from autograder.inside import ROOT
from autograder.judging.public import read_tasks
from autograder.judging.verdict import Status, Verdict
from autograder.student.own_module import Judged
from tests.pictures import drawn
from tests.test_plot import texts, titles

NAMES = [name for name, one in exercises().items() if one.module == "m03_algebra"]
UNITS = {"", "axis 0", "axis 1", "row of a", "row of b", "squared distance"}


def judged(*failing: str, **functions: Any) -> Judged:
    """Return the solutions of m03 with some functions replaced, as if they had been judged."""
    own, tasks = (
        SimpleNamespace(**{**vars(m03_algebra), **functions}),
        read_tasks(ROOT / "exercises"),
    )
    verdicts = {}
    for name in NAMES:
        status: Status = "fail" if name in failing else "pass"
        probes = (status,) * len(tasks[name].key.cases)
        verdicts[name] = Verdict(exercises()[name], status, None, probes=probes)
    return Judged(own, tasks, verdicts, {})


def test_every_panel_is_drawn(tmp_path: Path) -> None:
    """With all functions right six panels have a title, axes have names, and it can be written."""
    figure, told = drawn(judged())
    assert told == []
    assert len(titles(figure)) == 6
    assert {text for a in figure.axes for text in (a.get_xlabel(), a.get_ylabel())} == UNITS
    figure.savefig(tmp_path / "m03.png")


def test_what_is_drawn_are_the_students_own_numbers() -> None:
    """Other results give another picture."""

    def doubled(a: Tensor, b: Tensor) -> Tensor:
        return 2 * m03_algebra.matmul(a, b)

    usual, other = (texts(drawn(judged(**own))[0]) for own in ({}, {"matmul": doubled}))
    assert "3 · 1 + 4 · 3 = 15" in usual and "3 · 1 + 4 · 3 = 30" in other


def test_only_a_view_is_hatched() -> None:
    """Where expanded has numbers of its own nothing of it is shown as the first row's memory."""

    def copied(batch: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        return batch + bias, bias.repeat(len(batch), 1)

    hatched = []
    for own in ({}, {"add_bias": copied}):
        axes = drawn(judged(**own))[0].axes[1]
        hatched.append(sum(patch.get_hatch() is not None for patch in axes.patches))
    assert hatched == [9, 0]


@pytest.mark.parametrize(("name", "panels"), [("matmul", 1), ("pairwise_sq_dists", 2)])
def test_what_does_not_pass_is_told_in_its_place(name: str, panels: int) -> None:
    """Its panels name the exercise, and the others are drawn."""
    figure, told = drawn(judged(name))
    line = f"{name} does not pass yet: pytest exercises/m03_algebra.py::{name}"
    assert told == [line] * panels
    shown = ["".join(text.split()) for text in texts(figure)]
    assert shown.count("".join(line.split())) == panels
    assert len(titles(figure)) == 6


def test_a_function_that_raises_is_told() -> None:
    """What stops on the numbers of the picture gives a line in its panel."""

    def stops(y: Tensor, table: Tensor) -> Tensor:
        raise ValueError("no rows")

    given = judged(embed=stops)
    figure, told = drawn(given)
    assert told == given.stopped == ["embed stopped with ValueError: no rows"]
    assert told[0] in texts(figure)


def test_results_that_require_gradients_are_drawn() -> None:
    """Distances with a graph behind them are numbers like any others."""

    def tracked(a: Tensor, b: Tensor) -> Tensor:
        return m03_algebra.pairwise_sq_dists(a, b).requires_grad_()

    assert drawn(judged(pairwise_sq_dists=tracked))[1] == []
    assert torch.is_grad_enabled()
