"""Other ways to do can_view."""

from __future__ import annotations

import itertools
import math

import numpy as np
import torch
from m02_layout import can_view

from autograder.course.marks import restated, right, wrong

# A break at 1 fits every shape, and both tuples have one entry per dimension.
EXCUSED = {
    "fits = {math.prod(shape[dim:]) for dim in range(len(shape) + 1)} -> "
    "fits = {math.prod(shape[dim:]) for dim in range(len(shape) + 2)}": "the same set",
    "count, reach = (1, 0) -> count, reach = (1, 1)": "a break at 1 always fits",
    "count, reach = (1, 0) -> count, reach = (1, -1)": "a break at 1 always fits",
    "for size, step in zip(reversed(t.shape), reversed(t.stride()), strict=True): -> "
    "for size, step in zip(reversed(t.shape), reversed(t.stride())):": "as long",
    "for size, step in zip(reversed(t.shape), reversed(t.stride()), strict=True): -> "
    "for size, step in zip(reversed(t.shape), reversed(t.stride()), strict=False):": "as long",
}


@right()
def as_torch_does(t, shape):
    """Fills blocks with new sizes from the right, as torch's own code does."""
    if math.prod(shape) != t.numel():
        return False
    if t.numel() == 0:
        return True
    old, strides = list(t.shape), list(t.stride())
    view_dim, block, base = len(shape) - 1, 1, strides[-1] if strides else 1
    for dim in range(len(old) - 1, -1, -1):
        block *= old[dim]
        if dim == 0 or (old[dim - 1] != 1 and strides[dim - 1] != block * base):
            filled = 1
            while view_dim >= 0 and (filled < block or shape[view_dim] == 1):
                filled *= shape[view_dim]
                view_dim -= 1
            if filled != block:
                return False
            if dim > 0:
                block, base = 1, strides[dim - 1]
    return True


@right()
def places_are_even(t, shape):
    """Lists the places of all elements, and asks whether they are even along each new dimension."""
    places = np.zeros(tuple(t.shape), dtype=np.int64)
    for dim, (size, step) in enumerate(zip(t.shape, t.stride(), strict=True)):
        across = [1] * t.dim()
        across[dim] = size
        places = places + np.arange(size).reshape(across) * step
    if places.size != math.prod(shape):
        return False
    if places.size == 0:
        return True
    places = places.reshape(shape)
    even = np.full(shape, places.flat[0])
    for dim, size in enumerate(shape):
        if size > 1:
            step = np.take(places, 1, dim).flat[0] - places.flat[0]
            even = even + step * np.arange(size).reshape(
                [-1 if d == dim else 1 for d in range(len(shape))]
            )
    return np.array_equal(places, even)


@right()
def blocks_joined_first(t, shape):
    """Joins dimensions to blocks, then takes the new sizes out of them from the left."""
    if t.numel() != math.prod(shape):
        return False
    if 0 in t.shape:
        return True
    blocks = []
    for size, step in zip(t.shape, t.stride(), strict=True):
        if size == 1:
            continue
        if blocks and blocks[-1][1] == size * step:
            blocks[-1] = (blocks[-1][0] * size, step)
        else:
            blocks.append((size, step))
    left = [size for size, _ in blocks]
    for size in shape:
        if size == 1:
            continue
        if not left or left[0] % size:
            return False
        left[0] //= size
        if left[0] == 1:
            left.pop(0)
    return True


@right()
def new_strides_found(t, shape):
    """Looks for the stride of each new dimension, and lists the places that they give."""
    if t.numel() != torch.Size(shape).numel():
        return False

    def places(sizes, steps):
        ranges = (range(0, n * s, s) if s else [0] * n for n, s in zip(sizes, steps, strict=True))
        return list(map(sum, itertools.product(*ranges)))

    old, sizes = places(t.shape, t.stride()), [n for n in shape if n > 1]
    if len(old) < 2:
        return True
    inner = [math.prod(sizes[d + 1 :]) for d in range(len(sizes))]
    return (
        places(sizes, [old[i] for i in inner]) == old if all(i < len(old) for i in inner) else False
    )


