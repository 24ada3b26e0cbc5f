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

    Questions: lr.27
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

    Questions: gd.22 gd.29 lr.6 lr.19
    """
    raise NotImplementedError
