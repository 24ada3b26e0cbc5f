# %% [markdown]
# # m05 What is tracked, kept, cut and freed
#
# Autograd records an operation only where gradients are on and an input requires its gradient. What
# it records it keeps, until somebody frees it. Here you read what a tensor is to autograd, switch
# recording off for a while, cut the way of a gradient, and use one graph for two losses.

# %%
"""Decide what autograd tracks, keeps, cuts and frees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import torch
from torch import Tensor


# %%
def role(t: Tensor) -> str:
    """Say what a tensor is to autograd: `"parameter"`, `"intermediate"` or `"data"`.

    t has any shape, dtype and device.

    - `"data"` requires no gradient: inputs, targets, row numbers, a frozen weight, a detached copy,
      and whatever was computed from those alone, or where recording was off.
    - `"parameter"` requires its gradient, and no recorded operation has computed it: a leaf. What
      it is used for does not matter, nor whether it has a gradient yet, or is an nn.Parameter.
    - `"intermediate"` requires its gradient, and a recorded operation has computed it, also where
      its gradient is kept (`retain_grad()`) or the name was a parameter's before.

    The answer is the same whether recording is on or off at the call. t stays as it is, its `.grad`
    and `requires_grad` too.
    """
    if not t.requires_grad:
        return "data"
    return "parameter" if t.is_leaf else "intermediate"


# %%
class no_tracking:  # noqa: N801 - it is used like torch.no_grad
    """Switch the recording of autograd off for a block of code, or for the calls of a function.

    `with no_tracking():` records nothing in its block. `@no_tracking()` above a function (no
    generator function) records nothing while it runs; it takes the same arguments and returns the
    same result. Write it with `torch.is_grad_enabled` and `torch.set_grad_enabled`; `torch.no_grad`
    and `torch.inference_mode` must not do the work.

    - Only entering a block, or calling the function, switches recording off. Making the object, or
      decorating, changes nothing.
    - Afterwards recording is as it was on entry: off where it was off, and so also inside another
      block. This holds whatever the block has set meanwhile, and after an exception, which goes on
      to the caller.
    - One object can be used again, also while it is in use: in a block inside its own block, or by
      a decorated function that calls itself.
    - Other threads are not concerned, and several objects can be in use at once.
    """

    def __init__(self) -> None:
        """Begin with no block entered."""
        self._before: list[bool] = []

    def __enter__(self) -> None:
        """Note how recording is, and switch it off."""
        self._before.append(torch.is_grad_enabled())
        torch.set_grad_enabled(False)

    def __exit__(self, *error: object) -> None:
        """Put recording back as it was when the last block was entered."""
        torch.set_grad_enabled(self._before.pop())

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, with a block around each of its calls."""

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return call


# %%
def consistency_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Return the mean squared difference of two predictions, of which only one learns from it.

    student and teacher are predictions of the same shape, dtype and device, N x O elements, both at
    least 1; each may be computed from weights that require their gradients, some perhaps from the
    same ones. The result is 0-dim ([]), the mean over all elements. Its gradient reaches student
    and what student was computed from; it does not reach teacher, nor anything by way of teacher.

    Both predictions stay as they are: their numbers, and their own ways back to the weights, so
    that the caller can still train the teacher by another loss.
    """
    difference = student - teacher.detach()
    return (difference * difference).mean()


# %%
def backward_both(l1: Tensor, l2: Tensor) -> None:
    """Add the derivatives of two losses to the .grad of all leaves behind them, and free the graph.

    l1 and l2 are 0-dim ([]) and were computed in part from the same results: their graphs share a
    part, in which tensors are saved. The .grad of each leaf grows by the sum of the derivatives of
    both, on top of what is in it. Afterwards nothing is saved any more in the part that they share,
    so that another backward() of either loss raises RuntimeError. The gradients themselves do not
    carry a graph. l1 and l2 keep their values. Nothing is returned.
    """
    (l1 + l2).backward()


# %%
def mean_loss(losses: Iterable[Tensor]) -> float:
    """Return the mean of losses that still carry their graphs, as a Python float.

    Each loss is a tensor with one element, of shape [] or [1, 1], both may come mixed, of the same
    floating dtype and device. losses is any iterable, such as a list, or a generator that computes
    each loss as it is drawn: it has no length, can be gone through only once, and needs recording
    on. Every loss counts alike, and a nan makes the mean nan. The sum need not be more exact than
    float32.

    No graph is kept alive for the mean: when the next loss is drawn, at most the loss before it may
    still be held, with its graph. The losses stay as they are, and so does every `.grad`.

    Raises ValueError where there is no loss.
    """
    total, count = 0.0, 0
    for loss in losses:
        total += loss.item()
        count += 1
    if not count:
        raise ValueError("there is no loss")
    return total / count


# %%
def stage_grads(stages: list[Callable[[Tensor], Tensor]], x: Tensor) -> list[Tensor]:
    """Return the gradient of the final scalar with respect to each intermediate of a chain.

    The first of the stages (at least one) gets x, each later one what the stage before it has
    returned; the last returns the final scalar, of shape []. The intermediates are what the other
    stages return. x is of a floating dtype and any shape. Call each stage exactly once, with
    recording on: a second call may give other numbers. A stage is any callable, such as a function
    with weights of its own or a module, and changes no tensor in place.

    The result is a new list with one gradient per intermediate, the first stage's first: neither x
    nor the final scalar has one in it, so one stage alone gives []. Each gradient has the shape,
    dtype and device of its intermediate and requires no gradient itself; two of them may share
    memory. They are wanted also where neither x nor any weight requires a gradient.

    x stays as it is, `requires_grad` and `.grad` included. The `.grad` of no leaf is written to,
    neither of x, nor of a leaf from which x was computed, nor of a weight inside a stage.
    """
    value = x.detach().requires_grad_()
    values = []
    for stage in stages:
        value = stage(value)
        values.append(value)
    intermediates = values[:-1]
    return list(torch.autograd.grad(value, intermediates)) if intermediates else []