@right()
def with_numpys_answer(t, shape):
    """Gives NumPy's boolean."""
    if t.numel() != np.prod(shape):
        return np.False_
    kept = [(n, s) for n, s in zip(t.shape, t.stride(), strict=True) if n != 1]
    right = np.cumprod([n for n, _ in kept][::-1])[::-1]
    breaks = [
        right[i + 1] for i in range(len(kept) - 1) if kept[i][1] != kept[i + 1][0] * kept[i + 1][1]
    ]
    return np.isin(breaks, np.cumprod([1, *shape[::-1]])).all() if t.numel() else np.True_


@wrong()
def first_and_last_compared(t, shape):
    """Asks whether the whole reach is that of a tensor with one stride."""
    if not can_view(t, shape) and t.numel() == math.prod(shape) and t.numel():
        reach = sum((n - 1) * s for n, s in zip(t.shape, t.stride(), strict=True))
        return reach == (t.numel() - 1) * t.stride(-1)
    return can_view(t, shape)


@wrong()
def last_stride_one(t, shape):
    """Asks whether the last stride is 1."""
    return t.numel() == math.prod(shape) and (not t.dim() or t.stride(-1) == 1)


@wrong()
def falling_strides(t, shape):
    """Asks whether the strides fall."""
    steps = [s for n, s in zip(t.shape, t.stride(), strict=True) if n != 1]
    return t.numel() == math.prod(shape) and steps == sorted(steps, reverse=True)


@wrong()
def borders_from_the_left(t, shape):
    """Compares products from the left with breaks counted from the right."""
    if not can_view(t, (t.numel(),)) and t.numel():
        return t.numel() == math.prod(shape) and can_view(t, tuple(reversed(shape)))
    return can_view(t, shape)


@wrong()
def joined_by_the_wrong_size(t, shape):
    """Multiplies the right stride by the left size."""
    if t.numel() != math.prod(shape):
        return False
    pairs = zip(t.shape, t.stride(), t.shape[1:], t.stride()[1:], strict=False)
    return can_view(t, shape) if t.numel() == 0 else all(s == n * r for n, s, _, r in pairs)


@wrong()
def one_row_or_nothing(t, shape):
    """Answers for one row, whatever shape is asked for."""
    return t.numel() == math.prod(shape) and can_view(t, (t.numel(),))


@wrong()
def as_number(t, shape):
    """Gives 1 and 0."""
    return int(can_view(t, shape))


@wrong()
def nothing_refused(t, shape):
    """Refuses what has no elements."""
    return t.numel() > 0 and can_view(t, shape)


@wrong(named="tried")
def reshape_compared_by_address(t, shape):
    """Reshapes, and compares where the result begins."""
    if t.numel() != math.prod(shape):
        return False
    return t.reshape(shape).data_ptr() == t.data_ptr()


@wrong()
def zero_stride_never_joined(t, shape):
    """Takes an expanded dimension for a break on each side."""
    if can_view(t, shape) and t.numel():
        fits = {math.prod(shape[d:]) for d in range(len(shape) + 1)}
        pairs = zip(t.stride(), t.stride()[1:], strict=False)
        breaks = [math.prod(t.shape[d + 1 :]) for d, pair in enumerate(pairs) if 0 in pair]
        return fits.issuperset(breaks)
    return can_view(t, shape)


@restated("contiguous-only")
def refused_where_not_contiguous(t, shape):
    """Refuses what is not contiguous first."""
    if not t.is_contiguous():
        return False
    count = 1
    for size in shape:
        count *= size
    return count == t.numel()


@restated("numbers-of-elements-alone")
def sizes_multiplied(t, shape):
    """Multiplies the sizes of both."""
    return torch.Size(shape).numel() == t.shape.numel()


