"""Other ways to do from_array."""

from __future__ import annotations

import numpy as np
import torch
from m01_tensors import from_array

from autograder.course.marks import restated, right, wrong


@right()
def tensor_of_an_ordered_copy(a, share):
    """Copies by torch.tensor, after NumPy has laid the numbers out in one piece."""
    if share:
        if not a.flags["WRITEABLE"] or any(s < 0 for s in a.strides):
            raise ValueError("this array cannot be shared")
        return torch.as_tensor(a)
    return torch.tensor(np.ascontiguousarray(a).reshape(a.shape))


@right()
def torch_refuses_negative_strides(a, share):
    """Lets from_numpy raise where a stride is negative, and clones what is to be a copy."""
    if share:
        if a.flags.writeable:
            return torch.from_numpy(a)
        raise ValueError("read-only")
    return torch.from_numpy(np.array(a, copy=True, order="C"))


@right()
def shared_then_cloned(a, share):
    """Makes every array fit to be shared, and clones in the end unless it is to be shared."""
    fits = a.flags.writeable and all(stride >= 0 for stride in a.strides)
    if share and not fits:
        raise ValueError
    tensor = torch.from_numpy(a if fits else a.copy())
    return tensor if share else tensor.clone()


@right()
def filled_entry_by_entry(a, share):
    """Copies into an empty tensor of the same dtype."""
    if share:
        if min((1, *a.strides)) < 0:
            raise ValueError("negative stride")
        if a.flags.writeable is False:
            raise ValueError("not writable")
        return torch.from_numpy(a)
    like = torch.from_numpy(np.empty(0, a.dtype)).dtype
    made = torch.empty(a.shape, dtype=like)
    for place in np.ndindex(a.shape):
        made[place] = a[place].item()
    return made


@wrong()
def float64(a, share):
    """Makes every tensor float64."""
    return from_array(a, share).double()


@wrong()
def turned(a, share):
    """Returns the axes in the opposite order."""
    tensor = from_array(a, share)
    return tensor.permute(*reversed(range(tensor.dim())))


@wrong()
def no_scalars(a, share):
    """Gives a scalar a dimension."""
    return torch.atleast_1d(from_array(a, share))


@wrong(named="read-only-never")
def no_parts(a, share):
    """Refuses whatever owns no memory."""
    if a.base is not None and not a.flags.writeable:
        raise ValueError("a view")
    return from_array(a, share)


@wrong()
def ones_zeroed(a, share):
    """Clears the array after copying it."""
    tensor = from_array(a, share)
    if not share and a.flags.writeable:
        a[...] = 0
    return tensor


@wrong()
def another_exception(a, share):
    """Raises TypeError where sharing is refused."""
    try:
        return from_array(a, share)
    except ValueError as error:
        raise TypeError("cannot") from error


@wrong()
def an_array(a, share):
    """Returns an array."""
    return from_array(a, share).numpy()


@restated("always-copied")
def torch_tensor_only(a, share):
    """Calls torch.tensor on whatever may be shared or copied."""
    if share and (not a.flags.writeable or any(s < 0 for s in a.strides)):
        raise ValueError("cannot be shared")
    return torch.tensor(a.copy())


@restated("always-shared")
def as_tensor_only(a, share):
    """Calls as_tensor on whatever can be shared."""
    if all(s >= 0 for s in a.strides) and a.flags.writeable:
        return torch.as_tensor(a)
    if share:
        raise ValueError("cannot be shared")
    return torch.as_tensor(np.array(a))


@restated("share-swapped")
def the_wrong_branch(a, share):
    """Takes the branches the wrong way round."""
    bad = not a.flags.writeable or any(s < 0 for s in a.strides)
    if share:
        if bad:
            raise ValueError("cannot be shared")
        return torch.from_numpy(np.array(a))
    return torch.from_numpy(np.array(a) if bad else a)


@restated("float32")
def the_old_constructor(a, share):
    """Makes a tensor of float32."""
    if share and (not a.flags.writeable or any(s < 0 for s in a.strides)):
        raise ValueError("cannot be shared")
    return torch.tensor(np.array(a), dtype=torch.float32)


@restated("converted-after")
def to_float32_in_the_end(a, share):
    """Converts what was shared or copied."""
    if share and (not a.flags.writeable or any(s < 0 for s in a.strides)):
        raise ValueError("cannot be shared")
    return torch.from_numpy(a if share else a.copy()).to(torch.float32)


@restated("through-lists")
def numbers_of_python(a, share):
    """Hands torch a nested list."""
    if share and (not a.flags.writeable or any(s < 0 for s in a.strides)):
        raise ValueError("cannot be shared")
    numbers = a.tolist()
    return torch.tensor(numbers)


@restated("read-only-shared")
def from_numpy_alone(a, share):
    """Leaves all refusing to from_numpy."""
    return torch.from_numpy(a) if share else torch.from_numpy(a.copy())


@restated("read-only-copied")
def required_to_be_writable(a, share):
    """Lets NumPy copy what is not writable."""
    if not share:
        return torch.tensor(a.copy())
    return torch.from_numpy(np.require(a, requirements="W"))


@restated("reversed-copied")
def strides_made_positive(a, share):
    """Copies what has a negative stride."""
    if share and not a.flags.writeable:
        raise ValueError("read-only")
    if any(s < 0 for s in a.strides) or not share:
        a = a.copy()
    return torch.from_numpy(a)


@restated("made-contiguous")
def contiguous_before(a, share):
    """Calls ascontiguousarray before sharing."""
    if share and (not a.flags.writeable or any(s < 0 for s in a.strides)):
        raise ValueError("cannot be shared")
    return torch.from_numpy(np.ascontiguousarray(a).reshape(a.shape) if share else a.copy())


@restated("made-writable")
def flag_set(a, share):
    """Sets the flag before it looks."""
    if not share:
        return torch.from_numpy(a.copy())
    a.setflags(write=True)
    if any(s < 0 for s in a.strides):
        raise ValueError("negative stride")
    return torch.from_numpy(a)


@restated("read-only-never")
def asked_first(a, share):
    """Asks for the flag before it asks for share."""
    if a.flags.writeable:
        if not share:
            return torch.from_numpy(a.copy())
        if all(s >= 0 for s in a.strides):
            return torch.from_numpy(a)
    raise ValueError("cannot be shared")


@restated("error-returned")
def errors_as_values(a, share):
    """Returns the exceptions."""
    if not share:
        return torch.tensor(a.copy())
    if not a.flags.writeable or any(s < 0 for s in a.strides):
        return ValueError("cannot be shared")
    return torch.from_numpy(a)


@restated("flattened")
def raveled(a, share):
    """Views the tensor as a vector."""
    if not share:
        return torch.from_numpy(a.copy()).flatten()
    if not a.flags.writeable or any(s < 0 for s in a.strides):
        raise ValueError("cannot be shared")
    return torch.from_numpy(a).reshape(a.size)
