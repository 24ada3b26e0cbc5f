# %% [markdown]
# # m01 Tensors: from tables, images and arrays
#
# A tensor is a block of numbers, and four things about it that code has to get right: how many
# dimensions it has and how long they are (its shape), what type its numbers are of (its dtype),
# which device it lies on, and with whom it shares its memory. For a table, N counts the rows, F the
# features (inputs) and O the targets.

# %%
"""Tensors made of tables, images and arrays: shape, dtype and memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor


# %%
def table_to_tensors(
    rows: list[dict[str, Any]], features: list[str], targets: list[str]
) -> tuple[Tensor, Tensor]:
    """Turn the rows of a table into a matrix of inputs x [N, F] and a matrix of targets y [N, O].

    Each row is a dict from the names of columns to cells; the keys may stand in another order in
    every row. features names the F columns of x, targets the O columns of y, in the order wanted.
    N, F and O are at least 1; with a single name the result still has two dimensions. Row n of x
    and row n of y both come from rows[n].

    The cells of the named columns are ints or floats; other columns may hold anything, such as
    text, and are ignored. x and y are float32, lie on the CPU and do not require a gradient. The
    rows and the two lists stay as they are.

    Raises KeyError where a row lacks a named column.
    """
    raise NotImplementedError


# %%
def as_nchw(img: Tensor) -> Tensor:
    """Return an image, or a batch of images, as a batch [N, C, H, W].

    The number of its dimensions says what img is: [H, W] has one channel and no batch around it,
    [C, H, W] no batch, [N, C, H, W] is one. A missing dimension gets the size 1: [H, W] becomes
    [1, 1, H, W], and [C, H, W] becomes [1, C, H, W]. Sizes and dtype can be any, also uint8, and
    img need not be contiguous.

    The result has img's dtype and device, and it shares its memory: what is written into one is
    seen in the other. Gradients pass through it to img. img keeps its shape and its numbers; for a
    batch, img itself may be returned.

    Raises ValueError if img has fewer than 2 or more than 4 dimensions.
    """
    raise NotImplementedError


# %%
def footprint(t: Tensor) -> tuple[int, int]:
    """Return how many bytes a tensor's elements take, and how many bytes lie in its storage.

    t has any shape, dtype and device. The first number counts every element that its shape
    promises, each with the bytes of its dtype, also where elements share memory, as after expand.
    The second number is the size in bytes of the whole storage behind t, which may hold more than t
    shows (t is a slice) or less (t is expanded). Both are ints; t stays as it is.
    """
    raise NotImplementedError


# %%
def combine(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """Join tensors into one, side by side along dimension dim.

    With new_axis the result has one dimension more than each tensor: dim is the place of the new
    dimension in the result, its size is the number of tensors, and index i there gives ts[i] back.
    All tensors then have the same shape, which may be []. Without new_axis the number of dimensions
    stays, and the sizes along dim, which may differ, add up; the tensors have at least one
    dimension, and all their other sizes are equal.

    A negative dim counts from the last dimension of the result, -1. ts has at least one tensor; all
    are of the same dtype and device, which the result shares. The result has memory of its own,
    also where ts has a single tensor, and gradients pass through it to the tensors. The list and
    the tensors stay as they are.
    """
    raise NotImplementedError


# %%
def masked_mean(x: Tensor, keep: Tensor) -> Tensor:
    """Return the mean of those entries of x at which keep is True.

    x holds floating-point numbers in any shape of at least one dimension. keep is a bool tensor of
    the same shape, on the same device. The result is 0-dim ([]), has the dtype and device of x, and
    can be differentiated: with k entries kept, its gradient for x is 1/k at each of them and 0
    elsewhere. Neither x nor keep is changed.

    An entry that is not kept has no influence, even where it is nan or inf: the mean and its
    gradient are then the same as ever. A kept nan makes the mean nan.

    Use keep as the bool tensor that it is: torch warns of masks of other types.

    Raises ValueError if no entry is kept.
    """
    raise NotImplementedError


# %%
def from_array(a: np.ndarray[Any, Any], share: bool) -> Tensor:
    """Return a tensor of the numbers in a NumPy array, in its memory or in memory of its own.

    a holds bools, ints or floats of a dtype that torch has, too, in any shape, () included. The
    tensor has the same shape, the same numbers and the same dtype, and lies on the CPU. If share is
    True, both use the same memory: what is written into one is read in the other, also where a is
    itself a part of a larger array. If share is False, neither ever sees a change of the other.

    torch has no tensors that are read-only and none with negative strides, so such arrays cannot be
    shared; they can be copied. The call changes neither the numbers of a nor whether it is
    read-only.

    Raises ValueError if share is True and a is read-only (`a.flags.writeable` is False) or has a
    negative stride (as `a[::-1]` has).
    """
    raise NotImplementedError
