# %% [markdown]
# # m08 Training by hand
#
# Gradient descent without an optimizer: predict, compare, differentiate, step, clear.

# %%
"""Update, zero, loop, and what forgetting does."""

from __future__ import annotations

import torch
from m06_model import model, mse
from torch import Tensor


# %%
def train_step(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """Take one gradient-descent step on the mean squared error; return the loss before it.

    x [N, I] and y [N, O] are data and stay untouched; the leaves w [O, I] and b [O] are trained in
    place, each by -lr times its gradient. Gradients are None or zero on entry, and are left so.

    Questions: gd.25 gd.20 wf.3 wf.10
    """
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad.zero_()
    return loss.item()
