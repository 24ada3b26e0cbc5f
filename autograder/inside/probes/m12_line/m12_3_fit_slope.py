"""Probes of fit_slope."""

from __future__ import annotations

import torch

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.m12_line.shared import number, points
from autograder.inside.probes.tools import kind_of, read


@probe("descent")
def fit_slope_descent(impl: Implementation, given: Given) -> Facts:
    """The loss of every epoch and the slope at the end.

    `share` gives the rate in parts of 1/curvature, where the first step lands on the minimum: from
    far away, rounding w shows. Above 1 the slope swings, above 2 it moves away.
    """
    x, y = points(given)
    lr = given.share * 0.5 / x.square().mean().item() if "share" in given.spec else given.lr
    w, losses = impl.fit_slope(x, y, given.w0, lr, given.epochs)
    kind, slope = number(w)
    # In float32 a right step may be rounded away, or not, by how it is computed.
    still = given.dtype == torch.float64 and isinstance(w, float) and w == given.w0
    facts: Facts = {
        "kinds of the result": f"{kind} and {describe(losses)}",
        "kind of the losses": kind_of(losses),
        "slope after the last epoch": "as at the start" if still else "moved",
    }
    facts |= {"losses": read(losses), "final slope": slope}
    if given.spec.get("again"):
        kept = list(losses) if isinstance(losses, list) else losses
        second = impl.fit_slope(x, y, -given.w0, lr, 1)[0]
        facts["final slope of a second call"] = number(second)[1]
        # The losses of the first call, if the second has not written into the same list.
        facts["losses after a second call"] = (
            "changed" if isinstance(losses, list) and losses != kept else "unchanged"
        )
    return facts
