"""Mistakes of from_array."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import torch
from m01_tensors import from_array
from torch import Tensor

from autograder.course.marks import mistake

Array: TypeAlias = "np.ndarray[Any, Any]"


@mistake("always-copied", asks="tb.6")
def always_copied(a: Array, share: bool) -> Tensor:
    """Your tensor has memory of its own also where it is to share the array's: torch.tensor and
    copy() always copy. What is written into one of the two then never reaches the other. Look for
    the function that only looks at the array's memory."""
    from_array(a, share)
    return from_array(a, False)


@mistake("always-shared", asks="tb.6")
def always_shared(a: Array, share: bool) -> Tensor:
    """Your tensor uses the array's memory also where it is to have its own: from_numpy and
    as_tensor never copy. Whoever goes on working with the array then changes the tensor without
    knowing. Copy before you hand the array over."""
    if share:
        return from_array(a, share)
    cannot = not a.flags.writeable or min(a.strides, default=0) < 0
    return from_array(a.copy() if cannot else a, True)


@mistake("share-swapped")
def share_swapped(a: Array, share: bool) -> Tensor:
    """You share where a copy is wanted, and copy where sharing is wanted. Look at which way you go
    when share is True."""
    from_array(a, share)
    cannot = not a.flags.writeable or min(a.strides, default=0) < 0
    return from_array(a.copy() if cannot else a, not share)


@mistake("float32", asks="tb.6")
def float32(a: Array, share: bool) -> Tensor:
    """Your tensor is float32 whatever the array holds. A change of dtype always copies, so the two
    no longer share memory, and the digits of float64 are lost. Look for float(), torch.Tensor or a
    dtype that you name."""
    tensor = from_array(a, share)
    return tensor.clone() if tensor.dtype == torch.float32 else tensor.float()


@mistake("converted-after")
def converted_after(a: Array, share: bool) -> Tensor:
    """You convert the tensor to float32 at the end. Arrays of float32 stay shared, since nothing
    has to be done for them; all others are copied, and lose digits or become floats. The dtype is
    to stay as it is."""
    return from_array(a, share).float()


@mistake("through-lists")
def through_lists(a: Array, share: bool) -> Tensor:
    """You made Python lists of the numbers. The dtype is forgotten on the way: floats come back as
    float32 and ints as int64. And nothing is shared with a list. Hand the array itself to torch."""
    from_array(a, share)
    return torch.tensor(a.tolist())


@mistake("read-only-shared")
def read_only_shared(a: Array, share: bool) -> Tensor:
    """You share read-only arrays, too. torch has no read-only tensors: it warns once, and then
    writes into numbers that somebody meant to protect. Refuse such an array with a ValueError when
    it is to be shared."""
    return from_array(a, share) if a.flags.writeable or not share else torch.from_numpy(a)


@mistake("read-only-copied")
def read_only_copied(a: Array, share: bool) -> Tensor:
    """Where a read-only array is to be shared, you quietly copy it. The caller believes that both
    use the same memory, and waits for changes that never come. Raise a ValueError."""
    return from_array(a, share and a.flags.writeable)


@mistake("reversed-copied")
def reversed_copied(a: Array, share: bool) -> Tensor:
    """Where an array with a negative stride is to be shared, you quietly copy it. The caller
    believes that both use the same memory, and waits for changes that never come. Raise a
    ValueError."""
    return from_array(a, share and min(a.strides, default=0) >= 0)


@mistake("made-contiguous", asks="tb.6")
def made_contiguous(a: Array, share: bool) -> Tensor:
    """You bring the array into one piece before you share it. That copies every part of a larger
    array, such as each second row or the columns turned, so nothing is shared with it. torch can
    use such strides as they are."""
    tensor = from_array(a, share)
    return tensor if a.flags.c_contiguous else tensor.clone()


@mistake("made-writable")
def made_writable(a: Array, share: bool) -> Tensor:
    """You make the caller's array writable. Whoever made it read-only wanted its numbers protected,
    and is not asked. Leave the array as it is, and refuse to share it with a ValueError."""
    if not a.flags.writeable and share:
        a.flags.writeable = True
    return from_array(a, share)


@mistake("read-only-never")
def read_only_never(a: Array, share: bool) -> Tensor:
    """You refuse read-only arrays also where nothing is to be shared. A copy has memory of its own,
    so nothing protected can be written to. Ask first whether sharing is wanted at all."""
    if not a.flags.writeable:
        raise ValueError("read-only")
    return from_array(a, share)


@mistake("error-returned")
def error_returned(a: Array, share: bool) -> Any:
    """You make a ValueError and return it: for Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised."""
    try:
        return from_array(a, share)
    except ValueError as error:
        return error


@mistake("flattened")
def flattened(a: Array, share: bool) -> Tensor:
    """Your tensor is a vector of all numbers. The array's rows and columns are gone, and the caller
    wanted the same shape. Look for ravel, flatten, reshape(-1)."""
    return from_array(a, share).reshape(-1)
