"""Mistakes of residual_report."""

from __future__ import annotations

from typing import Any

import torch
from m15_losses import residual_report
from torch import Tensor

from autograder.course.marks import mistake


@mistake("residuals-turned-round", asks="lr.43")
def residuals_turned_round(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your residuals are prediction minus target. The plot is then upside down: mean and curve have
    the opposite sign. A residual is what the model has left over, target minus prediction."""
    report = residual_report(pred, target)
    return {**report, "mean": -report["mean"], "curve": -report["curve"]}


@mistake("against-the-target", asks="lr.43")
def against_the_target(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your report looks at the residuals over the targets. A residual is a part of its target, so
    the two always go together, even where nothing is wrong. Compare with what the model has
    predicted."""
    return _report(target - pred, target)


@mistake("funnel-of-signed-residuals", asks="lr.43")
def funnel_of_signed_residuals(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your funnel is the correlation of the residuals themselves with pred. For a line fitted by
    least squares that is 0, funnel or not, since spread goes up and down alike. Look at the size of
    the residuals."""
    return {**residual_report(pred, target), "funnel": _correlation(target - pred, pred)}


@mistake("funnel-of-squares")
def funnel_of_squares(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your funnel squares the residuals. The largest of them then nearly decides alone; the task
    takes their absolute values. Look at how the sign is taken away."""
    return {**residual_report(pred, target), "funnel": _correlation((target - pred) ** 2, pred)}


@mistake("curve-about-0", asks="lr.43")
def curve_about_0(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your curve squares the predictions as they are. Far from 0 the square of a prediction is
    nearly a straight line, so it shows no bend. Measure each prediction from the middle of
    them."""
    return {**residual_report(pred, target), "curve": _correlation(target - pred, pred**2)}


@mistake("curve-not-squared", asks="lr.43")
def curve_not_squared(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your curve is the correlation of the residuals with pred itself: that is a slope, and a line
    fitted by least squares leaves none. A bend shows against the square of pred's distance from its
    mean."""
    return {**residual_report(pred, target), "curve": _correlation(target - pred, pred)}


@mistake("curve-of-absolute-residuals", asks="lr.43")
def curve_of_absolute_residuals(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your curve takes the residuals without their signs. Whether both ends bend up or down can no
    longer be told, nor a bend from a spread that is large at both ends. Here the signs count."""
    bent = (pred - pred.mean()) ** 2
    return {**residual_report(pred, target), "curve": _correlation((target - pred).abs(), bent)}


@mistake("mean-of-sizes")
def mean_of_sizes(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your mean is that of the absolute residuals, which says how wrong the model is. Asked for is
    the mean of the residuals themselves: whether it predicts too much or too little."""
    return {**residual_report(pred, target), "mean": (target - pred).abs().mean().item()}


@mistake("covariances")
def covariances(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your funnel and curve are covariances, which change with the unit of the target. A
    correlation is divided by both standard deviations, and lies between -1 and 1."""
    r, bent = target - pred, (pred - pred.mean()) ** 2
    report = residual_report(pred, target)
    funnel = torch.cov(torch.stack([r.abs(), pred]))[0, 1].item()
    return {**report, "funnel": funnel, "curve": torch.cov(torch.stack([r, bent]))[0, 1].item()}


@mistake("n-and-n-minus-1")
def n_and_n_minus_1(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your correlations come out too small by the factor (N - 1) / N: the covariance is divided by
    N, and the standard deviations by N - 1, which is what std() does unless it is told otherwise.
    Both have to be divided by the same."""
    report, n = residual_report(pred, target), len(pred)
    return {**report, **{key: report[key] * (n - 1) / n for key in ("funnel", "curve")}}


@mistake("not-centred")
def not_centred(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Your correlations do not subtract the means: they are cosines of the angle between two lists
    of numbers. What is above 0 throughout, as absolute values are, then always seems to go
    together."""
    r, bent = target - pred, (pred - pred.mean()) ** 2
    report = residual_report(pred, target)
    return {**report, "funnel": _cosine(r.abs(), pred), "curve": _cosine(r, bent)}


@mistake("tensors")
def tensors(pred: Tensor, target: Tensor) -> dict[str, Any]:
    """Your report holds tensors. It is made to be read and logged, so the task asks for floats of
    Python: take the number out of each tensor."""
    report = residual_report(pred, target)
    return {key: torch.tensor(value, dtype=pred.dtype) for key, value in report.items()}


def _report(r: Tensor, axis: Tensor) -> dict[str, float]:
    bent = (axis - axis.mean()) ** 2
    funnel, curve = _correlation(r.abs(), axis), _correlation(r, bent)
    return {"mean": r.mean().item(), "funnel": funnel, "curve": curve}


def _correlation(a: Tensor, b: Tensor) -> float:
    a, b = a - a.mean(), b - b.mean()
    return _cosine(a, b)


def _cosine(a: Tensor, b: Tensor) -> float:
    return float((a * b).sum() / (a.norm() * b.norm()))
