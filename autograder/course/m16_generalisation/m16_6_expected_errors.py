"""Mistakes of expected_errors."""

from __future__ import annotations

import math

from m16_generalisation import expected_errors

from autograder.course.marks import mistake


@mistake("noise-alone", asks="lr.18")
def noise_alone(n: int, p: int, sigma: float) -> tuple[float, float]:
    """Your validation error is the noise alone, as if the weights were the true ones. They are
    fitted to noisy rows, and what they are off by is an error on new rows as well. Look at what
    comes on top of the noise."""
    return expected_errors(n, p, sigma)[0], sigma**2


@mistake("symmetric", asks="lr.18")
def symmetric(n: int, p: int, sigma: float) -> tuple[float, float]:
    """Your validation error has p / n on top of the noise. That is right for new targets at the
    rows that were fitted; new rows lie elsewhere, and few rows leave some directions badly known.
    Look at the denominator."""
    return expected_errors(n, p, sigma)[0], sigma**2 * (1 + p / n)


@mistake("n-minus-p", asks="lr.18")
def n_minus_p(n: int, p: int, sigma: float) -> tuple[float, float]:
    """You divide by n - p in the validation error. That is what it comes to for large n only; for
    few rows the error is larger, and at n = p + 1 it is infinite already. Look at the mean of an
    inverse Wishart matrix."""
    val = sigma**2 * (1 + p / (n - p)) if n > p else math.inf
    return expected_errors(n, p, sigma)[0], val


@mistake("formula-everywhere", asks="lr.18")
def formula_everywhere(n: int, p: int, sigma: float) -> tuple[float, float]:
    """You use the formula of the validation error for few rows, too. At n = p + 1 it divides by
    zero, below that it gives an error under the noise. Look at where the expected error stops
    being finite."""
    return expected_errors(n, p, sigma)[0], sigma**2 * (1 + p / (n - p - 1))


@mistake("negative-training-error", asks="lr.16")
def negative_training_error(n: int, p: int, sigma: float) -> tuple[float, float]:
    """Your training error is below 0 where there are fewer rows than weights. A mean of squares
    cannot be: such a model fits its rows exactly, noise and all. Look at what the formula gives
    for n below p."""
    return sigma**2 * (1 - p / n), expected_errors(n, p, sigma)[1]


@mistake("zero-at-one-row-more", asks="lr.16")
def zero_at_one_row_more(n: int, p: int, sigma: float) -> tuple[float, float]:
    """Your training error is 0 for n = p + 1. With one row more than weights no exact fit exists:
    a share of 1 / n of the noise is left over. That the error on new rows is infinite there is
    another matter. Look at where each of the two changes its form."""
    train, val = expected_errors(n, p, sigma)
    return 0.0 if n <= p + 1 else train, val


@mistake("noise-on-training-rows", asks="lr.16")
def noise_on_training_rows(n: int, p: int, sigma: float) -> tuple[float, float]:
    """Your training error is the whole noise. Fitted weights follow the noise of their own rows,
    which makes the error there smaller, the more weights there are. Look at the share that p
    weights take away."""
    return sigma**2, expected_errors(n, p, sigma)[1]


@mistake("fitted-share")
def fitted_share(n: int, p: int, sigma: float) -> tuple[float, float]:
    """Your training error is the share of the noise that the weights fit. The error is what they
    leave over. It has to shrink as weights are added, and yours grows. Look at which of the two
    shares you return."""
    return sigma**2 * min(1.0, p / n), expected_errors(n, p, sigma)[1]


@mistake("excess-alone")
def excess_alone(n: int, p: int, sigma: float) -> tuple[float, float]:
    """Your validation error leaves out the noise of the validation rows: it is what the wrong
    weights cost. New targets are noisy as well, and no model can predict that. Look at what even
    the true weights would get."""
    train, val = expected_errors(n, p, sigma)
    return train, val - sigma**2


@mistake("swapped")
def swapped(n: int, p: int, sigma: float) -> tuple[float, float]:
    """You return the validation error first. The caller unpacks training, then validation, and
    would take the larger for the smaller. Look at the order of the two."""
    train, val = expected_errors(n, p, sigma)
    return val, train


@mistake("sigma-not-squared")
def sigma_not_squared(n: int, p: int, sigma: float) -> tuple[float, float]:
    """You multiply with sigma, which is the standard deviation of the noise. The errors are means
    of squares, so they are in units of the variance: twice the noise makes them four times as
    large. Look at the first factor."""
    train, val = expected_errors(n, p, sigma)
    return train / sigma, val / sigma


@mistake("bias-counted")
def bias_counted(n: int, p: int, sigma: float) -> tuple[float, float]:
    """You count one weight more than there is, as if a bias were fitted as well. This model has
    none: it has as many weights as features. Look at where you add 1 to p."""
    return expected_errors(n, p + 1, sigma)


@mistake("root")
def root(n: int, p: int, sigma: float) -> tuple[float, float]:
    """You take the square root of both errors: their squares are right. The root of a mean squared
    error is in the unit of the targets, but the task asks for the mean squared error itself. Look
    at the last operation."""
    train, val = expected_errors(n, p, sigma)
    return math.sqrt(train), math.sqrt(val)
