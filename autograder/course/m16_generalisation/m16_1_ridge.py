"""Mistakes of ridge."""

from __future__ import annotations

import torch
from m16_generalisation import ridge
from torch import Tensor

from autograder.course.marks import mistake


@mistake("for-a-sum-of-squares", asks="lr.36")
def for_a_sum_of_squares(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """You added lam itself to the diagonal. That is the formula of books, for a sum of squared
    errors; SGD's loss here is a mean, which is smaller, so its decay weighs more. Derive the factor
    of lam from the gradient of the mean."""
    return ridge(x, y, lam * 2 / y.numel())


@mistake("targets-not-counted")
def targets_not_counted(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """Your penalty is that of a mean over N rows. The mean runs over all N x O elements, so with
    several targets each squared error counts less beside the decay. Look at what the mean squared
    error divides by."""
    return ridge(x, y, lam / y.shape[1])


@mistake("twice-the-penalty")
def twice_the_penalty(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """Your penalty is twice as large. So it is where lam times the sum of squares is added to the
    loss; weight decay adds lam * w to the gradient, which belongs to half of that. Look for the
    factor 2 of a derivative."""
    return ridge(x, y, 2 * lam)


@mistake("lam-per-row", asks="lr.36")
def lam_per_row(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """You added N times lam to the diagonal, as for a loss that halves the mean over the rows. Here
    nothing is halved, and the mean runs over all N x O elements. Derive the factor of lam from the
    gradient of that mean."""
    return ridge(x, y, lam * 2 / y.shape[1])


@mistake("decay-reversed", asks="lr.36")
def decay_reversed(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """You took the penalty away from the diagonal instead of adding it. The weights are then no
    longer pulled towards 0, and for some lam nothing can be solved at all. Look at the sign with
    which lam * w comes to the other side."""
    return ridge(x, y, -lam)


@mistake("no-penalty", asks="lr.16")
def no_penalty(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """These are the weights of plain least squares: lam has no effect. They fit the training rows
    as well as possible, their noise included. Look at where weight decay enters the condition that
    nothing moves."""
    columns: Tensor = torch.linalg.pinv(x) @ y
    return columns.T


@mistake("shrunk-afterwards", asks="lr.29")
def shrunk_afterwards(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """You fitted without a penalty and divided all weights by one number. Weight decay shrinks by
    different amounts: most where the features hardly vary, as along the difference of two that are
    correlated. Put the penalty into the equation instead."""
    return no_penalty(x, y, lam) / (1 + lam)


@mistake("added-to-every-entry")
def added_to_every_entry(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """You added the penalty to every entry of X'X, since a number is broadcast over the whole
    matrix. That penalises the square of the sum of the weights, so weights of opposite sign cancel.
    Only the diagonal belongs to single weights."""
    strength = lam * y.numel() / 2
    columns: Tensor = torch.linalg.pinv(x.T @ x + strength) @ x.T @ y
    return columns.T


@mistake("axes-exchanged")
def axes_exchanged(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """Your w has one row per feature, [I, O]. The task asks for one row per target, [O, I], as
    nn.Linear stores it. Look at what the solver returns, and at its last two axes."""
    return ridge(x, y, lam).T


@mistake("with-a-bias")
def with_a_bias(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """You moved the columns of x and y so that their means are 0, which is the same as fitting a
    bias, too. This model has none: its plane goes through the origin. Look at what you do with the
    data first."""
    return ridge(x - x.mean(0), y - y.mean(0), lam)


@mistake("a-list")
def a_list(x: Tensor, y: Tensor, lam: float) -> list[list[float]]:
    """You returned lists of numbers. The task asks for a tensor with the dtype and on the device of
    x and y, which the next line of a program can use. Look at the last conversion."""
    weights: list[list[float]] = ridge(x, y, lam).tolist()
    return weights
