"""Other ways to do residual_report."""

from __future__ import annotations

import statistics

import numpy as np
import torch
from m15_losses import residual_report

from autograder.course.marks import restated, right, wrong


def of(r, size, axis, bent):
    """Return a report of residuals, their sizes, and two axes."""
    return {
        "mean": r.mean().item(),
        "funnel": pearson(size, axis),
        "curve": pearson(r, bent),
    }


def pearson(a, b):
    """Return the mean product of two standardised lists."""
    a, b = ((t - t.mean()) / t.std(correction=0) for t in (a, b))
    return (a * b).mean().item()


@right()
def standardised(pred, target):
    """Averages products of standardised numbers."""
    r = target - pred
    return of(r, r.abs(), pred, (pred - pred.mean()).square())


@right()
def by_numpy(pred, target):
    """NumPy has corrcoef, too."""
    p, t = (v.detach().cpu().numpy().astype("float64") for v in (pred, target))
    r = t - p
    return {
        "curve": np.corrcoef(r, (p - p.mean()) ** 2)[0, 1],
        "funnel": np.corrcoef(abs(r), p)[0, 1],
        "mean": r.mean(),
    }


@right()
def by_statistics(pred, target):
    """The library of Python has a correlation."""
    p, r = pred.tolist(), (target - pred).tolist()
    middle = statistics.fmean(p)
    bent = [(each - middle) ** 2 for each in p]
    return dict(
        mean=statistics.fmean(r),
        funnel=statistics.correlation([abs(each) for each in r], p),
        curve=statistics.correlation(r, bent),
    )


@right()
def cosine_of_centred(pred, target):
    """The cosine of the angle between centred lists."""
    r = target - pred
    pairs = {"funnel": (r.abs(), pred), "curve": (r, (pred - pred.mean()) ** 2)}
    report = {"mean": float(r.sum()) / len(r)}
    for key, (a, b) in pairs.items():
        a, b = a - a.mean(), b - b.mean()
        report[key] = float(torch.dot(a, b) / (a.norm() * b.norm()))
    return report


@wrong()
def in_a_tuple(pred, target):
    """Gives the three numbers without names."""
    return tuple(residual_report(pred, target).values())


@wrong()
def another_key(pred, target):
    """Calls the mean a bias."""
    report = residual_report(pred, target)
    return {"bias": report["mean"], "funnel": report["funnel"], "curve": report["curve"]}


@wrong()
def ranks(pred, target):
    """Correlates ranks in place of numbers."""
    r = target - pred
    rank = lambda t: t.argsort().argsort().to(t)  # noqa: E731
    return of(r, rank(r.abs()), rank(pred), (pred - pred.mean()) ** 2)


@wrong()
def sizes_of_correlations(pred, target):
    """Leaves the signs of the correlations out."""
    report = residual_report(pred, target)
    return {**report, "funnel": abs(report["funnel"]), "curve": abs(report["curve"])}


@wrong()
def squared_correlations(pred, target):
    """Gives the shares of variance."""
    report = residual_report(pred, target)
    return {**report, "funnel": report["funnel"] ** 2, "curve": report["curve"] ** 2}


@wrong()
def absolute_distance(pred, target):
    """Takes the distance from the mean without squaring it."""
    r = target - pred
    return of(r, r.abs(), pred, (pred - pred.mean()).abs())


@wrong()
def rounded(pred, target):
    """Rounds to two digits."""
    return {key: round(value, 2) for key, value in residual_report(pred, target).items()}


@wrong()
def centred_in_place(pred, target):
    """Centres the predictions of the caller."""
    report = residual_report(pred, target)
    pred.sub_(pred.mean())
    return report


@restated("residuals-turned-round")
def errors_for_residuals(pred, target):
    """Subtracts the target."""
    r = pred - target
    return of(r, r.abs(), pred, (pred - pred.mean()) ** 2)


@restated("against-the-target")
def over_the_truth(pred, target):
    """The targets are the axis."""
    r = target - pred
    return of(r, r.abs(), target, (target - target.mean()) ** 2)


@restated("funnel-of-signed-residuals")
def signs_kept(pred, target):
    """Forgets the absolute value."""
    r = target - pred
    return of(r, r, pred, (pred - pred.mean()) ** 2)


@restated("funnel-of-squares")
def variance_over_pred(pred, target):
    """Squares in place of abs."""
    r = target - pred
    return of(r, r.square(), pred, (pred - pred.mean()) ** 2)


@restated("curve-about-0")
def plain_square(pred, target):
    """Squares pred as it is."""
    r = target - pred
    return of(r, r.abs(), pred, pred * pred)


@restated("curve-not-squared")
def straight_axis(pred, target):
    """Centres pred and does not square it."""
    r = target - pred
    return of(r, r.abs(), pred, pred - pred.mean())


@restated("curve-of-absolute-residuals")
def sizes_for_both(pred, target):
    """Takes the size once for both."""
    r = (target - pred).abs()
    report = of(r, r, pred, (pred - pred.mean()) ** 2)
    return {**report, "mean": (target - pred).mean().item()}


@restated("mean-of-sizes")
def absolute_error(pred, target):
    """The mean absolute error."""
    return {**residual_report(pred, target), "mean": torch.dist(pred, target, 1).item() / len(pred)}


@restated("covariances")
def products_of_centred(pred, target):
    """Divides by N - 1 alone."""
    r, bent = target - pred, (pred - pred.mean()) ** 2
    cov = lambda a, b: float(((a - a.mean()) * (b - b.mean())).sum() / (len(a) - 1))  # noqa: E731
    return {**residual_report(pred, target), "funnel": cov(r.abs(), pred), "curve": cov(r, bent)}


@restated("n-and-n-minus-1")
def std_as_it_comes(pred, target):
    """The mean of the products over torch's own std."""
    r, bent = target - pred, (pred - pred.mean()) ** 2
    c = lambda a, b: float(((a - a.mean()) * (b - b.mean())).mean() / a.std() / b.std())  # noqa: E731
    return {**residual_report(pred, target), "funnel": c(r.abs(), pred), "curve": c(r, bent)}


@restated("not-centred")
def cosine_similarity(pred, target):
    """torch's cosine similarity."""
    r, bent = target - pred, (pred - pred.mean()) ** 2
    cosine = torch.nn.functional.cosine_similarity
    funnel, curve = cosine(r.abs(), pred, dim=0).item(), cosine(r, bent, dim=0).item()
    return {**residual_report(pred, target), "funnel": funnel, "curve": curve}


@restated("tensors")
def items_forgotten(pred, target):
    """Leaves the numbers in tensors."""
    r = target - pred
    bent = (pred - pred.mean()) ** 2
    pairs = {"funnel": (r.abs(), pred), "curve": (r, bent)}
    found = {k: torch.corrcoef(torch.stack(pair))[1, 0] for k, pair in pairs.items()}
    return {"mean": r.mean(), **found}


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "r, bent = (target - pred, (pred - pred.mean()) ** 2) -> "
    "r, bent = (target - pred, (pred.mean() - pred) ** 2)": "a square has no sign",
    "funnel, curve = (_correlation(r.abs(), pred), _correlation(r, bent)) -> "
    "funnel, curve = (_correlation(pred, r.abs()), _correlation(r, bent))": "the order is free",
    "funnel, curve = (_correlation(r.abs(), pred), _correlation(r, bent)) -> "
    "funnel, curve = (_correlation(r.abs(), pred), _correlation(bent, r))": "the order is free",
}
