# %% [markdown]
# # m05 Graph control
#
# Autograd records a graph while you compute. Here you decide what is recorded, how long a graph
# lives, and which tensors get a gradient.

# %%
"""What is recorded, how long it lives, and which tensors get a gradient."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


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
    value = x.detach().requires_grad_()
    values = []
    for stage in stages:
        value = stage(value)
        values.append(value)
    intermediates = values[:-1]
    return list(torch.autograd.grad(value, intermediates)) if intermediates else []
