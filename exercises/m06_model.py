# %% [markdown]
# # m06 The model and its loss, from scratch
#
# A linear model predicts each target as a weighted sum of the features plus a bias:
# `pred = x @ w.T + b`, with x [N, I], w [O, I], b [O] and pred [N, O].

# %%
"""The tutorial's parameters, model and loss from scratch."""

from __future__ import annotations

import torch
from torch import Tensor


# %%
def mse(pred: Tensor, target: Tensor) -> Tensor:
    """Return the mean squared error of predictions: the mean over all N x O elements.

    pred and target are [N, O], of the same dtype and device; the result is 0-dim ([]), has their
    dtype, and can be differentiated with respect to pred. Write it yourself: no `nn.functional`.

    Raises ValueError unless the shapes are equal (nothing is broadcast).

    Questions: gd.11 gd.12 gd.13 lr.26 wf.5 m2.2d
    """
    raise NotImplementedError
