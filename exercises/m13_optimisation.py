# %% [markdown]
# # m13 The bowl: how fast, how far, or at once
#
# The mean squared error of a linear model is a quadratic bowl over its parameters. Its second
# derivatives, the Hessian, are the same everywhere, and their eigenvalues, the curvatures, decide
# which learning rates converge, how fast, and when it is better to jump to the minimum at once.

# %%
"""The Hessian of the loss, stable and best learning rates, and the way without steps."""

from __future__ import annotations

import math

import torch
from torch import Tensor


# %%
def mse_hessian(x: Tensor, n_out: int = 1, bias: bool = True) -> Tensor:
    """Return one output's block of the Hessian of a linear model's mean squared error, [P, P].

    The model predicts n_out targets for the rows of x [N, F] (N, F and n_out at least 1) by
    x @ w.T + b, or by x @ w.T without a bias. The loss is the mean of the squared errors over all
    N x n_out elements. Its second derivatives with respect to the parameters of one output are
    wanted: they are the same for every output, whatever the targets and the parameters are.

    The order of the parameters is the output's F weights, then its bias: P is F + 1, or F without a
    bias. The result has x's dtype and device. x is not changed.
    """
    raise NotImplementedError


# %%
def largest_stable_lr(x: Tensor, n_out: int = 1, bias: bool = True) -> float:
    """Return the limit of the learning rates with which gradient descent converges, as a float.

    The model and its mean squared error are those of mse_hessian, and each step uses all rows of x
    [N, F]. With every learning rate above 0 and below the limit the loss comes down to its minimum,
    whatever the targets and the start are; with every one above it there are starts from which the
    loss grows without end. Return the limit itself, exactly. x has a number other than 0. It is not
    changed.
    """
    raise NotImplementedError


# %%
def regime(lr: float, lams: Tensor) -> str:
    """Say what gradient descent with a learning rate does: monotone, oscillating or diverging.

    lams [P] holds the curvatures of a quadratic loss, the eigenvalues of its Hessian: P numbers
    above 0, in any order, P at least 1. Along the eigenvector of each of them, lam, the parameters
    have a distance from the minimum of their own, which every step multiplies by the same factor,
    1 - lr * lam. lr is above 0. Return one of three texts:

    - "diverging": some distance does not shrink, since its factor is -1 or below;
    - "oscillating": all distances shrink, but some factor is below 0, so that its distance changes
      its side with every step;
    - "monotone": all factors are at least 0.

    lams is not changed.
    """
    raise NotImplementedError


def best_lr(lams: Tensor) -> tuple[float, float]:
    """Return the fastest learning rate for a quadratic loss, and how fast it is: (lr, rate).

    lams is that of regime. rate says by what the slowest of the distances is multiplied in a step:
    it is the greatest absolute value among the factors. lr is the learning rate that makes it as
    small as possible. Both are floats, and exact: a search over some learning rates is not exact
    enough. lams is not changed.
    """
    raise NotImplementedError


def steps_to(lr: float, lams: Tensor, tol: float) -> int:
    """Return the number of steps after which gradient descent has surely come near the minimum.

    lr and lams are those of regime; tol is above 0 and below 1. The parameters' distance from the
    minimum is the Euclidean one, over all eigenvectors. Return, as an int, the least number of
    steps after which it is at most tol times what it was at the start, whatever the start is: also
    the one from which it takes longest. lams is not changed.

    Raises ValueError where the learning rate is diverging in the sense of regime.
    """
    raise NotImplementedError


# %%
def least_squares(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the parameters (w, b) of the linear model with the smallest mean squared error.

    x is [N, I] and y [N, O], with N, I and O at least 1, of the same dtype and device, which w
    [O, I] and b [O] share. The model predicts x @ w.T + b. Neither x nor y is changed.

    There may be many such parameters: fewer rows than parameters, columns that are equal, a column
    that is constant. Then return those of the smallest norm: the sum of the squares of all numbers
    in w and b together is the smallest.

    Be as exact as the data allow: with float32 features of 60 plus or minus 1, and targets made by
    parameters of up to 5, w and b must still be right to within 0.03. It must work on every device.
    """
    raise NotImplementedError


# %%
def gd_flops(n: int, d: int, o: int, steps: int) -> int:
    """Return how many operations gradient descent takes for a linear model, as an int.

    The loss is the mean squared error of x @ w.T, with x [n, d] and w [o, d]; each of the steps
    uses all n rows. Count the matrix products of the forward and the backward pass, and nothing
    else. Only w needs a gradient, x needs none. A product of [a, b] and [b, c] takes 2abc
    operations, a multiplication and an addition for each term. All four numbers are at least 1.
    """
    raise NotImplementedError


def gd_wins(n: int, d: int, o: int, steps: int) -> bool:
    """Say whether gradient descent takes fewer operations than the normal equations.

    The numbers are those of gd_flops, and so is its count. The normal equations take 2nd² for
    x.T @ x, and ⅔d³ to solve for the weights by elimination; the rest is not counted. Return True
    where gradient descent takes fewer, and False where it takes as many or more.
    """
    raise NotImplementedError
