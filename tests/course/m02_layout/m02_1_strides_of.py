"""Other ways to do strides_of, offset and is_contiguous."""

from __future__ import annotations

import functools
import itertools
import math
import operator

import numpy as np
import torch
from m02_layout import is_contiguous, offset, strides_of

from autograder.course.marks import restated, right, wrong

# Both tuples have one entry per dimension; and numbers may change places in a product.
EXCUSED = {
    "step *= max(size, 1) -> step *= max(1, size)": "the same",
    "step *= max(size, 1) -> step = step * max(size, 1)": "the same",
    "return start + sum((i * step for i, step in zip(index, stride, strict=True))) -> "
    "return start + sum((i * step for i, step in zip(index, stride)))": "as long",
    "return start + sum((i * step for i, step in zip(index, stride, strict=True))) -> "
    "return start + sum((i * step for i, step in zip(stride, index, strict=True)))": "the same",
    "return start + sum((i * step for i, step in zip(index, stride, strict=True))) -> "
    "return start + sum((i * step for i, step in zip(index, stride, strict=False)))": "as long",
    "dense = zip(shape, stride, strides_of(shape), strict=True) -> "
    "dense = zip(shape, stride, strides_of(shape))": "as long",
    "dense = zip(shape, stride, strides_of(shape), strict=True) -> "
    "dense = zip(shape, stride, strides_of(shape), strict=False)": "as long",
}


@right()
def products_of_slices(shape):
    """Multiplies all sizes to the right of each dimension."""
    sizes = [max(n, 1) for n in shape]
    return tuple(math.prod(sizes[i + 1 :]) for i in range(len(shape)))


@right()
def numpys_running_product(shape):
    """Gives NumPy's integers of a running product."""
    sizes = np.maximum(np.array(shape, dtype=np.int64), 1)
    return tuple(np.cumprod(np.append(1, sizes[:0:-1]))[::-1])[: len(shape)]


@right()
def by_recursion(shape):
    """Puts the stride of the first dimension before those of the others."""
    if not shape:
        return ()
    rest = by_recursion(shape[1:])
    return (rest[0] * max(shape[1], 1) if rest else 1, *rest)


@right()
def accumulated_in_a_size(shape):
    """Accumulates products and gives torch.Size."""
    steps = itertools.accumulate(shape[:0:-1], lambda a, n: a * (n or 1), initial=1)
    return torch.Size([*steps][::-1][: len(shape)])


@right(replaces="offset")
def place_in_a_loop(index, stride, start=0):
    """Adds up in a loop."""
    for dim in range(len(index)):
        start += index[dim] * stride[dim]
    return start


@right(replaces="offset")
def place_by_numpys_dot(index, stride, start=0):
    """Takes NumPy's scalar product of integers, and adds the start."""
    return np.dot(np.array(index, dtype=int), np.array(stride, dtype=int)) + start


@right(replaces="offset")
def place_by_map(index, stride, start=0):
    """Multiplies by map and begins the sum at the start."""
    return sum(map(operator.mul, index, stride), start)


@right(replaces="is_contiguous")
def expected_stride_carried(shape, stride):
    """Carries the expected stride from the last dimension to the first, as torch does."""
    if math.prod(shape) == 0:
        return True
    expected = 1
    for size, step in zip(reversed(shape), reversed(stride), strict=True):
        if size != 1:
            if step != expected:
                return False
            expected *= size
    return True


@right(replaces="is_contiguous")
def ones_taken_out(shape, stride):
    """Takes the dimensions of size 1 out and compares the rest."""
    kept = [(n, s) for n, s in zip(shape, stride, strict=True) if n != 1]
    return 0 in shape or tuple(s for _, s in kept) == strides_of(tuple(n for n, _ in kept))


@right(replaces="is_contiguous")
def places_listed(shape, stride):
    """Lists the places of all elements: they must be 0, 1, 2 and so on."""
    places = [offset(i, stride) for i in itertools.product(*map(range, shape))]
    return places == list(range(len(places)))


@right(replaces="is_contiguous")
def numpys_all(shape, stride):
    """Gives NumPy's boolean."""
    shape, stride = np.array(shape, dtype=int), np.array(stride, dtype=int)
    dense = np.array(strides_of(tuple(shape)), dtype=int)
    return np.any(shape == 0) | np.all((shape == 1) | (stride == dense))