@restated("sums-compared")
def last_places_compared(t, shape):
    """Compares sums of sizes times strides as NumPy's scalar products."""
    if t.numel() != math.prod(shape):
        return False
    dense = torch.empty(shape, device="meta").stride()
    if t.numel() == 0:
        dense = [math.prod(shape[d + 1 :]) for d in range(len(shape))]
    return bool(np.dot(t.shape, t.stride()) == np.dot(shape, dense))


@restated("ones-counted")
def neighbours_with_ones(t, shape):
    """Compares all neighbours, those of size 1 as well."""
    if t.numel() != math.prod(shape):
        return False
    if t.numel() == 0:
        return True
    fits = {math.prod(shape[d:]) for d in range(len(shape) + 1)}
    for d in range(t.dim() - 1):
        right = math.prod(t.shape[d + 1 :])
        if t.stride(d) != t.stride(d + 1) * t.size(d + 1) and right > 1 and right not in fits:
            return False
    return True


@restated("nothing-compared-too")
def never_asks_for_nothing(t, shape):
    """Compares breaks, whatever t holds."""
    if t.numel() != math.prod(shape):
        return False
    kept = [(n, s) for n, s in zip(t.shape, t.stride(), strict=True) if n != 1]
    fits = {math.prod(shape[d:]) for d in range(len(shape) + 1)}
    for d in range(len(kept) - 1):
        right = math.prod(n for n, _ in kept[d + 1 :])
        if kept[d][1] != kept[d + 1][0] * kept[d + 1][1] and right not in fits:
            return False
    return True


@restated("expanded-refused")
def zero_stride_refused(t, shape):
    """Refuses a stride of 0 of what has elements."""
    if t.numel() and any(s == 0 for s in t.stride()):
        return False
    return can_view(t, shape)


@restated("tried")
def tried_on_meta(t, shape):
    """Tries on a tensor of the same layout without memory."""
    try:
        torch.empty_strided(t.shape, t.stride(), device="meta").view(shape)
    except RuntimeError:
        return False
    return True


@restated("says-where-a-copy-is-needed")
def must_copy(t, shape):
    """Says whether reshape would have to copy."""
    possible = can_view(t, shape)
    return not possible


@restated("same-shape-or-contiguous")
def equal_or_dense(t, shape):
    """Asks for the same shape first."""
    if t.shape == torch.Size(shape):
        return True
    return t.is_contiguous() and t.numel() == torch.Size(shape).numel()


@restated("nothing-where-impossible")
def returns_only_true(t, shape):
    """Returns in one branch only."""
    if can_view(t, shape):
        return True


@restated("number-of-elements-not-compared")
def breaks_alone(t, shape):
    """Compares breaks alone."""
    if t.numel() == 0 and math.prod(shape) == 0:
        return True
    fits = {math.prod(shape[d:]) for d in range(len(shape) + 1)}
    kept = [(n, s) for n, s in zip(t.shape, t.stride(), strict=True) if n != 1]
    right = [math.prod(n for n, _ in kept[d + 1 :]) for d in range(len(kept))]
    return all(
        kept[d][1] == kept[d + 1][0] * kept[d + 1][1] or right[d] in fits
        for d in range(len(kept) - 1)
    )


@restated("never-joined")
def each_dimension_alone(t, shape):
    """Takes new sizes out of each old one."""
    if t.numel() != math.prod(shape):
        return False
    left = [n for n in t.shape if n != 1]
    if t.numel() == 0:
        return True
    for size in shape:
        if size == 1:
            continue
        if left[0] % size:
            return False
        left[0] //= size
        left = left[left[0] == 1 :]
    return True


@restated("never-split")
def each_block_whole(t, shape):
    """Refuses a new size that ends within an old one."""
    old = {math.prod(t.shape[d:]) for d in range(t.dim() + 1)}
    ends = [math.prod(shape[d:]) for d in range(len(shape))]
    return can_view(t, shape) and (t.numel() == 0 or all(end in old for end in ends))
