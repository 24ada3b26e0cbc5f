"""Mistakes of footprint."""

from __future__ import annotations

import sys
from typing import Any

import torch
from m01_tensors import footprint
from torch import Tensor

from autograder.course.marks import mistake


@mistake("four-bytes-each", asks="tb.3")
def four_bytes_each(t: Tensor) -> tuple[int, int]:
    """You count 4 bytes for every element, as float32 takes them. A float64 takes twice that, a
    float16 half, a bool one byte. The dtype decides; ask the tensor how large an element is."""
    return t.numel() * 4, footprint(t)[1]


@mistake("eight-bytes-each", asks="lr.41")
def eight_bytes_each(t: Tensor) -> tuple[int, int]:
    """You count 8 bytes for every element, as float64 and Python's own floats take them. torch's
    default, float32, is half as large, which is one reason for it. Ask the tensor how large an
    element is."""
    return t.numel() * 8, footprint(t)[1]


@mistake("elements-counted", asks="tb.3")
def elements_counted(t: Tensor) -> tuple[int, int]:
    """Your first number is how many elements there are, not how many bytes they take. An element
    has as many bytes as its dtype says. Look for what numel() has to be multiplied by."""
    return t.numel(), footprint(t)[1]


@mistake("bits-for-bytes", asks="tb.3")
def bits_for_bytes(t: Tensor) -> tuple[int, int]:
    """Your first number is counted in bits: it is eight times the bytes. The 32 in float32 are
    bits, and 8 bits are a byte. Look at the size that you take for one element."""
    return footprint(t)[0] * 8, footprint(t)[1]


@mistake("storage-for-both")
def storage_for_both(t: Tensor) -> tuple[int, int]:
    """Both of your numbers are the size of the storage. A slice shows only a part of its storage,
    and an expanded tensor more elements than are stored. Count the first number from the shape and
    the dtype."""
    return footprint(t)[1], footprint(t)[1]


@mistake("elements-for-both")
def elements_for_both(t: Tensor) -> tuple[int, int]:
    """Both of your numbers are the bytes of the elements. Even a small slice keeps the whole
    storage alive, and an expanded tensor stores fewer elements than its shape counts. Ask the
    storage itself."""
    return footprint(t)[0], footprint(t)[0]


@mistake("storage-of-a-copy")
def storage_of_a_copy(t: Tensor) -> tuple[int, int]:
    """You measured the storage of a contiguous copy. It holds what the shape shows and no more; the
    memory that t itself keeps alive can be far larger, or smaller where t is expanded. Ask t's own
    storage."""
    return footprint(t)[0], t.contiguous().untyped_storage().nbytes()


@mistake("storage-in-elements")
def storage_in_elements(t: Tensor) -> tuple[int, int]:
    """Your second number is how many elements fit into the storage, not how many bytes it has. An
    element has as many bytes as its dtype says; the bare storage knows no dtype and counts
    bytes."""
    return footprint(t)[0], footprint(t)[1] // t.element_size()


@mistake("stored-once")
def stored_once(t: Tensor) -> tuple[int, int]:
    """Your first number counts only what is stored where t is expanded. The task counts every
    element that the shape promises, though many of them lie in the same place. What is really there
    is the second number."""
    return min(footprint(t)), footprint(t)[1]


@mistake("span-of-the-strides")
def span_of_the_strides(t: Tensor) -> tuple[int, int]:
    """Your second number reaches from the first element of t to its last one. The storage may begin
    before and go on behind: a slice keeps all of it alive. Ask the storage for its size."""
    if not t.numel():
        return footprint(t)[0], 0
    steps = sum((size - 1) * stride for size, stride in zip(t.shape, t.stride(), strict=True))
    return footprint(t)[0], (steps + 1) * t.element_size()


@mistake("python-object")
def python_object(t: Tensor) -> tuple[int, int]:
    """You asked Python for the size of an object. sys.getsizeof counts the object itself too, its
    head of some dozen bytes, and for a tensor knows nothing of dtype and views. torch can tell both
    numbers."""
    return sys.getsizeof(t), sys.getsizeof(t.untyped_storage())


@mistake("rows-counted")
def rows_counted(t: Tensor) -> tuple[int, int]:
    """You took len for the number of elements. It is the size of the first dimension alone, so of a
    matrix you counted the rows. Look for the number of all elements."""
    rows = len(t) if t.ndim else 1
    return rows * t.element_size(), footprint(t)[1]


@mistake("exchanged")
def exchanged(t: Tensor) -> tuple[int, int]:
    """Your two numbers are exchanged. The first is for the elements, the second for the storage
    behind them. Look at the order in which you return them."""
    elements, storage = footprint(t)
    return storage, elements


@mistake("tensors")
def tensors(t: Tensor) -> Any:
    """Your numbers are tensors. A number of bytes says something about a tensor and is a plain int,
    which can be compared and printed as it is. Look at what you return."""
    return tuple(torch.tensor(number) for number in footprint(t))


@mistake("floats")
def floats(t: Tensor) -> Any:
    """Your numbers are floats. Bytes are counted, so the task asks for ints, and one / makes a
    float of any two of them. Look at where you divide or convert."""
    return tuple(float(number) for number in footprint(t))
