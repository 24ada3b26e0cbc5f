"""Other ways to do combine."""

from __future__ import annotations

import numpy as np
import torch
from m01_tensors import combine

from autograder.course.marks import restated, right, wrong


@right()
def stacked_by_cat(ts, dim, new_axis):
    """Gives each tensor a dimension of size 1 and joins along it."""
    if new_axis:
        ts = [t.unsqueeze(dim) for t in ts]
    return torch.concatenate(ts, dim=dim)


@right()
def written_into_a_new_tensor(ts, dim, new_axis):
    """Makes room and copies one tensor after the other into it."""
    shape = list(ts[0].shape)
    if new_axis:
        dim %= len(shape) + 1
        shape.insert(dim, len(ts))
        out = ts[0].new_empty(shape)
        for i, t in enumerate(ts):
            out.select(dim, i).copy_(t)
        return out
    shape[dim] = sum(t.shape[dim] for t in ts)
    out, start = ts[0].new_zeros(shape), 0
    for t in ts:
        out.narrow(dim, start, t.shape[dim]).copy_(t)
        start += t.shape[dim]
    return out


@right()
def in_front_and_moved(ts, dim, new_axis):
    """Always works along dimension 0 and moves that one to its place."""
    if new_axis:
        return torch.stack(ts).movedim(0, dim)
    return torch.cat([t.movedim(dim, 0) for t in ts]).movedim(0, dim)


@right()
def two_at_a_time(ts, dim, new_axis):
    """Joins the first two, then the next one."""
    parts = [t.unsqueeze(dim) if new_axis else t for t in ts]
    whole = parts[0].clone()
    for part in parts[1:]:
        whole = torch.cat((whole, part), dim)
    return whole


@right()
def by_hand_from_slices(ts, dim, new_axis):
    """Takes all tensors apart along dim and stacks the slices."""
    slices = ts if new_axis else [piece for t in ts for piece in t.unbind(dim)]
    return torch.stack(tuple(slices), dim=dim)


@wrong(asks="tb.22")
def pairs_of_the_old_rank(ts, dim, new_axis):
    """Puts a negative dim one place too late, where that is possible."""
    if new_axis and dim < -1:
        dim += 1
    return combine(ts, dim, new_axis)


@wrong()
def reversed_order(ts, dim, new_axis):
    """Joins from the last to the first."""
    return combine(ts[::-1], dim, new_axis)


@wrong()
def first_two_only(ts, dim, new_axis):
    """Leaves out all but two tensors."""
    return combine(ts[:2], dim, new_axis)


@wrong()
def added(ts, dim, new_axis):
    """Adds the tensors."""
    return sum(ts)


@wrong(asks="tb.22")
def negative_dims_as_zero(ts, dim, new_axis):
    """Takes a negative dim for 0."""
    return combine(ts, max(dim, 0), new_axis)


@wrong()
def cut_to_the_shortest(ts, dim, new_axis):
    """Cuts all tensors to the smallest size along dim."""
    if not new_axis:
        size = min(t.shape[dim] for t in ts)
        ts = [t.narrow(dim, 0, size) for t in ts]
    return combine(ts, dim, new_axis)


@wrong()
def padded_and_stacked(ts, dim, new_axis):
    """Fills shorter tensors up with zeros."""
    if new_axis:
        return torch.stack(ts, dim)
    size = max(t.shape[dim] for t in ts)
    rest = [[*t.shape] for t in ts]
    for shape, t in zip(rest, ts, strict=True):
        shape[dim] = size - t.shape[dim]
    return torch.cat(
        [torch.cat([t, t.new_zeros(r)], dim) for t, r in zip(ts, rest, strict=True)], dim
    )


@wrong()
def first_without_gradient(ts, dim, new_axis):
    """Cuts off the first tensor."""
    return combine([ts[0].detach(), *ts[1:]], dim, new_axis)


@wrong()
def in_float32(ts, dim, new_axis):
    """Converts to float32."""
    return combine([t.float() for t in ts], dim, new_axis)


@wrong()
def written_without_a_device(ts, dim, new_axis):
    """Makes room on the CPU, whatever the device."""
    whole = combine(ts, dim, new_axis)
    return torch.empty(whole.shape, dtype=whole.dtype) + whole - torch.zeros(whole.shape)


