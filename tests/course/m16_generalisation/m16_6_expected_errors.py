"""Other ways to do expected_errors."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


@right()
def as_fractions(n, p, sigma):
    """The shares are exact fractions until the variance comes in."""
    free, spare = Fraction(max(n - p, 0), n), n - p - 1
    val = float(1 + Fraction(p, spare)) * sigma * sigma if spare > 0 else float("inf")
    return float(free) * sigma * sigma, val


@right()
def by_cases(n, p, sigma):
    """The cases are told apart first."""
    variance = pow(sigma, 2)
    if n <= p:
        return 0, math.inf
    train = variance * (n - p) / n
    if n == p + 1:
        return train, math.inf
    return train, variance * (n - 1) / (n - p - 1)


@right()
def with_numpy(n, p, sigma):
    """NumPy's division by zero gives infinity, and what is below is replaced by it."""
    with np.errstate(divide="ignore"):
        excess = np.float64(p) / np.float64(n - p - 1)
    excess = excess if excess > 0 else np.inf
    return np.float64(sigma**2 * np.clip(1 - p / n, 0, 1)), np.float64(sigma**2 * (1 + excess))


@right()
def noise_taken_in(n, p, sigma):
    """Subtract what the weights take in, and add what it costs elsewhere."""
    noise = sigma**2
    taken = noise * min(p, n) / n
    cost = noise * p / (n - p - 1) if n - p > 1 else math.inf
    return noise - taken, noise + cost


@wrong()
def sampled(n, p, sigma):
    """An average over drawn data sets is only nearly right."""
    draw = torch.Generator().manual_seed(0)
    x, xv = (torch.randn(200, n, p, generator=draw, dtype=torch.float64) for _ in range(2))
    e, ev = (torch.randn(200, n, 1, generator=draw, dtype=torch.float64) for _ in range(2))
    w = torch.linalg.pinv(x) @ e
    errors = [(sigma * (a @ w - b)).square().mean().item() for a, b in ((x, e), (xv, ev))]
    return errors[0], errors[1] if n > p + 1 else math.inf


@wrong()
def clamped_denominator(n, p, sigma):
    """The denominator is kept at 1 or more, so nothing is infinite."""
    return sigma**2 * max(0, 1 - p / n), sigma**2 * (1 + p / max(n - p - 1, 1))


@wrong()
def infinite_only_at_the_peak(n, p, sigma):
    """Only at n = p + 1 and n = p is the error infinite; below them it is called the noise."""
    train = sigma**2 * max(0, 1 - p / n)
    if n in (p, p + 1):
        return train, math.inf
    return train, sigma**2 * (1 + max(p / (n - p - 1), 0))


@wrong()
def nan_for_infinity(n, p, sigma):
    """What has no finite value is said to be nan."""
    val = sigma**2 * (1 + p / (n - p - 1)) if n > p + 1 else math.nan
    return sigma**2 * max(0, 1 - p / n), val


@wrong()
def one_row_more_needed(n, p, sigma):
    """At n = p + 2 the error is taken for infinite already."""
    val = sigma**2 * (1 + p / (n - p - 1)) if n > p + 2 else math.inf
    return sigma**2 * max(0, 1 - p / n), val


@wrong()
def a_list(n, p, sigma):
    """The right numbers in a list."""
    val = sigma**2 * (1 + p / (n - p - 1)) if n > p + 1 else math.inf
    return [sigma**2 * max(0, 1 - p / n), val]


@wrong()
def degrees_of_freedom(n, p, sigma):
    """The training error is corrected for the degrees of freedom, which gives the noise back."""
    val = sigma**2 * (1 + p / (n - p - 1)) if n > p + 1 else math.inf
    return (sigma**2 if n > p else 0.0), val


@wrong(named="sigma-not-squared, swapped")
def two_at_once(n, p, sigma):
    """The errors are swapped and in the unit of the noise."""
    val = sigma * (1 + p / (n - p - 1)) if n > p + 1 else math.inf
    return val, sigma * max(0, 1 - p / n)


