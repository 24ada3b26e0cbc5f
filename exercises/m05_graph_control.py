# %% [markdown]
# # m05 What is tracked, kept, cut and freed
#
# Autograd records an operation only where gradients are on and an input requires its gradient. What
# it records it keeps, until somebody frees it. Here you read what a tensor is to autograd, switch
# recording off for a while, cut the way of a gradient, and use one graph for two losses.

# %%
"""Decide what autograd tracks, keeps, cuts and frees."""

from __future__ import annotations

from collections.abc import Callable
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

    Questions: tb.10
    """
    raise NotImplementedError


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

    Questions: gd.23 lr.55 tb.11
    """

    def __init__(self) -> None:
        """Begin with no block entered."""
        raise NotImplementedError

    def __enter__(self) -> None:
        """Note how recording is, and switch it off."""
        raise NotImplementedError

    def __exit__(self, *error: object) -> None:
        """Put recording back as it was when the last block was entered."""
        raise NotImplementedError

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, with a block around each of its calls."""
        raise NotImplementedError
