# %% [markdown]
# # m04 Autograd, from inside
#
# While a function runs, autograd records its operations as a graph of backward nodes. From one
# number, the loss, backward() follows this graph back to the leaves and gives each its gradient:
# how much the loss grows where a number of the leaf grows a little. Shapes stand in square
# brackets; [] is a tensor without dimensions, one number.

# %%
"""Gradients by autograd, its graph, and an autograd of your own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor


# %%
def grad_of(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return the gradient of f at x, which has the shape of x.

    f takes a tensor of x's shape and device and returns a tensor [] computed from it by operations
    of torch, with x as the only tensor that requires a gradient. Where x holds floats, f gets them
    in x's dtype, and the gradient has that dtype. Where x holds integers, f gets the same numbers
    in torch's default dtype, in which the gradient is, too.

    x may have any shape, may require its gradient or not, may have something in its .grad, and may
    be the result of other operations. Its numbers, its flag and its .grad stay as they are, as does
    the .grad of all that x was computed from. The returned gradient does not require one itself.

    Questions: lr.9 m2.3b m2.5a tb.9
    """
    raise NotImplementedError


# %%
def what_backward_does(x: Tensor, steps: Sequence[Callable[[Tensor], Tensor]]) -> dict[str, Any]:
    """Call backward() on one loss after another, and report what each call does to a leaf.

    x holds floats, in any shape. Work on one leaf of your own that has its numbers and requires a
    gradient: x itself keeps its numbers, its flag (it may require a gradient) and its .grad. Each
    step takes the leaf and computes from it a new tensor h, of any shape. For each step in order,
    compute its h once, take the mean of the squares of all numbers in h as the loss, and call
    backward() on it, once. Clear nothing in between, move nothing, and change no setting of h.

    The dict has these keys; a list has one entry for each step, and is empty if there is none:

    - "before": the leaf's .grad before the first call, None;
    - "grads": a list, the leaf's .grad as it is right after each call, whatever calls follow;
    - "added": a list, the tensor that this call alone has added to the leaf's .grad;
    - "intermediates": a list, the .grad of h right after the call, which is None (torch warns
      where it is read);
    - "values": a tensor, the leaf's numbers after the last call.

    Questions: gd.14 wf.6 m2.3b tb.21
    """
    raise NotImplementedError
