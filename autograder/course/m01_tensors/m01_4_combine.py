"""Mistakes of combine."""

from __future__ import annotations

import torch
from m01_tensors import combine
from torch import Tensor

from autograder.course.marks import mistake


@mistake("always-joined", asks="tb.22")
def always_joined(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """You always make an old dimension longer. With new_axis the result should have one dimension
    more, so that an index finds each tensor again. Look at where new_axis is used."""
    return torch.cat(ts, dim)


@mistake("always-stacked", asks="tb.22")
def always_stacked(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """You always make a new dimension. Without new_axis the number of dimensions stays, and the
    sizes along dim add up; these may differ, where a new dimension is not possible. Look at where
    new_axis is used."""
    return torch.stack(ts, dim)


@mistake("exchanged", asks="tb.22")
def exchanged(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """You make a new dimension where none is wanted, and none where one is. Of torch's two
    functions one adds a dimension, and the other one makes a dimension longer. Look at which is
    which."""
    return torch.cat(ts, dim) if new_axis else torch.stack(ts, dim)


@mistake("counted-in-the-old-shape", asks="tb.22")
def counted_in_the_old_shape(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """You counted a negative dim from the end of the old shape, so the new dimension stands one
    place too early. The result has one dimension more, and -1 is the last one of those. Count in
    the result."""
    if new_axis and dim < 0:
        return torch.stack(ts, max(dim + ts[0].ndim, 0))
    return combine(ts, dim, new_axis)


@mistake("stacked-and-reshaped", asks="tb.22")
def stacked_and_reshaped(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """To join, you stacked the tensors and changed the shape. The stack holds them one after the
    other, which is the wanted order for dimension 0 alone; for any other one rows must alternate.
    And tensors of different sizes cannot be stacked at all."""
    if new_axis:
        return torch.stack(ts, dim)
    shape = [*ts[0].shape]
    shape[dim] *= len(ts)
    return torch.stack(ts).reshape(shape)


@mistake("interleaved", asks="tb.22")
def interleaved(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """Joined, your tensors take turns: one slice of the first, one of the second, and so on. Side
    by side means the whole first tensor, then the whole second one. And tensors of different sizes
    cannot be stacked at all."""
    if new_axis:
        return torch.stack(ts, dim)
    dim %= ts[0].ndim
    return torch.stack(ts, dim + 1).flatten(dim, dim + 1)


@mistake("dim-ignored")
def dim_ignored(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """You always work along dimension 0, whatever dim says. That is the default of torch's
    functions, and often not what the caller wants. Look at whether dim is handed on."""
    return combine(ts, 0, new_axis)


@mistake("dim-ignored-for-a-new-axis")
def dim_ignored_for_a_new_axis(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """Your new dimension always stands in front, whatever dim says. In front is the default and the
    place of a batch; the caller may want it anywhere. Look at whether dim is handed on."""
    return combine(ts, 0 if new_axis else dim, new_axis)


@mistake("new-axis-behind")
def new_axis_behind(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """Your new dimension always stands behind all others, whatever dim says. Channels of some image
    formats stand there; the caller may want it anywhere. Look at whether dim is handed on."""
    return combine(ts, -1 if new_axis else dim, new_axis)


@mistake("cut-off")
def cut_off(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """Your result is cut off from the tensors, so no gradient gets back to them. Look for detach,
    .data, NumPy, tolist or a new tensor that is made of numbers."""
    return combine(ts, dim, new_axis).detach()


@mistake("single-handed-back")
def single_handed_back(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """A single tensor you hand back as it is, or as a view. What the caller writes into it later is
    then seen in the result, while of two tensors a copy is made. The result should have memory of
    its own."""
    if len(ts) == 1:
        return ts[0].unsqueeze(dim) if new_axis else ts[0]
    return combine(ts, dim, new_axis)


@mistake("changed-in-place")
def changed_in_place(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """To stack, you gave the caller's own tensors another dimension. They have another shape
    afterwards, and the next call finds tensors that it does not expect. A name that ends in _ says
    so: make views instead."""
    return torch.cat([t.unsqueeze_(dim) for t in ts], dim) if new_axis else torch.cat(ts, dim)


@mistake("list-used-up")
def list_used_up(ts: list[Tensor], dim: int, new_axis: bool) -> Tensor:
    """You changed the caller's list: tensors that were in it are gone, or stand elsewhere. A list
    is handed over itself and not as a copy. Read it, or work on a list of your own."""
    result = combine(ts, dim, new_axis)
    ts.clear()
    return result
