"""Other ways to do matmul."""

from __future__ import annotations

import torch
from m03_algebra import matmul
from torch import nn

from autograder.course.marks import restated, right, wrong


def inner_checked(a, b):
    """Raise ValueError where the inner sizes differ; what many ways of matmul begin with."""
    if a.shape[-1] != b.shape[-2]:
        raise ValueError("inner sizes")


@right()
def rows_by_columns_on_the_last_axis(a, b):
    """Turns b round, so that the inner axis is the last one of both."""
    inner_checked(a, b)
    return (a[..., :, None, :] * b.transpose(-1, -2)[..., None, :, :]).sum(-1)


@right()
def outer_products_added(a, b):
    """Adds up the outer products of the columns of a and the rows of b."""
    if a.size(-1) != b.size(-2):
        raise ValueError
    batch = torch.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    total = a.new_zeros(*batch, a.shape[-2], b.shape[-1])
    for i in range(a.shape[-1]):
        total = total + a[..., :, i : i + 1] * b[..., i : i + 1, :]
    return total


@right()
def column_by_column(a, b):
    """Each column of the result is a weighted sum of the columns of a."""
    inner_checked(a, b)
    columns = [(a * b[..., None, :, j]).sum(-1) for j in range(b.shape[-1])]
    return torch.stack(columns, dim=-1)


@right()
def element_by_element(a, b):
    """Expands the axes in front, then computes every number of every matrix on its own."""
    inner_checked(a, b)
    batch = torch.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    n, m = a.shape[-2], b.shape[-1]
    left = a.expand(*batch, *a.shape[-2:]).reshape(-1, n, a.shape[-1])
    right_ = b.expand(*batch, *b.shape[-2:]).reshape(-1, b.shape[-2], m)
    cells = [
        (x[i] * y[:, j]).sum()
        for x, y in zip(left, right_, strict=True)
        for i in range(n)
        for j in range(m)
    ]
    return torch.stack(cells).reshape(*batch, n, m)


@right()
def inner_axis_first(a, b):
    """Brings the inner axis to the front and adds the slices with Python's sum."""
    if a.shape[-1] != b.shape[-2]:
        raise ValueError(f"{a.shape[-1]} is not {b.shape[-2]}")
    products = a[..., :, :, None] * b[..., None, :, :]
    return products.movedim(-2, 0).sum(0)


@right()
def by_cumulated_sums(a, b):
    """The last of the running sums, behind a zero where there is nothing to add."""
    inner_checked(a, b)
    products = torch.mul(a[..., None], b[..., None, :, :])
    padded = torch.cat([torch.zeros_like(products.sum(-2, keepdim=True)), products], -2)
    return padded.cumsum(-2)[..., -1, :]


@right()
def slices_added(a, b):
    """Takes the slices apart and adds them to the first."""
    inner_checked(a, b)
    products = (a.unsqueeze(-1) * b.unsqueeze(-3)).unbind(-2)
    total = products[0]
    for each in products[1:]:
        total = total + each
    return total


@wrong()
def asserted(a, b):
    """Other inner sizes raise AssertionError."""
    assert a.shape[-1] == b.shape[-2]
    return (a.unsqueeze(-1) * b.unsqueeze(-3)).sum(dim=-2)


@wrong()
def only_sizes_of_one_refused(a, b):
    """Refuses what would be stretched, and leaves the rest to torch, which raises RuntimeError."""
    if a.shape[-1] != b.shape[-2] and 1 in (a.shape[-1], b.shape[-2]):
        raise ValueError("sizes")
    return (a.unsqueeze(-1) * b.unsqueeze(-3)).sum(dim=-2)


@wrong()
def last_sizes_compared(a, b):
    """Compares the last size of a with the last one of b."""
    if a.shape[-1] != b.shape[-1]:
        raise ValueError("sizes")
    return (a.unsqueeze(-1) * b.unsqueeze(-3)).sum(dim=-2)


@wrong()
def axes_of_one_dropped(a, b):
    """squeeze drops rows, columns and batches of one."""
    return matmul(a, b).squeeze()


@wrong()
def batches_flattened(a, b):
    """All axes in front become one."""
    c = matmul(a, b)
    return c.reshape(-1, *c.shape[-2:]) if c.dim() > 2 else c


@wrong()
def in_float32(a, b):
    """The products pass through float32."""
    inner_checked(a, b)
    return (a.float().unsqueeze(-1) * b.float().unsqueeze(-3)).sum(dim=-2).to(a.dtype)


@wrong()
def gradient_for_a_only(a, b):
    """b is detached."""
    return matmul(a, b.detach())


