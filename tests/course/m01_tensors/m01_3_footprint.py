"""Other ways to do footprint."""

from __future__ import annotations

import math
import sys

import numpy as np
import torch
from m01_tensors import footprint

from autograder.course.marks import restated, right, wrong


@right()
def its_own_nbytes(t):
    """Asks the tensor and its storage for nbytes and size."""
    return t.nbytes, t.untyped_storage().size()


@right()
def product_of_the_sizes(t):
    """Multiplies the sizes, and asks the dtype for the bytes of one element."""
    count = 1
    for size in t.shape:
        count *= size
    return t.dtype.itemsize * count, len(t.untyped_storage())


@right()
def as_a_typed_storage(t):
    """Counts the elements of the storage and multiplies by their size."""
    whole = torch.empty(0, dtype=t.dtype, device=t.device).set_(t.untyped_storage())
    return math.prod(t.size()) * t.element_size(), whole.numel() * whole.element_size()


@right()
def with_numpys_integers(t):
    """Gives NumPy's integers."""
    count = np.prod(t.shape, dtype=np.int64)
    return count * np.int64(t.itemsize), np.int64(t.untyped_storage().nbytes())


@right()
def flattened_and_counted(t):
    """Counts the elements of the flat tensor."""
    return len(t.flatten()) * t.element_size(), int(t.untyped_storage().nbytes())


@wrong()
def complex_as_one_half(t):
    """Counts the real part of a complex number only."""
    elements, storage = footprint(t)
    return (elements // 2 if t.is_complex() else elements), storage


@wrong(asks="tb.3")
def bools_as_bits(t):
    """Packs eight bools into a byte."""
    elements, storage = footprint(t)
    return (math.ceil(elements / 8) if t.dtype == torch.bool else elements), storage


@wrong()
def at_least_one_element(t):
    """Counts an element where there is none."""
    elements, storage = footprint(t)
    return max(elements, t.element_size()), storage


@wrong()
def storage_from_the_offset_on(t):
    """Leaves out what lies before the first element."""
    elements, storage = footprint(t)
    return elements, storage - t.storage_offset() * t.element_size()


@wrong()
def storage_up_to_the_end(t):
    """Leaves out what lies behind the last element."""
    steps = sum((size - 1) * stride for size, stride in zip(t.shape, t.stride(), strict=True))
    return footprint(t)[0], (t.storage_offset() + steps + 1) * t.element_size()


@wrong(named="storage-for-both")
def base_of_a_view(t):
    """Measures the tensor that is viewed, and not its storage, in elements of the view."""
    base = t._base if t._base is not None else t
    return footprint(base)[0], footprint(t)[1]


@wrong()
def both_added(t):
    """Adds the storage to the elements."""
    elements, storage = footprint(t)
    return elements + storage, storage


@wrong()
def kilobytes(t):
    """Counts in kilobytes."""
    elements, storage = footprint(t)
    return elements // 1024, storage // 1024


@wrong()
def storage_shrunk(t):
    """Resizes the caller's tensor to nothing."""
    numbers = footprint(t)
    t.resize_(0)
    return numbers


@wrong(named="elements-counted, storage-in-elements")
def first_draft(t):
    """Counts elements in both numbers."""
    return t.numel(), t.untyped_storage().nbytes() // t.element_size()


@restated("four-bytes-each")
def bytes_of_the_default(t):
    """Takes the size of torch's default dtype."""
    return t.numel() * torch.get_default_dtype().itemsize, t.untyped_storage().nbytes()


@restated("eight-bytes-each")
def bytes_of_a_python_float(t):
    """Takes the size of NumPy's float64."""
    return math.prod(t.shape) * np.dtype(float).itemsize, t.untyped_storage().nbytes()


@restated("elements-counted")
def number_of_elements(t):
    """Multiplies the sizes."""
    return math.prod(t.shape), t.untyped_storage().nbytes()


@restated("bits-for-bytes")
def eight_to_a_byte(t):
    """Multiplies by 8."""
    return t.numel() * t.element_size() * 8, t.untyped_storage().nbytes()


@restated("storage-for-both")
def storage_twice(t):
    """Asks the storage once."""
    size = t.untyped_storage().nbytes()
    return size, size


@restated("elements-for-both")
def nbytes_twice(t):
    """Takes nbytes of the tensor for both."""
    return t.nbytes, t.nbytes


@restated("storage-of-a-copy")
def reshaped_storage(t):
    """Makes the tensor contiguous first."""
    t = t.contiguous()
    return t.numel() * t.element_size(), t.untyped_storage().nbytes()


@restated("storage-in-elements")
def places_in_the_storage(t):
    """Divides the bytes of the storage by those of an element."""
    return t.nbytes, int(t.untyped_storage().nbytes() / t.itemsize)


@restated("stored-once")
def at_most_the_storage(t):
    """Counts no more than the storage holds."""
    size = t.untyped_storage().nbytes()
    return (t.nbytes if t.nbytes < size else size), size


@restated("span-of-the-strides")
def last_minus_first(t):
    """Subtracts the addresses of the first and the last element."""
    if t.numel() == 0:
        return 0, 0
    reach = 1
    for size, stride in zip(t.size(), t.stride(), strict=True):
        reach += stride * (size - 1)
    return t.nbytes, reach * t.dtype.itemsize


@restated("python-object")
def sizes_of_objects(t):
    """Asks sys.getsizeof twice."""
    return t.__sizeof__() + sys.getsizeof(t) - t.__sizeof__(), sys.getsizeof(t.untyped_storage())


@restated("rows-counted")
def first_size(t):
    """Takes the first size."""
    first = t.shape[0] if t.shape else 1
    return first * t.element_size(), t.untyped_storage().nbytes()


@restated("exchanged")
def storage_first(t):
    """Returns the storage first."""
    return t.untyped_storage().nbytes(), t.nbytes


@restated("tensors")
def numbers_in_tensors(t):
    """Wraps both numbers."""
    return torch.as_tensor(t.nbytes), torch.as_tensor(t.untyped_storage().nbytes())


@restated("floats")
def divided(t):
    """Divides bits by 8."""
    return t.numel() * t.element_size() * 8 / 8, t.untyped_storage().nbytes() / 1