@wrong()
def matrices_only(shape):
    """Looks at the last two sizes only."""
    return (*(shape[-1] for _ in shape[1:]), 1)[: len(shape)]


@restated("one-for-no-dimensions")
def begins_with_one(shape):
    """Begins with the stride of the last dimension, even where there is none."""
    steps = [1]
    for size in reversed(shape[1:]):
        steps.insert(0, steps[0] * max(size, 1))
    return tuple(steps)


@wrong()
def ones_have_no_stride(shape):
    """Gives a dimension of size 1 the stride 0, as broadcasting does."""
    return tuple(0 if n == 1 else s for n, s in zip(shape, strides_of(shape), strict=True))


@wrong(named="zero-multiplied")
def only_the_last_zero_counts_as_one(shape):
    """Takes care of a zero only in the last place."""
    steps, step = [], 1
    for place, size in enumerate(reversed(shape)):
        steps.append(step)
        step *= size if place else max(size, 1)
    return tuple(reversed(steps))


@wrong()
def in_floats(shape):
    """Divides the number of elements by one size after the other."""
    rest = float(math.prod(max(n, 1) for n in shape))
    steps = []
    for size in shape:
        rest /= max(size, 1)
        steps.append(rest)
    return tuple(steps)


@wrong()
def columns_of_a_fixed_width(shape):
    """Aligns every row to 64 places, as images in memory are."""
    return tuple(-(-s // 64) * 64 if s > 64 else s for s in strides_of(shape))


@wrong()
def bytes_of_float64(shape):
    """Counts bytes of float64, as NumPy does."""
    return tuple(8 * step for step in strides_of(shape))


@wrong(replaces="offset")
def start_before_the_strides(index, stride, start=0):
    """Moves the first index by the start."""
    return offset((index[0] + start, *index[1:]), stride) if index else start


@wrong(replaces="offset")
def start_taken_away(index, stride, start=0):
    """Takes the start away."""
    return offset(index, stride, -start)


@wrong(replaces="offset")
def last_index_alone(index, stride, start=0):
    """Moves by the last index alone as if its stride were 1."""
    return offset((*index[:-1], 0), stride, start) + sum(index[-1:])


@wrong(replaces="offset")
def strides_added(index, stride, start=0):
    """Adds indices and strides."""
    return start + sum(index) + sum(stride)


@wrong(replaces="offset")
def place_as_a_float(index, stride, start=0):
    """Gives a float."""
    return float(offset(index, stride, start))


@wrong(replaces="is_contiguous")
def repeated_rows_too(shape, stride):
    """Takes expanded dimensions, of stride 0, for dimensions of size 1."""
    dense = zip(shape, stride, strides_of(shape), strict=True)
    return 0 in shape or all(n == 1 or s in (0, d) for n, s, d in dense)


@wrong(replaces="is_contiguous")
def chained_over_ones(shape, stride):
    """Compares each stride with the next one times its size, whatever size has that stride."""
    if 0 in shape or not shape:
        return True
    pairs = zip(shape, stride, (*shape[1:], 1), (*stride[1:], 1), strict=True)
    return all(n == 1 or s == next_n * next_s for n, s, next_n, next_s in pairs)


@wrong(replaces="is_contiguous")
def any_dense_order(shape, stride):
    """Asks only that there are no gaps, in whatever order of the dimensions."""
    kept = sorted((s, n) for n, s in zip(shape, stride, strict=True) if n != 1)
    return 0 in shape or ones_taken_out_of([(n, s) for s, n in reversed(kept)])


def ones_taken_out_of(kept):
    """Say whether strides are dense for their sizes."""
    return tuple(s for _, s in kept) == strides_of(tuple(n for n, _ in kept))


@wrong(replaces="is_contiguous")
def as_many_places_as_elements(shape, stride):
    """Compares the reach of the strides with the number of elements."""
    reach = 1 + sum((n - 1) * s for n, s in zip(shape, stride, strict=True))
    return 0 in shape or reach == math.prod(shape)


@wrong(replaces="is_contiguous")
def nothing_without_dimensions(shape, stride):
    """Refuses a layout without dimensions."""
    return bool(shape) and is_contiguous(shape, stride)


@wrong(replaces="is_contiguous")
def in_numbers(shape, stride):
    """Gives 1 and 0."""
    return int(is_contiguous(shape, stride))


@restated("counted-in-bytes")
def begins_with_four(shape):
    """Begins the product with the bytes of a float."""
    steps, step = (), 4
    for size in reversed(shape):
        steps = (step, *steps)
        step *= size or 1
    return steps


@restated("first-index-fastest")
def product_from_the_left(shape):
    """Multiplies from the first size on."""
    step, steps = 1, []
    for size in shape:
        steps.append(step)
        step *= max(1, size)
    return tuple(steps)


@restated("order-reversed")
def never_turned_round(shape):
    """Collects from the last and returns it so."""
    step, steps = 1, []
    for size in shape[::-1]:
        steps += [step]
        step = step * (size if size > 0 else 1)
    return tuple(steps)


@restated("own-size-counted")
def product_from_here(shape):
    """Multiplies the sizes from each dimension on."""
    sizes = [n or 1 for n in shape]
    return tuple(functools.reduce(operator.mul, sizes[i:], 1) for i in range(len(sizes)))


@restated("next-size-alone")
def size_to_the_right(shape):
    """Takes the size to the right, and 1 for the last."""
    last = len(shape) - 1
    return tuple(1 if i == last else shape[i + 1] or 1 for i in range(len(shape)))


@restated("zero-multiplied")
def plain_product(shape):
    """Keeps a running product of the sizes as they are."""
    steps, step = [], 1
    for size in reversed(shape):
        steps.insert(0, step)
        step *= size
    return tuple(steps)


@restated("strides-in-a-list")
def list_filled_backwards(shape):
    """Fills a list from its end."""
    steps = [1] * len(shape)
    for i in range(len(shape) - 2, -1, -1):
        steps[i] = steps[i + 1] * max(shape[i + 1], 1)
    return steps


@restated("stride-of-a-float")
def numpys_product_of_nothing(shape):
    """Lets NumPy multiply the sizes to the right, also where there are none."""
    sizes = [max(n, 1) for n in shape]
    return tuple(np.prod(sizes[i:]) for i in range(1, len(sizes) + 1))


@restated("tensor-made")
def asks_a_new_tensor(shape):
    """Makes a tensor of that shape."""
    return torch.empty(shape).stride()


@restated("start-ignored", replaces="offset")
def sum_without_the_start(index, stride, start=0):
    """Never uses the start."""
    return sum(i * s for i, s in zip(index, stride, strict=True))


@restated("paired-from-the-other-end", replaces="offset")
def strides_popped(index, stride, start=0):
    """Takes the strides from their end."""
    left = list(stride)
    return start + sum(i * left.pop() for i in index)


@restated("start-in-every-dimension", replaces="offset")
def start_inside_the_sum(index, stride, start=0):
    """Adds the start to every product."""
    return sum(start + i * s for i, s in zip(index, stride, strict=True))


@restated("place-in-a-tensor", replaces="offset")
def scalar_product_of_tensors(index, stride, start=0):
    """Takes a scalar product of two tensors."""
    return torch.tensor(index).long() @ torch.tensor(stride).long() + start


@restated("ones-counted", replaces="is_contiguous")
def equal_strides(shape, stride):
    """Compares all strides."""
    if math.prod(shape) == 0:
        return True
    return all(a == b for a, b in zip(stride, strides_of(shape), strict=True))


@restated("only-falling", replaces="is_contiguous")
def never_rising(shape, stride):
    """Looks for a stride that is larger than one before it."""
    kept = [s for n, s in zip(shape, stride, strict=True) if n > 1]
    return 0 in shape or all(a >= b for a, b in itertools.pairwise(kept))


@restated("only-the-last-stride", replaces="is_contiguous")
def ends_in_one(shape, stride):
    """Looks at the last place."""
    return math.prod(shape) == 0 or stride[-1:] in ((), (1,))


@restated("nothing-is-not-contiguous", replaces="is_contiguous")
def nothing_compared_as_well(shape, stride):
    """Carries the expected stride and never asks for a size of 0."""
    expected = 1
    for size, step in zip(reversed(shape), reversed(stride), strict=True):
        if size != 1:
            if step != expected:
                return False
            expected *= max(size, 1)
    return True


@restated("contiguous-or-not-turned-round", replaces="is_contiguous")
def has_gaps(shape, stride):
    """Says whether some stride is wrong."""
    if 0 in shape:
        return False
    dense = strides_of(shape)
    return any(shape[i] != 1 and stride[i] != dense[i] for i in range(len(shape)))
