# %% [markdown]
# # m16 Generalisation
#
# A model is trained on some rows and used on others. Its training error says how well it fits the
# first, its validation or test error how well it does on rows it has not seen. What stands between
# the two are the number of rows, the number of weights, and how the weights are held back.

# %%
"""What a fitted linear model does on rows that it has not seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor


# %%
def double_descent(
    x: Tensor, y: Tensor, xt: Tensor, yt: Tensor, widths: Sequence[int], seed: int
) -> list[float]:
    """Return the test error of a linear model on random ReLU features, for each number of features.

    x is [N, I] and y [N, O] for training, xt [M, I] and yt [M, O] for the test, all float64 on one
    device, with N and M at least 1; none of them is changed. For a width K, a new generator on x's
    device is seeded with `seed`, and one call of torch.randn with it draws a matrix W [I, K] of x's
    dtype. The features of a row are ReLU(row @ W), without a bias. The coefficients [K, O] have the
    smallest squared error on the training rows; where several do, they are those whose own squares
    have the smallest sum, the minimum-norm solution. There is no penalty.

    The test error is the mean squared error over all M x O elements of yt. Return one float for
    each width (at least 1), in the order of `widths`. torch's global generator stays untouched.

    Questions: tb.55
    """
    raise NotImplementedError


# %%
def expected_errors(n: int, p: int, sigma: float) -> tuple[float, float]:
    """Return the training and validation error that least squares has on average.

    There are n training rows (at least 1) of p features (at least 1), all drawn from N(0, 1). A
    target is a weighted sum of its row's features plus noise from N(0, sigma**2), with sigma above
    0. There is no bias; the p weights are fitted by least squares, with minimum norm where several
    fit as well. The validation rows and their noise are drawn from the same distributions: nothing
    drifts.

    Return two floats: the expected mean squared error on the training rows, and that on validation
    rows. Both are exact formulas in n, p and sigma, which hold for each n. Where the second depends
    on the true weights, return the largest that it can be: so it is infinite for all n <= p + 1.

    Questions: lr.16 lr.18
    """
    raise NotImplementedError


# %%
def select_lr(
    lrs: Sequence[float],
    fit: Callable[[float], Any],
    train: Callable[[Any], float],
    val: Callable[[Any], float],
) -> float:
    """Return the learning rate whose model has the lowest validation loss.

    `fit(lr)` trains a fresh model with a learning rate and returns it: call it once for each entry
    of lrs, in their order. `train(model)` and `val(model)` return a model's loss on the training
    rows and on the validation rows, as a float; call them as often as you like.

    A loss that is nan or infinite never wins, wherever it stands. Of several learning rates with
    the same loss, the first is returned. The result is the entry of lrs itself.

    Raises ValueError if no learning rate has a finite validation loss, or if there is none at all.

    Questions: lr.18 lr.31
    """
    raise NotImplementedError


# %%
def hypergrad(
    x: Tensor, y: Tensor, xv: Tensor, yv: Tensor, lr: Tensor, steps: int
) -> tuple[Tensor, Tensor]:
    """Return the validation loss after a training, and its derivative for the learning rate.

    x is [N, I] and y [N, O] for training, xv [M, I] and yv [M, O] for validation, lr is 0-dim; all
    have one dtype and device. The model is linear, without a bias, and all its weights start at 0.
    It is trained by `steps` (at least 1) steps of gradient descent with the learning rate lr, each
    on all rows. Both losses are mean squared errors over all elements: the training's over N x O,
    and the validation's, that of the weights after the last step, over M x O.

    Return (loss, derivative), both 0-dim and of that dtype and device. The derivative is the exact
    one of the whole training: each step's weights depend on lr, and so do the gradients at them. It
    is a number to read: whether a graph is left behind the two is not looked at.

    No argument is changed, and no `.grad` either, whether lr requires its gradient or not.

    Questions: lr.31
    """
    raise NotImplementedError
