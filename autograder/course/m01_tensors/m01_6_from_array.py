"""Mistakes of from_array."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from m01_tensors import from_array
from torch import Tensor

from autograder.course.marks import mistake

Numbers = np.ndarray[Any, Any]


@mistake("always-copied", asks="tb.6")
def always_copied(a: Numbers, share: bool) -> Tensor:
    """You copy the numbers also where they are to be shared. What is written into the array later
    is not seen in the tensor, and a large table is in memory twice. torch.tensor always copies;
    look for the function that does not."""
    if share:
        from_array(a, share)
    return torch.tensor(a.copy())


@mistake("always-shared", asks="tb.6")
def always_shared(a: Numbers, share: bool) -> Tensor:
    """You share the memory also where a copy is asked for. Whoever goes on working on the array
    then changes the tensor, without a word. Look at what happens where share is False."""
    if a.flags.writeable and not any(stride < 0 for stride in a.strides):
        return torch.from_numpy(a)
    return from_array(a, share)


@mistake("exchanged", asks="tb.6")
def exchanged(a: Numbers, share: bool) -> Tensor:
    """You copy where the memory is to be shared, and share where a copy is asked for. Of torch's
    two functions one looks at the array's own memory, and the other one copies. Look at which is
    which."""
    if a.flags.writeable and not any(stride < 0 for stride in a.strides):
        return from_array(a, not share)
    return from_array(a, share)


@mistake("read-only-shared")
def read_only_shared(a: Numbers, share: bool) -> Tensor:
    """You share a read-only array. torch only warns, once, and then lets everybody write into the
    tensor: numbers that were to be protected change. Look at the array's flags first, and raise a
    ValueError."""
    return torch.from_numpy(a) if share else torch.from_numpy(a.copy())


@mistake("copied-in-place-of-a-refusal")
def copied_in_place_of_a_refusal(a: Numbers, share: bool) -> Tensor:
    """Where an array cannot be shared, you copy it and say nothing. The caller counts on shared
    memory, writes into one side, and wonders why the other one stays as it was. Raise a
    ValueError."""
    possible = a.flags.writeable and all(stride >= 0 for stride in a.strides)
    return from_array(a, share and bool(possible))


@mistake("read-only-unlocked")
def read_only_unlocked(a: Numbers, share: bool) -> Tensor:
    """You made a read-only array writeable to share it. Somebody had locked it on purpose, and now
    its numbers can be changed by anybody. Leave the flags of the caller's array alone, and raise a
    ValueError."""
    if not a.flags.writeable:
        a.flags.writeable = True
    return from_array(a, share)


@mistake("made-contiguous")
def made_contiguous(a: Numbers, share: bool) -> Tensor:
    """You make the array contiguous before you share it. Where it is not, such as a transposed one
    or every second row, that copies it, and the tensor no longer follows. A tensor can have any
    positive strides."""
    contiguous = a.flags.c_contiguous or not a.flags.writeable or any(s < 0 for s in a.strides)
    return from_array(a, share and bool(contiguous))


@mistake("made-float", asks="tb.6")
def made_float(a: Numbers, share: bool) -> Tensor:
    """Your tensor is float32 whatever the array holds. A conversion writes new numbers elsewhere,
    so the memory is no longer shared, and digits of float64 are lost. Keep the array's dtype."""
    return from_array(a, share).float()


@mistake("copy-refused")
def copy_refused(a: Numbers, share: bool) -> Tensor:
    """You refuse read-only arrays also where a copy is asked for. A copy touches nothing of the
    array: whoever may only read it may well copy it. Look at when the flag is asked for."""
    if not a.flags.writeable:
        raise ValueError("read-only")
    return from_array(a, share)


@mistake("reversed-not-copied")
def reversed_not_copied(a: Numbers, share: bool) -> Tensor:
    """You hand a reversed array to torch as it is, to copy it. No function of torch reads negative
    strides, not even one that copies. NumPy can copy it before, into an array that torch takes."""
    return from_array(a, share) if share else torch.tensor(a)


@mistake("error-returned")
def error_returned(a: Numbers, share: bool) -> Any:
    """You make a ValueError and return it: for Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised."""
    if share and (not a.flags.writeable or any(stride < 0 for stride in a.strides)):
        return ValueError("cannot be shared")
    return from_array(a, share)
