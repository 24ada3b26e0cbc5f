"""What the tests of pictures share: solutions as if they had been judged, and their figure."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

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
