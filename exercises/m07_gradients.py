# %% [markdown]
# # m07 What the gradient says
#
# Which way is down? The gradient holds one number for every prediction, weight or bias: how fast
# the loss changes as that one number grows and all others stay. Derive it by hand, read it, and
# only then let autograd compute it.

# %%
"""The gradient of the mean squared error by hand, what it predicts, and how to ask for it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from m06_model import model
from torch import Tensor


# %%
def dmse_dpred(pred: Tensor, target: Tensor) -> Tensor:
    """Return the derivative of the mean squared error with respect to each prediction.

    pred and target are [N, O], N and O at least 1, of the same dtype and device; the result
    is [N, O] too and has both. Element [n, o] says how fast the loss changes while pred[n, o] alone
    grows; the loss is the mean of the squared errors over all N x O elements. pred may require its
    gradient; the result may have a graph behind it or not. Neither input is changed.

    Derive it by hand: no autograd in any form. It must also work under torch.inference_mode(),
    where nothing is recorded.
    """
    raise NotImplementedError


# %%
def linreg_grads(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Return the gradients (gw, gb) of a linear model's mean squared error, by the chain rule.

    x is [N, I], y [N, O], w [O, I] and b [O], each size at least 1, all of the same dtype and
    device. The loss is the mean over all N x O elements of the squared difference between the
    model's predictions for x and the targets y. gw is its gradient with respect to w, [O, I], and
    gb with respect to b, [O]; both have the dtype and device of w.

    w and b may be leaves that require their gradient; gw and gb may have a graph behind them or
    not. No argument is changed, and nothing is stored in w.grad or b.grad.

    Derive it by hand: no autograd in any form. It must also work under torch.inference_mode(),
    where nothing is recorded.
    """
    raise NotImplementedError


# %%
def predicted_change(grad: Tensor, delta: Tensor) -> float:
    """Return by how much the loss changes, to first order, when a parameter moves by delta.

    grad is the gradient of the loss with respect to that parameter, and delta what is added to the
    parameter, whatever its size and direction. Both have the same shape (any, also [] and [O, I])
    and the same dtype and device; neither is changed. The result is a float, not a tensor, and
    negative where the loss falls. It is exact for a loss that is linear in the parameter; for a
    smooth one, halving delta usually makes its error about four times smaller.
    """
    raise NotImplementedError


# %%
def nudge(g: Tensor) -> Tensor:
    """Say which way each weight should move for the loss to fall: 1 up, -1 down, 0 not at all.

    g is the gradient of the loss with respect to the weights: floating point, of any shape (also []
    and empty). The result has its shape, dtype and device. Only an element that is exactly 0 leaves
    its weight where it is; any other element counts, however small. g is not changed.
    """
    raise NotImplementedError


# %%
def grads_only(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """Return the gradients of a loss with respect to some parameters, and change nothing.

    loss is 0-dim and was computed by autograd; params is a list or tuple of at least one leaf, each
    of which requires its gradient. The result is a list with one tensor per parameter, in the order
    of params, with that parameter's shape, dtype and device. A parameter that the loss does not
    depend on gets zeros, even if that is true of all of them.

    The parameters, and any other leaf behind the loss, keep their values, `_version`,
    requires_grad, and what their `.grad` holds, None or a tensor. No gradient in the list requires
    a gradient itself. Use autograd here; the graph behind the loss may be freed by it.
    """
    raise NotImplementedError
