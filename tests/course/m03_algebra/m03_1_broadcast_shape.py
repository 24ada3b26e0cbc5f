"""Other ways to do broadcast_shape."""

from __future__ import annotations

import functools
from itertools import zip_longest

import numpy as np
import torch
from m03_algebra import broadcast_shape

from autograder.course.marks import restated, right, wrong


@right()
def padded_in_front(a, b):
    """Fills the shorter shape with ones in front and compares the sizes one by one."""
    n = max(len(a), len(b))
    a = (1,) * (n - len(a)) + tuple(a)
    b = (1,) * (n - len(b)) + tuple(b)
    out = []
    for i in range(n):
        if a[i] == b[i] or b[i] == 1:
            out.append(a[i])
        elif a[i] == 1:
            out.append(b[i])
        else:
            raise ValueError(f"size {i}: {a[i]} and {b[i]}")
    return tuple(out)


@right()
def by_recursion(a, b):
    """Takes the last sizes off until one shape is empty."""
    if not a or not b:
        return a or b
    head, tail = by_recursion(a[:-1], b[:-1]), {a[-1], b[-1]} - {1}
    if len(tail) > 1:
        raise ValueError("sizes differ")
    return (*head, tail.pop() if tail else 1)


@right()
def with_negative_indices(a, b):
    """Counts from the end with negative indices, and gives a torch.Size."""
    sizes = []
    for i in range(-max(len(a), len(b)), 0):
        x = a[i] if -i <= len(a) else 1
        y = b[i] if -i <= len(b) else 1
        if x == 1:
            x = y
        elif y not in (1, x):
            raise ValueError(f"{x} and {y}")
        sizes.append(x)
    return torch.Size(sizes)


@right()
def longer_first(a, b):
    """Writes the shorter shape over the end of the longer one."""
    if len(a) < len(b):
        a, b = b, a
    out = list(a)
    start = len(a) - len(b)
    for k, size in enumerate(b):
        old = out[start + k]
        if old == 1:
            out[start + k] = size
        elif size != 1 and size != old:
            raise ValueError("incompatible")
    return tuple(out)


@right()
def one_expression_per_pair(a, b):
    """Multiplies where a size is 1, since the product is then the other size."""

    def common(pair):
        x, y = pair
        if x != y and x != 1 != y:
            raise ValueError(pair)
        return x if x == y else x * y

    return tuple(map(common, zip_longest(a[::-1], b[::-1], fillvalue=1)))[::-1]


@wrong()
def zeros_refused(a, b):
    """Sizes of 0 are taken for errors."""
    if 0 in (*a, *b):
        raise ValueError("an empty tensor")
    return broadcast_shape(a, b)


@wrong()
def zero_counts_as_missing(a, b):
    """A size of 0 is false, and gives way to every other size."""
    out = []
    for x, y in zip_longest(reversed(a), reversed(b), fillvalue=None):
        if x and y and x != y and 1 not in (x, y):
            raise ValueError("sizes")
        out.append(y if not x or x == 1 else x)
    return tuple(reversed([size or 0 for size in out]))


@wrong()
def zero_fits_everything(a, b):
    """An empty axis fits to every size and stays empty."""
    out = []
    for x, y in zip_longest(reversed(a), reversed(b), fillvalue=1):
        if x != y and x > 1 and y > 1:
            raise ValueError("sizes")
        out.append(0 if 0 in (x, y) else max(x, y))
    return tuple(reversed(out))


@wrong()
def asserted(a, b):
    """Sizes that do not fit raise AssertionError."""
    for x, y in zip(reversed(a), reversed(b), strict=False):
        assert x == y or 1 in (x, y), "sizes differ"
    return broadcast_shape(a, b)


@wrong()
def last_size_only_checked(a, b):
    """Only the last two sizes are compared."""
    if a and b and a[-1] != b[-1] and 1 not in (a[-1], b[-1]):
        raise ValueError("sizes differ")
    pairs = zip_longest(reversed(a), reversed(b), fillvalue=1)
    return tuple(reversed([y if x == 1 else x for x, y in pairs]))


@wrong()
def ones_in_front_dropped(a, b):
    """Sizes of 1 at the front of the result are dropped."""
    shape = list(broadcast_shape(a, b))
    while shape and shape[0] == 1:
        shape.pop(0)
    return tuple(shape)


@wrong()
@functools.cache
def table_of_small_shapes(a, b):
    """Knows shapes of up to two sizes only."""
    return broadcast_shape(a[-2:], b[-2:])


@wrong(named="list, never-refused")
def first_draft(a, b):
    """Two at once: nothing is refused, and a list comes back."""
    pairs = zip_longest(reversed(a), reversed(b), fillvalue=1)
    return [y if x == 1 else x for x, y in pairs][::-1]


@wrong()
def sum_of_ones(a, b):
    """1 and 1 give 2, for the sizes are added and 1 taken off wherever one of them is larger."""
    out = []
    for x, y in zip_longest(reversed(a), reversed(b), fillvalue=1):
        if x != y and 1 not in (x, y):
            raise ValueError
        out.append(x if x == y and x != 1 else x + y - (x != y))
    return tuple(reversed(out))


@restated("aligned-left")
def zipped_from_the_front(a, b):
    """zip_longest goes through the tuples as they are."""
    out = []
    for x, y in zip_longest(a, b, fillvalue=1):
        if not (x == y or x == 1 or y == 1):
            raise ValueError(f"{x} and {y}")
        out.append(y if x == 1 else x)
    return tuple(out)


