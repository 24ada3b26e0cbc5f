"""Probes of residual_report."""

from __future__ import annotations

import torch
from torch import Tensor

from autograder.inside.given import Given
from autograder.inside.implementation import Implementation, describe
from autograder.inside.probes import Facts, probe
from autograder.inside.probes.answers import number

_KEYS = ("mean", "funnel", "curve")


@probe("report")
def residual_report_report(impl: Implementation, given: Given) -> Facts:
    """The report on drawn predictions whose residuals have a shape."""
    pred = given.randn(given.n)
    target = given.plain(pred + _residuals(pred, given))
    report = impl.residual_report(pred, target)
    if not isinstance(report, dict):
        return {"keys": None if report is None else f"none, for it is {describe(report)}"}
    facts: Facts = {"keys": ", ".join(sorted(map(str, report)))}
    for key in (key for key in _KEYS if key in report):
        kind, value = number(report[key])
        facts |= {key: value, f"type of the {key}": kind}
    return facts


def _residuals(pred: Tensor, given: Given) -> Tensor:
    noise = 0.25 + given.leaf(given.n).detach()
    if given.shape == "funnel":
        return noise * torch.exp(pred)
    return noise + pred**2 if given.shape == "curve" else noise
