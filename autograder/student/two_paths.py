"""A path of m12 that is not right yet, beside the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograder.inside.observation import Array, Observation
from autograder.student.charts import BIAS, BLACK, BLUE, SLOPE, VERMILLION, Numbers
from autograder.student.own_module import Judged

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.gridspec import SubplotSpec


def draw_comparison(figure: Figure, place: SubplotSpec, judged: Judged) -> bool:
    """Draw the student's path on a public case beside the expected one; say whether that shows it.

    It shows nothing where there is no path, or where the mistake is too small for the eye.
    """
    found = _paths(judged)
    if found is None:
        return False
    yours, expected = found
    if yours.shape == expected.shape and np.allclose(yours, expected, rtol=0.01, atol=0.01):
        return False
    axes = figure.add_subplot(place)
    axes.set_title("fit_line does not pass yet: a public case")
    axes.plot(
        *expected.T, "-", color=BLUE, marker="o", ms=8, mec="white", lw=2.5, label="expected path"
    )
    axes.plot(
        *yours.T, "--", color=VERMILLION, marker="X", ms=8, mec="white", lw=2.5, label="your path"
    )
    axes.plot(*expected[0], "s", color="white", mec=BLACK, ms=9, label="start")
    axes.set(xlabel=SLOPE, ylabel=BIAS)
    axes.legend(fontsize="x-small", loc="best")
    return True


def _paths(judged: Judged) -> tuple[Numbers, Numbers] | None:
    """Return the student's path and the expected one, [epochs + 1, 2], as they were judged.

    They belong to the first public case on the CPU that fails. None where there is no path.
    """
    key, verdict = judged.tasks["fit_line"].key, judged.verdicts["fit_line"]
    seen = judged.observed["fit_line"]
    for case, right, yours, status in zip(
        key.cases, key.expected, seen, verdict.probes, strict=False
    ):
        if status == "fail" and case.device == "cpu" and right is not None:
            both = _path(yours), _path(right)
            return None if both[0] is None or both[1] is None else (both[0], both[1])
    return None


def _path(observed: Observation) -> Numbers | None:
    """Return the path that was seen, if it is one: pairs of finite numbers."""
    path = observed.facts.get("path")
    if not isinstance(path, Array) or path.values is None:
        return None
    values = np.asarray(path.values, dtype=np.float64)
    is_path = values.ndim == 2 and values.shape[1] == 2 and bool(np.isfinite(values).all())
    return values if is_path else None