@restated("larger-size")
def max_after_a_check(a, b):
    """Checks each pair and takes max."""
    n = max(len(a), len(b))
    a, b = (1,) * (n - len(a)) + a, (1,) * (n - len(b)) + b
    if any(x != y and x != 1 and y != 1 for x, y in zip(a, b, strict=True)):
        raise ValueError("sizes differ")
    return tuple(max(x, y) for x, y in zip(a, b, strict=True))


@restated("larger-size-never-refused")
def max_of_each_pair(a, b):
    """max of each pair, and nothing else."""
    return tuple(max(pair) for pair in zip_longest(a[::-1], b[::-1], fillvalue=1))[::-1]


@restated("no-sizes-refused")
def rule_one(a, b):
    """Follows a list of rules whose first one asks for a dimension."""
    if len(a) == 0 or len(b) == 0:
        raise ValueError("rule 1: at least one dimension")
    out = []
    for x, y in zip_longest(reversed(a), reversed(b)):
        if x is not None and y is not None and x != y and x != 1 and y != 1:
            raise ValueError("rule 2")
        out.append(y if x is None or (x == 1 and y is not None) else x)
    return tuple(reversed(out))


@restated("cut-to-the-shorter")
def zip_without_longest(a, b):
    """zip ends with the shorter of the two."""
    out = []
    for x, y in zip(a[::-1], b[::-1], strict=False):
        if x != y and 1 not in (x, y):
            raise ValueError("sizes")
        out.append(y if x == 1 else x)
    return tuple(out[::-1])


@restated("ones-not-stretched")
def suffix_compared(a, b):
    """The shorter shape must be the end of the longer one."""
    long, short = (a, b) if len(a) >= len(b) else (b, a)
    if short and long[-len(short) :] != short:
        raise ValueError("sizes differ")
    return long


@restated("missing-sizes-refused")
def zip_strict(a, b):
    """zip with strict=True raises ValueError by itself."""
    out = []
    for x, y in zip(a, b, strict=True):
        if x != y and x != 1 and y != 1:
            raise ValueError("sizes")
        out.append(y if x == 1 else x)
    return tuple(out)


@restated("multiples-fit")
def divisible(a, b):
    """Sizes fit where one divides the other."""
    out = []
    for x, y in zip_longest(a[::-1], b[::-1], fillvalue=1):
        if x == y or 1 in (x, y):
            out.append(y if x == 1 else x)
        elif x and y and (x % y == 0 or y % x == 0):
            out.append(max(x, y))
        else:
            raise ValueError(f"{x} and {y}")
    return tuple(out[::-1])


@restated("never-refused")
def ones_replaced(a, b):
    """Starts with the padded first shape and replaces its ones."""
    n = max(len(a), len(b))
    out = [1] * (n - len(a)) + list(a)
    padded = [1] * (n - len(b)) + list(b)
    for i in range(n):
        if out[i] == 1:
            out[i] = padded[i]
    return tuple(out)


@restated("error-returned")
def returns_the_error(a, b):
    """return stands where raise should."""
    out = []
    for x, y in zip_longest(a[::-1], b[::-1], fillvalue=1):
        if x != y and x != 1 and y != 1:
            return ValueError("sizes do not fit")
        out.append(y if x == 1 else x)
    return tuple(out[::-1])


@restated("none-returned")
def prints_the_error(a, b):
    """Prints that the sizes do not fit, and ends."""
    out = []
    for x, y in zip_longest(a[::-1], b[::-1], fillvalue=1):
        if x != y and x != 1 and y != 1:
            print("sizes do not fit")
            return None
        out.append(y if x == 1 else x)
    return tuple(out[::-1])


@restated("first-stretched-only")
def a_expanded_to_b(a, b):
    """Asks whether a can be expanded to b, as a.expand would."""
    if len(a) > len(b):
        raise ValueError("a has more dimensions")
    for x, y in zip(reversed(a), reversed(b), strict=False):
        if x not in (1, y):
            raise ValueError("a does not fit")
    return b


@restated("torch-asked")
def shape_of_a_sum(a, b):
    """Adds two tensors and looks at the shape."""
    return (torch.zeros(a) + torch.zeros(b)).shape


@restated("torch-asked-and-its-error-caught")
def numpy_asked(a, b):
    """NumPy's function raises ValueError by itself."""
    return np.broadcast_shapes(a, b)


@restated("left-to-right-reversed")
def built_from_the_right(a, b):
    """Builds the tuple from the right and forgets to turn it."""
    out = []
    for x, y in zip_longest(a[::-1], b[::-1], fillvalue=1):
        if x != y and x != 1 and y != 1:
            raise ValueError("sizes")
        out.append(y if x == 1 else x)
    return tuple(out)


@restated("list")
def list_of_sizes(a, b):
    """Returns the list in which the sizes were collected."""
    n = max(len(a), len(b))
    out = []
    for x, y in zip((1,) * (n - len(a)) + a, (1,) * (n - len(b)) + b, strict=True):
        if x != y and x != 1 and y != 1:
            raise ValueError("sizes")
        out.append(x if y == 1 else y)
    return out


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "pairs = list(zip(a, b, strict=True)) -> pairs = list(zip(b, a, strict=True))": "the order of the two shapes is free",  # noqa: E501
    "length = max(len(a), len(b)) -> length = max(len(b), len(a))": "max does not care about order",
    "pairs = list(zip(a, b, strict=True)) -> pairs = list(zip(a, b))": "both are equally long",
    "pairs = list(zip(a, b, strict=True)) -> pairs = list(zip(a, b, strict=False))": "both are equally long",  # noqa: E501
}
