"""Other ways to do from_array."""

from __future__ import annotations

import numpy as np
import torch
from m01_tensors import from_array

from autograder.course.marks import restated, right, wrong


@right()
def as_tensor_or_tensor(a, share):
    """Checks both conditions itself and takes as_tensor to share."""
    if share:
        if not a.flags["WRITEABLE"] or min(a.strides, default=0) < 0:
            raise ValueError("not shareable")
        return torch.as_tensor(a)
    return torch.tensor(np.array(a))


@right()
def asarray_with_copy(a, share):
    """Lets torch.asarray decide by its own flag."""
    if not share:
        return torch.asarray(np.ascontiguousarray(a).reshape(a.shape), copy=True)
    if not a.flags.writeable:
        raise ValueError("read-only")
    return torch.asarray(a, copy=False)


@right()
def by_dlpack(a, share):
    """Exchanges the memory through DLPack."""
    if not share:
        return torch.from_dlpack(np.array(a, copy=True, order="C"))
    if not a.flags.writeable or any(s < 0 for s in a.strides):
        raise ValueError("read-only or reversed")
    return torch.from_dlpack(a)


@right()
def filled_from_lists(a, share):
    """Copies through a new tensor that is filled from an array of its own."""
    if share and a.flags.writeable and all(stride >= 0 for stride in a.strides):
        return torch.from_numpy(a)
    if share:
        raise ValueError("this array cannot be shared")
    out = torch.empty(a.shape, dtype=torch.from_numpy(np.empty(0, a.dtype)).dtype)
    out.numpy()[...] = a
    return out


@wrong()
def another_exception(a, share):
    """Raises TypeError for a read-only array."""
    if share and not a.flags.writeable:
        raise TypeError("read-only")
    return from_array(a, share)


@wrong()
def flattened(a, share):
    """Flattens a copy."""
    return from_array(a, share) if share else from_array(a, share).flatten()


@wrong()
def order_of_a_reversed_array_lost(a, share):
    """Drops the sign of negative strides."""
    tensor = from_array(a, share)
    return tensor if share or not tensor.ndim else tensor.sort(-1).values


@wrong()
def transposed(a, share):
    """Exchanges the dimensions of a matrix."""
    tensor = from_array(a, share)
    return tensor.T if tensor.ndim == 2 else tensor


@wrong()
def floats_only(a, share):
    """Makes floats of ints where it copies."""
    tensor = from_array(a, share)
    return tensor if share else tensor.double()


@wrong(named="always-copied")
def cloned(a, share):
    """Clones what is shared."""
    return from_array(a, share).clone()


@wrong()
def array_locked(a, share):
    """Locks the caller's array after a copy."""
    tensor = from_array(a, share)
    if not share:
        a.flags.writeable = False
    return tensor


@wrong()
def only_the_first_axis_is_looked_at(a, share):
    """Copies where another axis than the first is reversed."""
    if share and a.ndim and min(a.strides) < 0:
        a = a.copy()
    return from_array(a, share)


@wrong()
def zeroed(a, share):
    """Leaves zeros in the array that was copied."""
    tensor = from_array(a, share)
    if not share and a.flags.writeable:
        a[...] = 0
    return tensor


@restated("always-copied")
def always_tensor(a, share):
    """Calls torch.tensor in the end."""
    if share and (not a.flags.writeable or any(s < 0 for s in a.strides)):
        raise ValueError("no")
    return torch.tensor(np.array(a))


@restated("always-shared")
def from_numpy_wherever_possible(a, share):
    """Copies only what cannot be shared."""
    if not a.flags.writeable or any(s < 0 for s in a.strides):
        if share:
            raise ValueError("no")
        a = np.array(a)
    return torch.as_tensor(a)


@restated("exchanged")
def flag_the_other_way_round(a, share):
    """Copies where share is True."""
    shareable = a.flags.writeable and all(s >= 0 for s in a.strides)
    if share:
        if not shareable:
            raise ValueError("no")
        return torch.tensor(a.copy())
    return torch.from_numpy(a if shareable else a.copy())


@restated("read-only-shared")
def flags_not_looked_at(a, share):
    """Leaves all to torch."""
    if share:
        return torch.as_tensor(a)
    return torch.tensor(np.array(a))


@restated("copied-in-place-of-a-refusal")
def copied_if_need_be(a, share):
    """Copies what torch cannot take."""
    if not share or not a.flags.writeable or any(s < 0 for s in a.strides):
        a = a.copy()
    return torch.from_numpy(a)


@restated("read-only-unlocked")
def flag_set(a, share):
    """Sets the flag in every case."""
    a.setflags(write=True)
    return torch.from_numpy(a) if share else torch.from_numpy(a.copy())


@restated("made-contiguous")
def ascontiguous(a, share):
    """Calls ascontiguousarray before it shares."""
    if not share:
        return torch.from_numpy(a.copy())
    if not a.flags.writeable or any(s < 0 for s in a.strides):
        raise ValueError("no")
    return torch.from_numpy(np.ascontiguousarray(a))


@restated("made-float")
def float_tensor(a, share):
    """Converts with to."""
    if not share:
        return torch.tensor(a.astype(np.float32))
    if not a.flags.writeable:
        raise ValueError("no")
    return torch.from_numpy(a).to(torch.float32)


@restated("copy-refused")
def flag_first(a, share):
    """Asks for the flag before anything else."""
    if a.flags.writeable is False:
        raise ValueError("no")
    return torch.from_numpy(a) if share else torch.from_numpy(a.copy())


@restated("reversed-not-copied")
def tensor_of_the_array(a, share):
    """Clones what from_numpy makes."""
    if share and not a.flags.writeable:
        raise ValueError("no")
    return torch.tensor(a) if not share else torch.from_numpy(a)


@restated("error-returned")
def exception_as_a_value(a, share):
    """Returns an instance of the class."""
    if not share:
        return torch.from_numpy(a.copy())
    if a.flags.writeable and all(s >= 0 for s in a.strides):
        return torch.from_numpy(a)
    return ValueError("read-only, or a negative stride")
