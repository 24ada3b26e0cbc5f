"""Other ways to do poly_features."""

from __future__ import annotations

import torch
from m14_conditioning import poly_features

from autograder.course.marks import restated, right, wrong


@right()
def cumulative_products(x, degree):
    """Multiplies copies of x up."""
    if degree <= 0:
        raise ValueError(degree)
    return x.unsqueeze(1).expand(-1, degree, -1).cumprod(1).flatten(1)


@right()
def broadcast_powers(x, degree):
    """Raises all to all powers at once."""
    if not degree >= 1:
        raise ValueError("no features")
    powers = torch.arange(1, degree + 1, device=x.device)
    return (x[:, None, :] ** powers[None, :, None]).flatten(1)


@right()
def column_after_column(x, degree):
    """Builds a list of columns in two loops."""
    if degree < 1:
        raise ValueError
    columns = []
    for power in range(degree):
        columns += [x[:, i].pow(power + 1) for i in range(x.shape[1])]
    return torch.stack(columns, dim=1)


@right()
def powers_by_horner(x, degree):
    """Calls itself for the lower powers."""
    if degree < 1:
        raise ValueError("too low")
    return x if degree == 1 else torch.hstack([x, x.repeat(1, degree - 1) * _lower(x, degree)])


def _lower(x, degree):
    return powers_by_horner(x, degree - 1)


@wrong()
def highest_first(x, degree):
    """Begins with the highest power."""
    return torch.cat(poly_features(x, degree).split(x.shape[1], 1)[::-1], 1)


@wrong()
def absolute_powers(x, degree):
    """Raises absolute values, so that odd powers lose their sign."""
    return poly_features(x.abs(), degree)


@wrong(asks="lr.20")
def first_feature_only(x, degree):
    """Gives powers of the first feature, the others as they are."""
    return torch.cat([x, poly_features(x[:, :1], degree)[:, 1:]], 1)


@wrong()
def squares_of_squares(x, degree):
    """Squares again and again, so the third power is a fourth."""
    parts = [x]
    poly_features(x, degree)
    for _ in range(degree - 1):
        parts.append(parts[-1] ** 2)
    return torch.cat(parts, 1)


@wrong()
def in_place_powers(x, degree):
    """Multiplies the caller's rows up."""
    features = poly_features(x, degree)
    x.data.mul_(2)
    return features


@wrong()
def zero_allowed(x, degree):
    """Refuses only negative degrees."""
    return x[:, :0] if degree == 0 else poly_features(x, degree)


@wrong()
def of_three_axes(x, degree):
    """Keeps the powers in an axis of their own."""
    return torch.stack(poly_features(x, degree).split(x.shape[1], 1), 1)


@restated("constant-included")
def from_the_power_zero(x, degree):
    """Begins with 0."""
    poly_features(x, degree)
    return torch.cat([x**power for power in range(degree + 1)], 1)


@restated("one-constant")
def ones_in_front(x, degree):
    """Puts a column of ones first."""
    return torch.nn.functional.pad(poly_features(x, degree), (1, 0), value=1.0)


@restated("powers-added-up")
def running_sum(x, degree):
    """Adds each power to the sum."""
    poly_features(x, degree)
    total = torch.zeros_like(x)
    for power in range(1, degree + 1):
        total = total + x**power
    return total


@restated("feature-by-feature")
def all_powers_of_each(x, degree):
    """Loops over the features outside."""
    poly_features(x, degree)
    columns = [x[:, i] ** p for i in range(x.shape[1]) for p in range(1, degree + 1)]
    return torch.stack(columns, 1)


@restated("last-power-missing")
def range_to_degree(x, degree):
    """Ends before degree."""
    poly_features(x, degree)
    parts = [x**power for power in range(1, degree)]
    return torch.cat([x[:, :0], *parts], 1)


@restated("only-the-highest")
def one_power(x, degree):
    """Raises to the last power alone."""
    poly_features(x, degree)
    return x.pow(degree)


@restated("multiples")
def star_for_power(x, degree):
    """Multiplies by the powers."""
    poly_features(x, degree)
    return torch.hstack([power * x for power in range(1, degree + 1)])


@restated("rows-joined")
def below_each_other(x, degree):
    """Joins along the rows."""
    poly_features(x, degree)
    return torch.vstack([x**power for power in range(1, degree + 1)])


@restated("cut-off")
def under_no_grad(x, degree):
    """Computes without a graph."""
    with torch.no_grad():
        return poly_features(x, degree)


@restated("degree-unchecked")
def empty_start(x, degree):
    """Begins with no columns and appends."""
    features = x[:, :0]
    for power in range(1, degree + 1):
        features = torch.cat([features, x**power], 1)
    return features


@restated("error-returned")
def hands_the_error_over(x, degree):
    """Returns the exception."""
    return ValueError("degree") if degree < 1 else poly_features(x, degree)


@restated("products-included")
def cross_terms(x, degree):
    """Appends products of neighbours."""
    return torch.cat([poly_features(x, degree), x[:, [0]] * x[:, 1:]], 1)


EXCUSED = {
    "if degree < 1: -> if degree < 0:": "torch.cat itself raises a ValueError for an empty list",
    "raise ValueError('degree must be at least 1') -> nothing": (
        "torch.cat itself raises a ValueError for an empty list"
    ),
}