@wrong(named="torchs-own-product-after-a-check")
def by_convolution_like_layers(a, b):
    """A layer's function multiplies."""
    inner_checked(a, b)
    if b.dim() == 2:
        return nn.functional.linear(a, b.T)
    return torch.matmul(a, b)


@wrong()
def written_into_a(a, b):
    """Leaves the product in a where it fits, to save memory."""
    c = matmul(a, b)
    if a.shape == c.shape and not a.requires_grad:
        a.copy_(c)
    return c


@wrong()
def first_batch_alone(a, b):
    """Where a has axes in front, its first matrix meets all of b."""
    while a.dim() > 2:
        a = a[0]
    return matmul(a, b)


@wrong(named="two-dimensional, inner-sizes-stretched")
def first_draft(a, b):
    """Two at once: plain matrices only, and nothing refused."""
    return (a[:, :, None] * b[None]).sum(dim=1)


@restated("elementwise")
def mul(a, b):
    """torch.mul under its own name."""
    return torch.mul(a, b)


@restated("columns-summed")
def sum_of_the_last_axis(a, b):
    """All products are right, and the last axis is summed."""
    inner_checked(a, b)
    return torch.sum(a[..., :, :, None] * b[..., None, :, :], -1)


@restated("rows-summed")
def weighted_columns(a, b):
    """The sums of the columns of a are multiplied into the rows of b."""
    inner_checked(a, b)
    return a.sum(-2).unsqueeze(-1) * b


@restated("rows-by-rows")
def not_turned_round(a, b):
    """The inner axis of b is taken to be its last one."""
    inner_checked(a, b)
    return (a[..., :, None, :] * b[..., None, :, :]).sum(-1)


@restated("two-dimensional")
def view_of_plain_matrices(a, b):
    """New axes for plain matrices, counted from the left."""
    inner_checked(a, b)
    return torch.sum(a.unsqueeze(2) * b.unsqueeze(0), dim=1)


@restated("summed-from-the-left")
def indexed_and_summed(a, b):
    """The ellipsis is there, but the sum counts from the left."""
    inner_checked(a, b)
    return (a[..., None] * b[..., None, :, :]).sum(1)


@restated("batches-paired")
def loop_over_the_first_axis(a, b):
    """A loop over pairs, and recursion for more axes."""
    inner_checked(a, b)
    if a.ndim == 2 and b.ndim == 2:
        return (a[:, :, None] * b[None]).sum(1)
    return torch.stack([loop_over_the_first_axis(*pair) for pair in zip(a, b, strict=True)])


@restated("not-summed")
def products_alone(a, b):
    """All products, and no sum."""
    inner_checked(a, b)
    return a[..., None] * b[..., None, :, :]


@restated("everything-summed")
def sum_without_an_axis(a, b):
    """The axis of the sum is forgotten."""
    inner_checked(a, b)
    return (a[..., None] * b[..., None, :, :]).sum()


@restated("mean-for-sum")
def mean_over_the_inner_axis(a, b):
    """mean in place of sum."""
    inner_checked(a, b)
    return (a[..., None] * b[..., None, :, :]).mean(-2)


@restated("transposed")
def columns_first(a, b):
    """The columns of b have the first axis."""
    inner_checked(a, b)
    return (b.mT[..., :, None, :] * a[..., None, :, :]).sum(-1)


@restated("inner-sizes-stretched")
def not_compared(a, b):
    """The sizes are never looked at."""
    return (a[..., :, :, None] * b[..., None, :, :]).sum(-2)


@restated("torchs-own-product")
def by_the_operator(a, b):
    """The method behind the operator."""
    return a.matmul(b)


@wrong(named="inner-sizes-stretched, torchs-own-product-after-a-check")
def by_einsum(a, b):
    """einsum multiplies, and stretches inner sizes of 1."""
    return torch.einsum("...ij,...jk->...ik", a, b)


@restated("torchs-own-product-after-a-check")
def by_matmul(a, b):
    """torch.matmul behind a check."""
    inner_checked(a, b)
    return torch.matmul(a, b)


@restated("cut-off")
def without_recording(a, b):
    """Computes under no_grad."""
    inner_checked(a, b)
    with torch.no_grad():
        return (a[..., None] * b[..., None, :, :]).sum(-2)


@restated("error-returned")
def returns_the_error(a, b):
    """return stands where raise should."""
    if a.shape[-1] != b.shape[-2]:
        return ValueError("inner sizes differ")
    return (a[..., None] * b[..., None, :, :]).sum(-2)
