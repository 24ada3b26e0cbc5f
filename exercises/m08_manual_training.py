# %% [markdown]
# # m08 Training by hand
#
# Gradient descent without an optimizer: predict, compare, differentiate, step, clear. You write the
# step, the clearing and the loop yourself, work out what happens where the clearing is forgotten,
# and find a learning rate that lowers the loss.

# %%
"""Update, zero, loop, and what forgetting does."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from m06_model import model, mse
from torch import Tensor


# %%
def sgd_step_(params: Iterable[Tensor], lr: float) -> None:
    """Move every parameter by -lr times its stored gradient, in place.

    params is any iterable of leaves that require their gradient, of any shapes and floating dtypes;
    a generator can be gone through only once. Their `.grad` is used as it is found and is left as
    it was. A parameter whose `.grad` is None is passed over. Nothing is returned.

    Afterwards the caller's own tensors hold the new numbers and are still leaves that require their
    gradient. Use torch.no_grad(), which keeps the step out of the graph, and not `.data`, which
    also hides it from autograd: backward() through a graph that was recorded before the step and
    saved a parameter must still raise RuntimeError, since it would give wrong gradients.
    """
    raise NotImplementedError


# %%
def zero_grads_(params: Iterable[Tensor], to_none: bool = False) -> None:
    """Clear the stored gradient of every parameter.

    params is any iterable of leaves, of any shapes; a generator can be gone through only once. By
    default each `.grad` is filled with zeros in place, also where it holds inf or nan: it keeps its
    memory, and any other tensor that shares this memory shows the zeros too. A `.grad` that is None
    stays None. With to_none, every `.grad` is None afterwards, and the old gradients keep their
    numbers. The parameters themselves are not changed. Nothing is returned.
    """
    raise NotImplementedError


# %%
def train_step(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """Take one gradient-descent step on the mean squared error; return the loss before it.

    x [N, I] and y [N, O] are data and stay untouched; N is at least 1. w [O, I] and b [O] are
    leaves that require their gradient: they are trained in place, each by -lr times its gradient at
    the point where the step starts, and stay such leaves. All share dtype and device.

    The gradients of w and b are None or zero on entry, and have to be None or zero again on return.
    The result is a float, Python's or NumPy's, not a tensor: the loss of the linear model of m06,
    computed before w and b move.
    """
    raise NotImplementedError


# %%
def train(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int) -> list[float]:
    """Train a linear model by gradient descent on all rows; return its losses along the way.

    x [N, I] and y [N, O] are data and stay untouched; N is at least 1. w [O, I] and b [O] are
    leaves that require their gradient: they are trained in place and stay such leaves. All share
    dtype and device. An epoch is one step on the whole data, so there are exactly `epochs` updates;
    epochs may be 0.

    The result is a list of epochs + 1 floats (Python's or NumPy's, no tensors), each the mean
    squared error of w and b at a moment: one before every update, and last the loss of the final
    parameters. The gradients are None or zero on entry, and have to be None or zero on return. A
    second call starts from the w and b that the first one left.
    """
    raise NotImplementedError


# %%
def forgotten_zero(
    grad_fn: Callable[[Tensor], Tensor], w0: Tensor, lr: float, steps: int
) -> Tensor:
    """Return the path of gradient descent whose gradients are never cleared.

    grad_fn(w) is the gradient of some loss at w, with the shape, dtype and device of w; the path
    takes `steps` steps (0 or more) from w0, which is floating point, requires no gradient, and has
    any shape, also []. As backward() adds to what `.grad` holds, a step is -lr times the sum of all
    gradients so far, from the one at w0 to the one at the point where the step starts.

    The result is [steps + 1, ...], where ... is the shape of w0: entry 0 is w0, entry t the point
    after t steps, of the dtype and on the device of w0. It requires no gradient. Neither w0 nor any
    tensor that grad_fn returns is changed (it may return the same one again). No call of backward()
    is needed.
    """
    raise NotImplementedError


def forgotten_zero_limit(lmax: float) -> float:
    """Return the learning rate below which the path of `forgotten_zero` stays bounded.

    The loss is quadratic and has a minimum; lmax, above 0, is the largest eigenvalue of its second
    derivatives. With a learning rate between 0 and the limit the path stays bounded from every
    start, but swings for ever unless it starts at a minimum. With a rate above the limit, it grows
    without end from some starts. The result is a float, not a tensor.
    """
    raise NotImplementedError


# %%
def backoff_lr(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """Return the first learning rate of start, start/2, start/4, ... that lowers the loss.

    loss_after(lr) is the loss that a step with the learning rate lr would lead to, as a float; a
    step that is far too long gives infinity or NaN. A learning rate lowers the loss if that number
    is below base_loss: an equal loss is not lower, and neither is infinity or NaN. start is above
    0, base_loss finite, and some rate of this list lowers the loss. The result is a float, not a
    tensor.
    """
    raise NotImplementedError
