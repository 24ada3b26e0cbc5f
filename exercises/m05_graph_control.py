# %% [markdown]
# # m05 Graph control
#
# Autograd records a graph while you compute. Here you decide what is recorded, how long a graph
# lives, and which tensors get a gradient.

# %%
"""What is recorded, how long it lives, and which tensors get a gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor


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

    Questions: tb.18
    """
    raise NotImplementedError


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

    Questions: tb.10 tb.25
    """
    raise NotImplementedError
