"""Probes of fit_line."""

from __future__ import annotations

from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m12_line.shared import points


@probe("descent")
def fit_line_descent(impl: Implementation, given: Given) -> Facts:
    """The path of slope and bias, from a start that is given or left at its default."""
    x, y = points(given)
    options = {"start": tuple(given.start)} if "start" in given.spec else {}
    path = impl.fit_line(x, y, given.lr, given.epochs, **options)
    if not isinstance(path, Tensor):
        return {"kind of the path": describe(path)}
    facts: Facts = {"kind of the path": "a tensor"}
    facts |= {"path": path, "path's requires_grad": path.requires_grad}
    if not options:
        facts["path at half the rate"] = impl.fit_line(x, y, given.lr / 2, given.epochs)
    return facts
