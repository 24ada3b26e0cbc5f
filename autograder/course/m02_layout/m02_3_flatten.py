"""Mistakes of flatten."""

from __future__ import annotations

from typing import Any

from m02_layout import flatten
from torch import Tensor

from autograder.course.marks import mistake

Result = tuple[Tensor, bool]


@mistake("copied-if-not-contiguous", asks="tb.7 tb.44")
def copied_if_not_contiguous(t: Tensor) -> Result:
    """You say that a copy was made wherever t is not contiguous. Every second element of a row is
    not contiguous either, and yet one stride is enough for it: reshape made a view. Ask what was
    done, not how t lies."""
    return t.reshape(-1), not t.is_contiguous()


@mistake("contiguous-first", asks="tb.7 tb.44")
def contiguous_first(t: Tensor) -> Result:
    """You make t contiguous first. That copies more than is needed: every second element of a row,
    or one column of a matrix, can be read with a single stride as it lies. Look for the call that
    tries without a copy."""
    return t.contiguous().view(-1), not t.is_contiguous()


@mistake("always-copied", asks="tb.7")
def always_copied(t: Tensor) -> Result:
    """You copy always. A matrix that lies in one piece can be read as one row where it is, without
    a byte moved; only some layouts, such as a transpose, need a copy. Look for the call that makes
    new memory."""
    return t.clone().reshape(-1), True


@mistake("view-alone", asks="tb.7")
def view_alone(t: Tensor) -> Result:
    """You call view alone. It never copies, and so it raises RuntimeError where no stride gives the
    order, as for a transpose. Such a t has to be copied: look for what does that, and for when it
    is needed."""
    return t.view(-1), False


@mistake("copy-never-told", asks="tb.7")
def copy_never_told(t: Tensor) -> Result:
    """You always say that nothing was copied. reshape copies in silence where no view is possible,
    as for a transpose, and who writes to the result then does not reach t. Find out which of the
    two happened."""
    return t.reshape(-1), False


@mistake("copy-always-told", asks="tb.7")
def copy_always_told(t: Tensor) -> Result:
    """You always say that a copy was made. A view is a new object, too, but its numbers are those
    of t: what is written to t shows in it. Ask about the memory, not about the object."""
    flat = flatten(t)[0]
    return flat, flat is not t


@mistake("tells-of-a-view", asks="tb.7")
def tells_of_a_view(t: Tensor) -> Result:
    """Your second value is turned round: it is True where the result is a view. The task asks
    whether the elements had to be copied. Look at what you return in each of the two cases."""
    flat, copied = flatten(t)
    return flat, not copied


@mistake("order-in-memory", asks="tb.44")
def order_in_memory(t: Tensor) -> Result:
    """You read the memory of t from its start, one element after the other. That is its order only
    where t is contiguous: in a transpose the neighbours in a row are far apart, and a slice has
    gaps. Go by the indices of t."""
    return t.as_strided((t.numel(),), (1,)), False


@mistake("columns-first")
def columns_first(t: Tensor) -> Result:
    """Your elements come column by column. The last index has to move fastest: first the whole
    first row, then the second. Look for a transpose before the elements are put in a line."""
    return flatten(t.permute(*reversed(range(t.dim()))))


@mistake("rows-kept")
def rows_kept(t: Tensor) -> Result:
    """You keep the first dimension, as nn.Flatten does for a batch. The task asks for all elements
    in a single dimension, [numel]. Look at the shape that you ask for."""
    flat, copied = flatten(t)
    return flat.reshape(t.shape[0] if t.dim() else 1, -1) if t.numel() else flat[None], copied


@mistake("result-alone")
def result_alone(t: Tensor) -> Any:
    """You return the elements alone. The task asks for two values: the elements, and whether they
    had to be copied. Look at the return type."""
    return flatten(t)[0]


@mistake("cut-off")
def cut_off(t: Tensor) -> Result:
    """Your result is cut off from the graph of t, so that no gradient passes through it. To give a
    new shape is an operation that autograd records, copy or not. Look for detach, .data, NumPy or a
    new tensor."""
    flat, copied = flatten(t.detach())
    return flat, copied


@mistake("shape-of-t-kept")
def shape_of_t_kept(t: Tensor) -> Result:
    """Your result still has dimensions to spare: squeeze only drops those of size 1. All elements
    have to stand in one dimension, [numel], also those of a matrix. Look at the shape that you
    return."""
    return t.squeeze(), False