@restated("noise-alone")
def only_what_nobody_can_predict(n, p, sigma):
    """New rows get the variance of the noise."""
    return sigma * sigma * max(n - p, 0) / n, sigma * sigma


@restated("symmetric")
def up_and_down(n, p, sigma):
    """Up by as much as the other goes down."""
    share, noise = p / n, sigma * sigma
    return max(noise - share * noise, 0.0), noise + share * noise


@restated("n-minus-p")
def large_sample_limit(n, p, sigma):
    """The limit for many rows, with the aspect ratio."""
    ratio = p / n
    if ratio >= 1:
        return 0.0, math.inf
    return sigma**2 * (1 - ratio), sigma**2 / (1 - ratio)


@restated("formula-everywhere")
def no_look_at_the_rows(n, p, sigma):
    """One formula for each, without a case."""
    return max(sigma**2 * (n - p) / n, 0.0), sigma**2 * (n - 1) / (n - p - 1)


@restated("negative-training-error")
def not_kept_above_zero(n, p, sigma):
    """The free share may be negative."""
    val = sigma**2 * (n - 1) / (n - p - 1) if n - p >= 2 else math.inf
    return sigma**2 * (n - p) / n, val


@restated("zero-at-one-row-more")
def one_case_for_both(n, p, sigma):
    """Both are decided by the same comparison."""
    if n - p - 1 <= 0:
        return 0.0, math.inf
    return sigma**2 * (n - p) / n, sigma**2 * (n - 1) / (n - p - 1)


@wrong(named="symmetric, negative-training-error")
def one_minus_and_one_plus(n, p, sigma):
    """The usual first draft: one minus and one plus the share, without a case."""
    return sigma**2 * (1 - p / n), sigma**2 * (1 + p / n)


@restated("noise-on-training-rows")
def unbiased_estimate(n, p, sigma):
    """The estimate of the noise in place of the error."""
    return sigma * sigma, sigma**2 * (n - 1) / (n - p - 1) if n - p >= 2 else math.inf


@restated("fitted-share")
def what_the_weights_take(n, p, sigma):
    """The explained part is returned."""
    val = sigma**2 * (n - 1) / (n - p - 1) if n - p >= 2 else math.inf
    return sigma**2 * min(n, p) / n, val


@restated("excess-alone")
def cost_of_wrong_weights(n, p, sigma):
    """Only the error of the weights."""
    val = sigma**2 * p / (n - p - 1) if n - p >= 2 else math.inf
    return sigma**2 * max(n - p, 0) / n, val


@restated("swapped")
def larger_one_first(n, p, sigma):
    """New rows come first."""
    val = sigma**2 * (n - 1) / (n - p - 1) if n - p >= 2 else math.inf
    return val, sigma**2 * max(n - p, 0) / n


@restated("sigma-not-squared")
def in_the_unit_of_the_noise(n, p, sigma):
    """The standard deviation is the factor."""
    return sigma * max(n - p, 0) / n, sigma * (n - 1) / (n - p - 1) if n - p >= 2 else math.inf


@restated("bias-counted")
def one_more_parameter(n, p, sigma):
    """All parameters, and a bias."""
    k = p + 1
    val = sigma**2 * (n - 1) / (n - k - 1) if n - k >= 2 else math.inf
    return sigma**2 * max(n - k, 0) / n, val


@restated("root")
def root_mean_squares(n, p, sigma):
    """Both errors as root mean squares."""
    val = sigma * math.sqrt((n - 1) / (n - p - 1)) if n - p >= 2 else math.inf
    return sigma * math.sqrt(max(n - p, 0) / n), val


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "train = sigma ** 2 * max(0.0, 1 - p / n) -> train = sigma ** 2 * max(1 - p / n, 0.0)": (
        "the larger of two numbers is the same in either order"
    ),
}