@wrong()
def single_one_joined_in_place(ts, dim, new_axis):
    """Shares memory only where a single tensor is joined."""
    return ts[0] if len(ts) == 1 and not new_axis else combine(ts, dim, new_axis)


@wrong()
def rows_for_columns(ts, dim, new_axis):
    """Counts dim from the other end."""
    rank = ts[0].ndim + new_axis
    return combine(ts, rank - 1 - dim % rank, new_axis)


@restated("always-joined")
def cat_and_nothing_else(ts, dim, new_axis):
    """Calls cat in both branches."""
    if new_axis:
        return torch.concat(ts, dim=dim)
    return torch.concat(tuple(ts), dim=dim)


@restated("always-stacked")
def stack_and_nothing_else(ts, dim, new_axis):
    """Calls stack, whatever is wanted."""
    return torch.stack(tuple(ts), dim=dim)


@restated("exchanged")
def flag_the_other_way_round(ts, dim, new_axis):
    """Asks for the opposite."""
    if not new_axis:
        return torch.stack(ts, dim=dim)
    return torch.cat(ts, dim=dim)


@restated("counted-in-the-old-shape")
def remainder_of_the_old_rank(ts, dim, new_axis):
    """Makes dim positive with the number of dimensions of a part."""
    rank = ts[0].dim()
    if dim < 0:
        dim = max(dim + rank, 0)
    return torch.stack(ts, dim) if new_axis else torch.cat(ts, dim)


@restated("stacked-and-reshaped")
def stack_viewed(ts, dim, new_axis):
    """Views the stack in the shape of the joined tensor."""
    if new_axis:
        return torch.stack(ts, dim=dim)
    stack, shape = torch.stack(ts, 0), list(ts[0].size())
    shape[dim] = shape[dim] * len(ts)
    return stack.view(*shape)


@restated("interleaved")
def taking_turns(ts, dim, new_axis):
    """Stacks the slices one from each tensor at a time."""
    if new_axis:
        return torch.stack(ts, dim)
    stack = torch.stack(ts, dim + 1 if dim >= 0 else dim)
    return stack.reshape([*ts[0].shape[:dim], -1, *ts[0].shape[dim:][1:]])


@restated("dim-ignored")
def defaults(ts, dim, new_axis):
    """Calls both functions without dim."""
    return torch.stack(ts) if new_axis else torch.cat(ts)


@restated("dim-ignored-for-a-new-axis")
def stack_without_dim(ts, dim, new_axis):
    """Forgets dim in one of the two calls."""
    if new_axis:
        return torch.stack(ts)
    return torch.cat(ts, dim)


@restated("new-axis-behind")
def stack_behind(ts, dim, new_axis):
    """Unsqueezes one place behind."""
    if new_axis:
        return torch.cat([t[..., None] for t in ts], -1)
    return torch.cat(ts, dim)


@restated("cut-off")
def of_detached_tensors(ts, dim, new_axis):
    """Detaches every part."""
    ts = [t.data for t in ts]
    return torch.stack(ts, dim) if new_axis else torch.cat(ts, dim)


@restated("cut-off")
def arrays_joined(ts, dim, new_axis):
    """Joins arrays of NumPy."""
    join = np.stack if new_axis else np.concatenate
    return torch.as_tensor(join([t.detach().numpy() for t in ts], axis=dim))


@restated("single-handed-back")
def nothing_to_do_for_one(ts, dim, new_axis):
    """Joins pairwise, so a single tensor passes through."""
    whole, *rest = [t.unsqueeze(dim) if new_axis else t for t in ts]
    for t in rest:
        whole = torch.cat([whole, t], dim)
    return whole


@restated("changed-in-place")
def unsqueezed_in_a_loop(ts, dim, new_axis):
    """Unsqueezes in place and joins."""
    if new_axis:
        for t in ts:
            t.unsqueeze_(dim)
    return torch.cat(ts, dim)


@restated("list-used-up")
def popped(ts, dim, new_axis):
    """Takes one tensor after the other out of the list."""
    own = []
    while ts:
        own.append(ts.pop(0))
    return torch.stack(own, dim) if new_axis else torch.cat(own, dim)


# Probes that catch nothing alone, and why they stay.
KEPT_PROBES = {
    "same sizes": "the public cases of joining, of tensors that could be stacked as well",
}
