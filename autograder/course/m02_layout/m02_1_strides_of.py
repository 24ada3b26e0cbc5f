"""Mistakes of strides_of, offset and is_contiguous."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from m02_layout import is_contiguous, offset, strides_of
from torch import Tensor

from autograder.course.marks import mistake

Sizes = tuple[int, ...]


@mistake("counted-in-bytes", asks="tb.14")
def counted_in_bytes(shape: Sizes) -> Sizes:
    """Your strides are 4 times too large: you counted bytes of float32. NumPy's strides are bytes;
    torch counts elements, so that strides are the same for every dtype. Look at the number you
    begin with."""
    return tuple(4 * step for step in strides_of(shape))


@mistake("first-index-fastest", asks="tb.14")
def first_index_fastest(shape: Sizes) -> Sizes:
    """You let the first index move fastest, as Fortran and MATLAB do. In torch the last one does:
    the numbers of a row are neighbours. Look at the end from which you multiply."""
    return tuple(reversed(strides_of(tuple(reversed(shape)))))


@mistake("order-reversed", asks="tb.14")
def order_reversed(shape: Sizes) -> Sizes:
    """Your strides stand in the wrong order: the first place holds that of the last dimension. You
    collect them from the last size to the first, and they have to be turned round in the end."""
    return tuple(reversed(strides_of(shape)))


@mistake("own-size-counted", asks="tb.14")
def own_size_counted(shape: Sizes) -> Sizes:
    """Each of your strides counts the size of its own dimension, too. One step along a dimension
    passes what the dimensions after it hold, and nothing more; the last stride is 1. Look at where
    the product begins."""
    return tuple(step * max(size, 1) for step, size in zip(strides_of(shape), shape, strict=True))


@mistake("next-size-alone", asks="tb.14")
def next_size_alone(shape: Sizes) -> Sizes:
    """You take the next size alone as the stride. That is enough for a matrix; with three
    dimensions a step along the first passes whole matrices. Look at how many of the sizes to the
    right count."""
    return tuple(max(size, 1) for size in (*shape[1:], 1))[: len(shape)]


@mistake("zero-multiplied")
def zero_multiplied(shape: Sizes) -> Sizes:
    """Where a size is 0, your strides to its left are 0. Torch counts such a size as 1, so that no
    two rows of a new tensor fall on the same place. Look at the factor that you multiply by."""
    return tuple(math.prod(shape[dim + 1 :]) for dim in range(len(shape)))


@mistake("one-for-no-dimensions")
def one_for_no_dimensions(shape: Sizes) -> Sizes:
    """You give a stride even where there is no dimension. The shape () of a single number has no
    index that could move, so that its strides are () as well: there is one stride per dimension.
    Look at what your result begins with."""
    return strides_of(shape) or (1,)


@mistake("strides-in-a-list")
def strides_in_a_list(shape: Sizes) -> Any:
    """You return a list. Strides, like a shape, are a tuple in torch: its length is fixed, and two
    of them can be compared. Look at what you collect them in."""
    return list(strides_of(shape))


@mistake("stride-of-a-float")
def stride_of_a_float(shape: Sizes) -> Any:
    """One of your strides is a float: the product of no numbers, which NumPy gives as 1.0. A place
    in memory is a whole number, and an index made from a float is refused. Look at the stride of
    the last dimension."""
    return tuple(
        np.prod([max(n, 1) for n in shape[dim + 1 :]], initial=1.0 if dim + 1 == len(shape) else 1)
        for dim in range(len(shape))
    )


@mistake("tensor-made")
def tensor_made(shape: Sizes) -> Sizes:
    """You make a tensor and ask it. The task is to calculate: a product of sizes needs no memory,
    and a tensor of more elements than torch can count cannot even be made. Look at what each stride
    has to pass over."""
    return torch.empty(shape, device="meta").stride()


@mistake("start-ignored", replaces="offset", asks="tb.14")
def start_ignored(index: Sizes, stride: Sizes, start: int = 0) -> int:
    """Your offset ignores the start. A slice shares the storage of its base and begins somewhere
    within it; without the start you read the numbers of the base. Look at what you do with the
    third argument."""
    return offset(index, stride)


@mistake("paired-from-the-other-end", replaces="offset", asks="tb.14")
def paired_from_the_other_end(index: Sizes, stride: Sizes, start: int = 0) -> int:
    """You pair the first index with the last stride. Both tuples have the dimensions in the same
    order, so each index belongs to the stride at its own place. Look at how you go through
    them."""
    return offset(index, tuple(reversed(stride)), start)


@mistake("start-in-every-dimension", replaces="offset")
def start_in_every_dimension(index: Sizes, stride: Sizes, start: int = 0) -> int:
    """You add the start once for every dimension. It is the place of the first element and counts
    once, however many dimensions there are. Look at whether it stands inside or outside of the
    sum."""
    return offset(index, stride) + len(index) * start


@mistake("place-in-a-tensor", replaces="offset")
def place_in_a_tensor(index: Sizes, stride: Sizes, start: int = 0) -> Any:
    """Your offset comes back as a tensor. It is a place in a storage, a plain int as an index of
    Python is, and the sum of a few products needs no tensor. Look at the type of what you add."""
    place: Tensor = torch.tensor(offset(index, stride, start))
    return place


@mistake("ones-counted", replaces="is_contiguous", asks="tb.44")
def ones_counted(shape: Sizes, stride: Sizes) -> bool:
    """You compare the stride of every dimension, also where the size is 1. Such an index is always
    0, so its stride is never used and may be anything: a transposed row is still contiguous. Look
    at which dimensions count."""
    return 0 in shape or tuple(stride) == strides_of(shape)


@mistake("only-falling", replaces="is_contiguous", asks="tb.44")
def only_falling(shape: Sizes, stride: Sizes) -> bool:
    """You only ask whether the strides fall from left to right. Those of a slice with steps fall as
    well, and yet it has gaps between its elements. Each stride has to be exactly what the sizes to
    the right of it make."""
    steps = [step for size, step in zip(shape, stride, strict=True) if size != 1]
    return 0 in shape or steps == sorted(steps, reverse=True)


@mistake("only-the-last-stride", replaces="is_contiguous", asks="tb.44")
def only_the_last_stride(shape: Sizes, stride: Sizes) -> bool:
    """You look only at the last stride. It is 1 as well in a slice that leaves out columns, where
    there is a gap after each row, and it need not be 1 where the last size is 1. Look at the other
    dimensions, too."""
    return 0 in shape or not stride or stride[-1] == 1


@mistake("nothing-is-not-contiguous", replaces="is_contiguous")
def nothing_is_not_contiguous(shape: Sizes, stride: Sizes) -> bool:
    """You compare the strides of a tensor without elements. It has nothing that could lie in the
    wrong order or have gaps, so that torch calls it contiguous whatever its strides are. Look at
    the sizes first."""
    dense = zip(shape, stride, strides_of(shape), strict=True)
    return all(size == 1 or step == wanted for size, step, wanted in dense)


@mistake("contiguous-or-not-turned-round", replaces="is_contiguous", asks="tb.44")
def contiguous_or_not_turned_round(shape: Sizes, stride: Sizes) -> bool:
    """Your answers are turned round: True stands for a layout with gaps or in another order, False
    for one without. Look at what your comparison returns where all strides are as they should
    be."""
    return not is_contiguous(shape, stride)
