# %% [markdown]
# # m02 The layout of a tensor in memory
#
# The numbers of a tensor lie in a storage, which is one long row. Its shape and its strides are the
# arithmetic on top: a stride says by how many places of the storage you move when one index grows
# by 1, and all strides are counted in elements, not in bytes. Views are other shapes and strides
# over the same storage, so they cost nothing; a copy is a storage of its own.

# %%
"""Shape is arithmetic on strides; know when numbers are copied."""

from __future__ import annotations

import math

from torch import Tensor


# %%
def strides_of(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the strides of a new, contiguous tensor of this shape, one int per dimension.

    The last index moves by 1 in memory, and each other one over all that the indices after it can
    reach. A size of 0 counts as 1 there, as in torch: the shape (2, 0, 3) has the strides
    (3, 3, 1). The shape () has the strides (). Calculate with numbers only and make no tensor: the
    shape may be larger than any memory.
    """
    strides = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


def offset(index: tuple[int, ...], stride: tuple[int, ...], start: int = 0) -> int:
    """Return the place in the storage of the element at an index, as an int.

    index and stride have one entry per dimension, of any strides; start is the place of the element
    whose indices are all 0. Where there is no dimension, the place is start.
    """
    return start + sum(i * step for i, step in zip(index, stride, strict=True))


def is_contiguous(shape: tuple[int, ...], stride: tuple[int, ...]) -> bool:
    """Say whether a tensor of this shape and these strides is contiguous, True or False.

    It is where its elements, read with the last index moving fastest, follow each other in memory
    without gaps. The index of a dimension of size 1 never moves, so that its stride is free. A
    tensor without elements is always contiguous, as in torch, and so is one without dimensions.
    """
    if 0 in shape:
        return True
    dense = zip(shape, stride, strides_of(shape), strict=True)
    return all(size == 1 or step == wanted for size, step, wanted in dense)


# %%
def can_view(t: Tensor, shape: tuple[int, ...]) -> bool:
    """Say whether t.view(shape) would work, True or False.

    shape has sizes of 0 or more and no -1. Another number of elements is never possible. Otherwise
    it is possible where strides for the new shape exist, so that the elements of t, read with the
    last index moving fastest, stay where they are in memory; t need not be contiguous for that. A
    tensor without elements can have every shape without elements.

    Decide by the sizes and strides of t, without trying: neither view nor reshape, nor another call
    that does their work, is made. t stays as it is.
    """
    if t.numel() != math.prod(shape):
        return False
    if t.numel() == 0:
        return True
    fits = {math.prod(shape[dim:]) for dim in range(len(shape) + 1)}
    count, reach = 1, 0  # how many elements the dimensions so far hold, and the stride over them
    for size, step in zip(reversed(t.shape), reversed(t.stride()), strict=True):
        if size != 1:  # the index of a size of 1 never moves
            if step != reach and count not in fits:
                return False
            count, reach = count * size, size * step
    return True


# %%
def flatten(t: Tensor) -> tuple[Tensor, bool]:
    """Return the elements of t in one dimension, [numel], and whether they had to be copied.

    They are read with the last index moving fastest. Where it is possible, the result is a view:
    what is written to t later is seen in it, and the second value is False. Only where no stride
    of one dimension gives this order, they are copied, and the second value is True. A tensor
    without dimensions gives one element; one without elements gives none, which copies nothing.

    t may have any layout. It stays as it is, and gradients of the result reach it.
    """
    try:
        return t.view(-1), False
    except RuntimeError:  # no single stride gives this order
        return t.reshape(-1), True


# %%
def sliding_windows(x: Tensor, k: int, step: int = 1) -> Tensor:
    """Return all windows of k neighbours in x, one per row, as a view of the memory of x.

    x is [L], k and step are at least 1. Row i holds x[i * step] and the k - 1 elements of x after
    it. There are as many rows as fit: those of a window that would leave x are left out. Nothing is
    copied, so that what is written to x later is seen in all its windows; their gradients reach x.
    x itself may be a slice of a larger tensor, with any stride and any start.

    Raises ValueError where k is larger than L: not even one window fits.
    """
    if k > len(x):
        raise ValueError(f"a window of {k} does not fit into {len(x)} elements")
    rows = (len(x) - k) // step + 1
    (stride,) = x.stride()
    return x.as_strided((rows, k), (step * stride, stride))


# %%
def to_nchw(img: Tensor) -> Tensor:
    """Return images [N, H, W, C], as most files and cameras give them, as [N, C, H, W].

    The pixel in row h and column w of image n has its channel c at [n, c, h, w]. Nothing is copied:
    the result is a view, in which the channels of a pixel are still neighbours in memory
    (channels_last), and what is written to img later is seen in it. img has any dtype, which the
    result keeps, and may itself be a view, such as a part cut out of larger images. Gradients of
    the result reach img.
    """
    return img.permute(0, 3, 1, 2)
