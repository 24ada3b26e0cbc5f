"""A path of m12 that is not right yet, beside the right one."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from autograder import probes
from autograder.given import Given
from autograder.judging.implementation import Implementation
from autograder.observation import Array
from autograder.student.charts import (
    BIAS,
    BLACK,
    BLUE,
    SLOPE,
    VERMILLION,
    Numbers,
    contours,
    costs_on,
    grid,
    numbers,
)
from autograder.student.own_module import Judged, Stopped

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_comparison(figure: Figure, place: int, judged: Judged) -> bool:
    """Draw the student's path on a public case beside the expected one; say whether that shows it.

    It shows nothing where there is no path, or where the mistake is too small for the eye.
    """
    found = _paths(judged)
    if found is None:
        return False
    yours, expected, (x, y) = found
    if yours.shape == expected.shape and np.allclose(yours, expected, rtol=0.01, atol=0.01):
        return False
    axes = figure.add_subplot(2, 3, place)
    axes.set_title("fit_line does not pass yet: a public case")
    if judged.passes("cost_surface"):
        slopes, biases = grid(np.vstack([yours, expected]), expected[-1])
        with contextlib.suppress(Stopped):
            contours(axes, slopes, biases, costs_on(judged, x, y, slopes, biases))
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


def _paths(judged: Judged) -> tuple[Numbers, Numbers, tuple[Tensor, Tensor]] | None:
    """Return the student's path and the expected one, [epochs + 1, 2], and the case's x and y.

    They belong to the first public case on the CPU that fails. None where there is no path.
    """
    key, verdict = judged.tasks["fit_line"].key, judged.verdicts["fit_line"]
    for case, right, status in zip(key.cases, key.expected, verdict.probes, strict=True):
        expected = right.facts.get("path") if right else None
        if status != "fail" or case.device != "cpu" or not isinstance(expected, Array):
            continue
        seen: list[tuple[Tensor, Tensor]] = []

        def watched(x: Tensor, y: Tensor, *args: Any, **options: Any) -> Any:
            seen.append((x, y))  # noqa: B023 - called before the next case
            return judged.module.fit_line(x.clone(), y.clone(), *args, **options)

        it = Implementation({"fit_line": watched}, frozenset())
        probe = probes.find("m12_line", "fit_line", case.probe)
        try:
            yours = numbers(probe(it, Given(case.given))["path"])
        except Exception:  # it raised, or returned no tensor: the grader tells that better
            return None
        if yours.ndim != 2 or yours.shape[1] != 2 or not np.isfinite(yours).all():
            return None
        assert expected.values is not None
        return yours, np.asarray(expected.values, dtype=np.float64), seen[0]
    return None
