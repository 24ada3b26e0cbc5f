"""Mistakes of m08: training by hand."""

from __future__ import annotations

import torch
from m06_model import model, mse
from torch import Tensor

from autograder.mistakes import mistake


@mistake("train_step", "never-zeroed")
def never_zeroed(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """You never clear the gradients. backward() adds to what .grad holds, so your second step goes
    by the sum of two gradients and the path runs away. Look at what happens after the update."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    return loss.item()
