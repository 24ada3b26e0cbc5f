"""Other ways to do flatten."""

from __future__ import annotations

import itertools

import numpy as np
import torch
from m02_layout import flatten

from autograder.course.marks import restated, right, wrong


@right()
def addresses_compared(t):
    """Reshapes, and compares where both begin."""
    flat = t.reshape(-1)
    return flat, flat.data_ptr() != t.data_ptr()


@right()
def storages_compared(t):
    """Flattens, and compares the storages."""
    flat = t.flatten()
    same = flat.untyped_storage().data_ptr() == t.untyped_storage().data_ptr()
    return flat, not same


@right()
def blocks_counted(t):
    """Finds out by the strides whether all dimensions can be one."""
    kept = [(n, s) for n, s in zip(t.shape, t.stride(), strict=True) if n != 1]
    even = all(s == n2 * s2 for (_, s), (n2, s2) in itertools.pairwise(kept))
    if t.numel() == 0:
        return t.reshape(0), False
    if even:
        return t.as_strided((t.numel(),), (kept[-1][1] if kept else 1,)), False
    return t.contiguous().view(t.numel()), True


@right()
def a_list_of_two(t):
    """Ravels, and asks NumPy whether memory may be shared."""
    flat = t.ravel() if t.dim() else t.view(1)
    if t.is_contiguous():
        return flat, np.bool_(False)
    try:
        return t.view(t.numel()), np.bool_(False)
    except RuntimeError:
        return flat, np.bool_(True)


@right()
def base_of_the_view(t):
    """Asks whether the result is a view of anything."""
    flat = t.reshape(-1)
    return flat, not flat._is_view()


@wrong()
def sizes_of_storages_compared(t):
    """Takes storages of equal size for the same."""
    flat = t.reshape(-1)
    return flat, flat.untyped_storage().nbytes() != t.untyped_storage().nbytes()


@wrong()
def starts_compared(t):
    """Takes an equal start within the storage for the same storage."""
    flat = t.reshape(-1)
    return flat, flat.storage_offset() != t.storage_offset()


@wrong()
def transposes_only(t):
    """Says that a copy was made where the strides rise."""
    return t.reshape(-1), list(t.stride()) != sorted(t.stride(), reverse=True)


@wrong()
def copied_if_nothing(t):
    """Says of an empty tensor that it was copied."""
    flat, copied = flatten(t)
    return flat, copied or t.numel() == 0


@wrong()
def told_in_words(t):
    """Gives words for the second value."""
    flat, copied = flatten(t)
    return flat, "copied" if copied else "view"


@wrong()
def wrong_way_round(t):
    """Gives the flag first."""
    flat, copied = flatten(t)
    return copied, flat


@wrong(named="columns-first")
def sorted_by_memory(t):
    """Reads in the order of memory, without gaps."""
    order = sorted(range(t.dim()), key=lambda d: -t.stride(d))
    return t.permute(order).reshape(-1), False


@wrong(named="always-copied, cut-off")
def from_a_list(t):
    """Goes through a list of numbers."""
    return torch.tensor(t.flatten().tolist(), dtype=t.dtype, device=t.device), True


@wrong()
def resized_in_place(t):
    """Changes the shape of t itself."""
    flat, copied = flatten(t)
    if not copied and not t.requires_grad:
        t.resize_(t.numel())
    return flat, copied


@wrong()
def expanded_copied(t):
    """Copies whatever has a stride of 0."""
    flat, copied = flatten(t)
    return (flat, copied) if all(t.stride()) or copied else (flat.clone(), True)


@wrong()
def no_dimension_kept(t):
    """Leaves a tensor without dimensions as it is."""
    return (t, False) if t.dim() == 0 else flatten(t)


@restated("copied-if-not-contiguous")
def flag_by_layout(t):
    """Flattens, and asks t about its layout."""
    lies_in_one_piece = t.is_contiguous()
    return t.flatten(), not lies_in_one_piece


@restated("contiguous-first")
def dense_or_cloned(t):
    """Clones what is not contiguous."""
    if t.is_contiguous():
        return t.view(-1), False
    return t.contiguous().view(-1), True


@restated("always-copied")
def stacked_numbers(t):
    """Reshapes a clone."""
    return torch.clone(t.reshape(-1)), True


@restated("view-alone")
def view_of_numel(t):
    """Views t with its number of elements."""
    return t.view(t.numel()), False


@restated("copy-never-told")
def flattened_and_false(t):
    """Flattens and says False."""
    flat = torch.flatten(t)
    return flat, False


@restated("copy-always-told")
def identities_compared(t):
    """Compares the identities of tensors."""
    flat = t.reshape(-1)
    return flat, id(flat) != id(t)


@restated("tells-of-a-view")
def same_address(t):
    """Says whether both begin at one address."""
    flat = t.reshape(-1)
    return flat, flat.data_ptr() == t.data_ptr()


@restated("order-in-memory")
def dense_strides(t):
    """Puts one dense dimension on the storage."""
    return torch.as_strided(t, [t.numel()], [1], t.storage_offset()), False


@restated("columns-first")
def fortran_order(t):
    """Reads along the first dimension first."""
    turned = t.permute(*range(t.dim() - 1, -1, -1))
    flat = turned.reshape(-1)
    return flat, flat.data_ptr() != turned.data_ptr()


@restated("rows-kept")
def one_row_per_sample(t):
    """Flattens from the second dimension on."""
    if t.numel() == 0:
        return t.reshape(1, -1), False
    flat = t.flatten(1) if t.dim() > 1 else t.reshape(t.shape[0] if t.dim() else 1, -1)
    return flat, flat.data_ptr() != t.data_ptr()


@restated("result-alone")
def reshaped_alone(t):
    """Returns one tensor."""
    return t.reshape(-1)


@restated("cut-off")
def data_reshaped(t):
    """Reshapes the .data of it."""
    flat = t.data.reshape(-1)
    return flat, flat.data_ptr() != t.data_ptr()


@restated("shape-of-t-kept")
def squeezed(t):
    """Drops sizes of 1."""
    return torch.squeeze(t), False
