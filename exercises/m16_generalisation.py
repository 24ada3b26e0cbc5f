# %% [markdown]
# # m16 Generalisation
#
# A model is trained on some rows and used on others. It generalises if its error on new rows is not
# much larger than on those it was fitted to. A model with enough freedom also fits the noise of its
# training rows, which no new row repeats; what holds it back is a penalty on the weights, an early
# end of the training, or the choice of the smallest weights among many that fit.

# %%
"""How well a linear model does on rows that it has not seen, and what holds it back."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn


# %%
def ridge(x: Tensor, y: Tensor, lam: float) -> Tensor:
    """Return the weights w [O, I] at which gradient descent with weight decay stands still.

    x is [N, I] and y [N, O], of the same dtype and device, which w shares; N, I and O are at least
    1, and lam is a float above 0. Neither input is changed. The model is x @ w.T, without a bias.

    The training is `torch.optim.SGD(..., weight_decay=lam)` on all rows at once. Its loss is the
    mean squared error, the mean over all N x O elements, and weight decay adds lam * w to the
    gradient of that loss. w is the point where this sum is zero. There is exactly one, for every
    x, also where columns of x are equal or I is larger than N. Return it exactly: a training that
    ends near it is not enough.
    """
    raise NotImplementedError


# %%
def lasso_ista(x: Tensor, y: Tensor, lam: float, steps: int) -> Tensor:
    """Return the weights w [O, I] after some steps of ISTA towards the lasso's minimum.

    The lasso's loss is mse + lam * s. mse is the mean squared error of x @ w.T against y, the mean
    over all N x O elements; s is the sum of the absolute values of all numbers in w. There is no
    bias. x is [N, I] and y [N, O], of the same dtype and device, which w shares; lam is a float of
    at least 0, and x has a number that is not 0. Neither input is changed.

    ISTA begins with w = 0 and makes exactly `steps` steps, 0 or more, of two parts each:

    1. a step of gradient descent on mse alone, with the learning rate 1/L, where L is the largest
       eigenvalue of the Hessian of mse;
    2. soft-thresholding with t = lam/L, number by number: what lies between -t and t, both
       included, becomes exactly 0, and every other number comes nearer to 0 by t.
    """
    raise NotImplementedError


# %%
class EarlyStopping:
    """Watch a validation loss, say when to stop, and keep the best state of the model.

    `EarlyStopping(patience, min_delta=0.0)` gets a patience of at least 1 and a min_delta of at
    least 0. Several objects can exist side by side.

    - `step(val, model)` is called once per epoch, with the validation loss as a float. The call is
      an improvement if val is lower, by more than min_delta, than at the last improvement. The
      first finite val is one; nan and inf never are. It returns True, to stop, if the last
      `patience` calls were all without an improvement, this call included, and else False. It may
      be called again after that, and goes on by the same rule. It changes nothing in the model.
    - `restore(model)` gives the model back the state_dict that it had in the call of the last
      improvement: parameters and buffers. They are written into the tensors of the model, which
      stay the same objects. It can be called at any time, also again after more training,
      and with another model of the same build. Before the first improvement it changes nothing.
    """

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        """Begin with no improvement yet."""
        raise NotImplementedError

    def step(self, val: float, model: nn.Module) -> bool:
        """Take in the validation loss of one more epoch; return whether to stop."""
        raise NotImplementedError

    def restore(self, model: nn.Module) -> None:
        """Give the model back the state of the last improvement."""
        raise NotImplementedError


# %%
def can_memorise(x: Tensor, bias: bool = True) -> bool:
    """Say whether a linear model can fit the rows of x exactly, whatever their targets are.

    x is [N, I] of floats, with N and I at least 1, and is not changed. The result is True if for
    every y [N, O] there are a w [O, I] and, with bias=True, a b [O] such that x @ w.T + b equals y;
    with bias=False the model is x @ w.T. It is a bool. Rows or columns of x may be equal, or
    depend on each other; where they do, they do so up to rounding, else they are far from it.
    """
    raise NotImplementedError


def interpolate(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the smallest parameters (w, b) of a linear model that fits every row exactly.

    x is [N, I] and y [N, O], of the same dtype and device; neither is changed. w [O, I] and b [O]
    are of that dtype, on that device, and x @ w.T + b equals y up to rounding. Of all pairs that
    fit, it is the one for which the sum of the squares of all numbers in w and b is smallest. This
    is where gradient descent ends that starts from zeros.

    Raises ValueError if no pair fits this y. Rows or columns may be equal here, too: what counts is
    whether this y can be fitted. Where it cannot, even the best pair misses a row by more than a
    hundredth of the largest number in y, never just by rounding.
    """
    raise NotImplementedError


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
    """
    raise NotImplementedError
