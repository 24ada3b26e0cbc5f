"""What the tests of pictures share: solutions as if they had been judged, and their figure."""

from __future__ import annotations

import importlib
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.course import exercises
from autograder.judging.verdict import Status, Verdict
from autograder.student import plot
from autograder.student.own_module import Judged

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def judged(module: str, *failing: str, **functions: Any) -> Judged:
    """Return a module's solutions with some functions replaced, as if they had been judged."""
    own = SimpleNamespace(**{**vars(importlib.import_module(module)), **functions})
    verdicts = {}
    for name, one in exercises().items():
        status: Status = "fail" if name in failing else "pass"
        if one.module == module:
            verdicts[name] = Verdict(one, status, None, probes=(status,))
    return Judged(own, {}, verdicts, {})


def drawn(given: Judged) -> tuple[Figure, list[str]]:
    """Return the figure of a judged module, and the lines that go with it."""
    figure = plot._new_figure(show=False)
    (module,) = {verdict.exercise.module for verdict in given.verdicts.values()}
    picture = importlib.import_module(f"autograder.student.picture_{module.partition('_')[0]}")
    return figure, picture.draw(figure, given)


def points(figure: Figure, label: str) -> np.ndarray[Any, Any]:
    """Return the points [n, 2] of the line that has this label, or a label that begins so."""
    lines = [line for axes in figure.axes for line in axes.lines]
    (found,) = [line for line in lines if str(line.get_label()).startswith(label)]
    return np.array(found.get_data(), dtype=float).T


def titles(figure: Figure) -> list[str]:
    """Return the titles of a figure's panels."""
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


def without(given: Judged, *names: str) -> Judged:
    """Return a judged module as it is in a copy that lacks some exercises."""
    kept = {name: one for name, one in given.verdicts.items() if name not in names}
    return replace(given, verdicts=kept)


def raising(*_: Any, **named: Any) -> Any:
    """Stand for a function that stops."""
    raise ValueError("not today")


def told_to_have_stopped(given: Judged, name: str) -> bool:
    """Say whether the lines of a picture tell that `name`, which is `raising`, has stopped, and
    nothing else."""
    _, told = drawn(given)
    return told == given.stopped and {*told} == {f"{name} stopped with ValueError: not today"}
