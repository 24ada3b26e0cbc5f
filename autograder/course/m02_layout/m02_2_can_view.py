"""Mistakes of can_view."""

from __future__ import annotations

import math
from typing import Any

from m02_layout import can_view
from torch import Tensor

from autograder.course.marks import mistake

Sizes = tuple[int, ...]


@mistake("contiguous-only", asks="tb.7 tb.57")
def contiguous_only(t: Tensor, shape: Sizes) -> bool:
    """You ask whether t is contiguous. view needs less: a row of every second element can be cut
    into new rows, for one stride still gives each of their dimensions. You refuse what would work;
    look at the strides themselves."""
    return t.is_contiguous() and t.numel() == math.prod(shape)


@mistake("numbers-of-elements-alone", asks="tb.7 tb.57")
def numbers_of_elements_alone(t: Tensor, shape: Sizes) -> bool:
    """You compare the numbers of elements alone. That decides for reshape, which may copy; view
    also needs strides for the new shape, and for the transpose of a matrix as one row there are
    none. Look at the strides."""
    return t.numel() == math.prod(shape)


@mistake("sums-compared", asks="tb.57")
def sums_compared(t: Tensor, shape: Sizes) -> bool:
    """You compare sums of sizes times strides, as some descriptions of view do. A sum forgets the
    order of the dimensions and where the gaps lie, so that it agrees and differs by chance. Look at
    each pair of neighbouring dimensions instead."""
    if t.numel() != math.prod(shape):
        return False
    dense = [math.prod(shape[dim + 1 :]) for dim in range(len(shape))]
    ours = sum(size * step for size, step in zip(t.shape, t.stride(), strict=True))
    return ours == sum(size * step for size, step in zip(shape, dense, strict=True))


@mistake("ones-counted", asks="tb.57")
def ones_counted(t: Tensor, shape: Sizes) -> bool:
    """You let dimensions of size 1 break the chain of strides. Their index never moves, so their
    stride is never used and may be anything. Leave them out before you compare neighbours."""
    return _fits(t, shape, skip_ones=False)


@mistake("nothing-compared-too", asks="tb.57")
def nothing_compared_too(t: Tensor, shape: Sizes) -> bool:
    """You compare strides also where t has no elements. There is nothing that could lie in the
    wrong place, and torch gives it every shape without elements. Look at that case first."""
    return t.numel() == math.prod(shape) and _fits(t, shape)


@mistake("number-of-elements-not-compared", asks="tb.7")
def number_of_elements_not_compared(t: Tensor, shape: Sizes) -> bool:
    """You never compare the numbers of elements. No view makes elements or drops them, so another
    number is impossible however well the strides fit. Compare the products of the two shapes
    first."""
    return (t.numel() == 0 and 0 in shape) or _fits(t, shape)


@mistake("expanded-refused", asks="tb.57")
def expanded_refused(t: Tensor, shape: Sizes) -> bool:
    """You refuse every tensor with a stride of 0. An expanded dimension is like any other here: it
    can be split, and it need not be joined with a neighbour where the new shape keeps their border.
    Look at how you treat a stride of 0."""
    return can_view(t, shape) and (0 not in t.stride() or t.numel() == 0)


@mistake("never-joined", asks="tb.57")
def never_joined(t: Tensor, shape: Sizes) -> bool:
    """You split dimensions but never join two. Where the left stride is the right size times the
    right stride, two neighbours are one block, and a new size may reach over their border: view
    makes one row of a matrix in this way."""
    return can_view(t, shape) and (t.numel() == 0 or _borders(t.shape) <= _borders(shape))


@mistake("never-split", asks="tb.57")
def never_split(t: Tensor, shape: Sizes) -> bool:
    """You join dimensions but never split one. A dimension of six elements with an even stride can
    become two times three, whatever its stride is. Compare where the new sizes end with the breaks
    between even blocks, not with the old sizes."""
    return can_view(t, shape) and (t.numel() == 0 or _borders(shape) <= _borders(t.shape))


@mistake("same-shape-or-contiguous", asks="tb.7")
def same_shape_or_contiguous(t: Tensor, shape: Sizes) -> bool:
    """You allow the same shape and whatever is contiguous. Between the two there is more: a slice
    with steps can often be split, or joined in part, as long as its strides stay even. Look at each
    pair of neighbouring dimensions."""
    return tuple(t.shape) == tuple(shape) or (t.is_contiguous() and t.numel() == math.prod(shape))


@mistake("tried", asks="tb.57")
def tried(t: Tensor, shape: Sizes) -> bool:
    """You let torch try, by view, by reshape, or by looking whether a copy was made. The task is to
    decide as view itself does, from sizes and strides alone. Look at which neighbouring dimensions
    could be one."""
    try:
        t.view(shape)
    except RuntimeError:
        return False
    return True


@mistake("says-where-a-copy-is-needed", asks="tb.7")
def says_where_a_copy_is_needed(t: Tensor, shape: Sizes) -> bool:
    """Your answers are turned round: True stands where view would raise. The question is whether it
    would work. Look at what you return at the end."""
    return not can_view(t, shape)


@mistake("nothing-where-impossible")
def nothing_where_impossible(t: Tensor, shape: Sizes) -> Any:
    """Where a view is impossible, nothing comes back, for your function ends without a return. None
    counts as false in a condition, but the task asks for False itself. Look at the paths through
    your function."""
    return True if can_view(t, shape) else None


def _fits(t: Tensor, shape: Sizes, skip_ones: bool = True) -> bool:
    """Compare breaks with borders, as the reference does."""
    fits, count, reach = _borders(shape), 1, 0
    if not skip_ones and t.numel() == 0:
        return 0 in shape
    if not skip_ones and t.numel() != math.prod(shape):
        return False
    for size, step in zip(reversed(t.shape), reversed(t.stride()), strict=True):
        if size != 1 or not skip_ones:
            if count > 1 and step != reach and count not in fits:
                return False
            count, reach = count * size, size * step
    return True


def _borders(shape: Sizes) -> set[int]:
    """Return the products of the last sizes."""
    return {math.prod(shape[dim:]) for dim in range(len(shape) + 1)}
