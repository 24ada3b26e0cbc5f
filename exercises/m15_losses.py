# %% [markdown]
# # m15 Losses
#
# A loss decides what a model strives for. Its gradient says how hard each error pulls, and so which
# errors a model attends to: the mean squared error listens to outliers, the mean absolute error
# does not. N is the number of rows, F of features, O of targets, C of classes. An error is the
# prediction minus the target; a residual, what is left over, the target minus the prediction.

# %%
"""Losses, what they pull at, and what spoils them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


# %%
def huber(pred: Tensor, target: Tensor, delta: float) -> Tensor:
    """Return the Huber loss of predictions; smooth_l1 is written beside it.

    An error (pred - target) of at most delta, of either sign, costs half of its square. A larger
    one costs what a straight line says, the one that continues this parabola beyond delta with no
    jump in the cost and none in its slope. The loss is the mean of all N x O costs.

    pred and target are [N, O], of the same dtype and device; N and O are at least 1, delta is a
    number of Python above 0. The result is 0-dim ([]), has their dtype and device, and can be
    differentiated with respect to pred, also where an error is 0. Neither input is changed. Write
    it yourself, without torch's own losses.

    Raises ValueError unless the shapes are equal (nothing is broadcast).
    """
    raise NotImplementedError


def smooth_l1(pred: Tensor, target: Tensor, beta: float) -> Tensor:
    """Return the smooth L1 loss of predictions; see huber for all that is not said here.

    A straight line of slope 1 is the cost of an error beyond beta, and of slope -1 on the other
    side. Within beta a parabola with its lowest point at 0, where the cost is 0, joins the two
    lines, with no jump in the cost and none in its slope. beta is a number of Python above 0.
    """
    raise NotImplementedError


# %%
def best_constant(y: Tensor, loss: str) -> float:
    """Return the number that predicts all of y best; pull, written beside it, says why.

    y is [N], of floats, with N at least 1; it is not changed. A model that predicts the same number
    c for every row has the errors c - y[n]. Return the c whose loss is smallest, as a number of
    Python: the mean of the squared errors where loss is "mse", of the absolute errors where it is
    "l1". If several numbers are equally good, return any of them. c is exact, but for rounding: a
    search over a grid, or a descent, is not.

    Raises ValueError if loss is any other text.
    """
    raise NotImplementedError


def pull(e: float, loss: str) -> float:
    """Return how hard a single error pulls: the derivative of its loss with respect to it.

    e is a float of Python, and so is the result, or an int. The loss of the error is e squared
    where loss is "mse", and the absolute value of e where it is "l1". At e = 0 the pull is 0 in
    both, as in torch. The pull has the sign of the error: descent moves the prediction the other
    way.

    Raises ValueError if loss is any other text.
    """
    raise NotImplementedError


# %%
class AbsAt0(torch.autograd.Function):
    """The absolute value, with a subgradient of your choice at 0.

    AbsAt0.apply(x, s) returns the absolute value of each number of x, which holds floats in any
    shape, in a new tensor of its shape, dtype and device; x is not changed. backward() receives g,
    the gradient of the loss with respect to this result, and answers with the gradient with respect
    to x: g times 1 where x is above 0, g times -1 where it is below, and g times s where it is 0
    (-0.0 included). s is a number of Python; nothing is differentiated with respect to it.

    Raises ValueError unless s is a subgradient of the absolute value at 0: the slope of a line
    through that corner which lies nowhere above the graph.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, s: float) -> Tensor:
        """Return the absolute values, and keep in ctx what backward() needs."""
        raise NotImplementedError

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None]:
        """Return what forward's inputs get of the gradient g: one entry for each of them."""
        raise NotImplementedError


# %%
def nll(logp: Tensor, y: Tensor) -> Tensor:
    """Return the negative log likelihood of classes; cross_entropy is written beside it.

    logp is [N, C], of floats: row n has the logarithm of the probability of each class. y is [N],
    of int64: the right class of each row, from 0 to C - 1. N and C are at least 1. The loss is the
    mean over the rows of what the right class has in logp, with the sign turned. It is 0-dim ([]),
    has logp's dtype and device, and can be differentiated with respect to logp. Neither input is
    changed. Write it yourself, without torch's own losses.
    """
    raise NotImplementedError


def cross_entropy(logits: Tensor, y: Tensor) -> Tensor:
    """Return the cross-entropy of classes, given raw logits; see nll for all that is not said here.

    logits is [N, C]: the softmax of a row gives the probabilities of its classes. The loss is the
    negative log likelihood of y under them. torch's softmax, log_softmax and logsumexp may be used.

    It must be right for logits of any size: with the row [0, 2000] and class 0 it is 2000, with
    [5000, 5000] it is log 2, and its gradient is right there, too.
    """
    raise NotImplementedError


# %%
def poisoned(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Say which gradients of a linear model the bad numbers in x and y spoil.

    x is [N, F] and y [N, O], of the same dtype and device, with N, F and O at least 1; neither is
    changed. A number is bad if it is nan, inf or -inf. The model predicts x @ w.T + b, with w
    [O, F] and b [O]; its loss is the mean squared error against y over all N x O elements, and
    backward() gives the gradients of w and b. Return two bool tensors on the device of x, [O, F]
    and [O]: True where the gradient of that weight or bias is bad.

    The parameters are finite and any numbers, and the good numbers so small that nothing overflows:
    the answer depends on the places of the bad numbers alone.
    """
    raise NotImplementedError


def drop_bad_rows(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return x and y without the rows that would poison a gradient; see poisoned.

    x [N, F] and y [N, O] lose every row n in which one of them, or both, has a number that is nan,
    inf or -inf. The rows that are left keep their order, their numbers, dtype and device; maybe
    there are none. x and y are not changed.
    """
    raise NotImplementedError


# %%
def residual_report(pred: Tensor, target: Tensor) -> dict[str, float]:
    """Return three numbers that say what the plot of residuals against predictions looks like.

    pred and target are [N], of the same float dtype and device, with N at least 3; neither is
    changed. The residual r is the target minus the prediction. The dict has three floats of Python:

    - "mean": the mean of the residuals;
    - "funnel": the correlation of the absolute value of r with pred, above 0 where the residuals
      grow with the predictions;
    - "curve": the correlation of r with the square of pred's distance from the mean of pred, above
      0 where both ends of the plot bend up.

    A correlation is that of Pearson: the covariance of two lists of numbers, divided by both of
    their standard deviations. No list of numbers that is correlated here has equal numbers only.
    """
    raise NotImplementedError
