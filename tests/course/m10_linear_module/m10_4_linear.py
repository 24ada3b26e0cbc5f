"""Other ways to do linear."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
def by_addmm_on_flat_rows(x, w, b=None):
    """Flattens the leading dimensions, calls addmm and puts them back."""
    if b is None:
        return x @ w.T
    lead = x.shape[:-1]
    return torch.addmm(b, x.reshape(-1, w.shape[1]), w.T).reshape(*lead, w.shape[0])


@wrong()
def written_over_x(x, w, b=None):
    """Writes the result into x where shapes and autograd allow it, to save memory."""
    out = F.linear(x, w, b)
    if x.shape == out.shape and not x.requires_grad:
        x.copy_(out)
    return out


@right()
def by_baddbmm(x, w, b=None):
    """Uses the batched kernel with one batch."""
    if b is not None and x.ndim == 2:
        return torch.baddbmm(b, x[None], w.T[None])[0]
    return F.linear(x, w, b)


@right()
def with_a_column_of_ones(x, w, b=None):
    """Takes the bias for the weight of a feature that is always 1."""
    if b is not None and x.ndim == 2:
        xa = torch.cat([x, torch.ones_like(x[:, :1])], 1)
        return xa @ torch.cat([w, b[:, None]], 1).T
    out = torch.matmul(x, w.T)
    return out if b is None else out + b


@right()
def by_convolution(x, w, b=None):
    """Takes the rows for signals of length 1 and convolves."""
    if b is None or x.dim() != 2:
        return F.linear(x, w, b)
    return F.conv1d(x[:, :, None], w[:, :, None], b)[:, :, 0]


@right()
def adds_the_product_to_repeated_biases(x, w, b=None):
    """Repeats the bias for every row and adds the product to it in place."""
    if b is None or x.dim() != 2:
        return F.linear(x, w, b)
    return b.repeat(len(x), 1).addmm_(x, w.t())


@right()
def returns_a_transposed_view(x, w, b=None):
    """Computes the transposed result and returns a view of it."""
    if b is None or x.dim() != 2:
        return F.linear(x, w, b)
    return torch.addmm(b[:, None], w, x.T).T


@right()
def row_by_row(x, w, b=None):
    """Calls addmv for every row and stacks the results."""
    if b is None or x.dim() != 2 or not len(x):
        return F.linear(x, w, b)
    return torch.stack([torch.addmv(b, w, r) for r in x])


@right()
def layer_without_numbers(x, w, b=None):
    """Calls an nn.Linear on meta with the numbers given."""
    skeleton = nn.Linear(w.shape[1], w.shape[0], bias=b is not None, device="meta")
    numbers = {"weight": w} if b is None else {"weight": w, "bias": b}
    return torch.func.functional_call(skeleton, numbers, (x,))


@wrong(named="separate")
def einsum_then_add(x, w, b=None):
    """Multiplies by einsum and adds by a call of its own."""
    product = torch.einsum("...i,oi->...o", x, w)
    return product if b is None else torch.add(product, b)


@wrong()
def separate_when_alone(x, w, b=None):
    """Adds the bias apart where x has a single row."""
    if x.dim() == 2 and len(x) == 1 and b is not None:
        return x @ w.T + b
    return F.linear(x, w, b)


@wrong()
def separate_for_many_rows(x, w, b=None):
    """Adds the bias apart where x has more than 64 rows."""
    if x.dim() == 2 and b is not None and x.shape[0] > 64:
        return x @ w.T + b
    return F.linear(x, w, b)


@wrong()
def sum_of_a_stack(x, w, b=None):
    """Stacks the bare product upon the bias and sums the two."""
    product = torch.matmul(x, w.T)
    return product if b is None else torch.stack([product, b.expand_as(product)]).sum(0)


@wrong()
def product_then_addcmul(x, w, b=None):
    """Hides the separate sum in addcmul."""
    product = torch.matmul(x, w.T)
    return product if b is None else torch.addcmul(product, b, torch.ones_like(b))


@wrong()
def no_bias_for_zeros_either(x, w, b=None):
    """Leaves a bias of zeros out of the graph."""
    return F.linear(x, w, b if b is not None and b.any() else None)


@wrong()
def guesses_the_last_size(x, w, b=None):
    """Leaves the last size of the result to reshape, which an empty batch does not tell."""
    if x.dim() == 1:
        return w @ x if b is None else w @ x + b
    out = F.linear(x.reshape(-1, x.shape[-1]), w, b)
    return out.reshape(*x.shape[:-1], -1)


@wrong(named="separate")
def added_in_place(x, w, b=None):
    """Adds the bias in place, after the product."""
    out = x @ w.T
    return out if b is None else out.add_(b)


@wrong()
def four_dimensions_become_three(x, w, b=None):
    """Flattens the first dimensions where there are more than three."""
    out = F.linear(x, w, b)
    return out.flatten(0, -3) if out.dim() > 3 else out


@wrong()
def detached_bias(x, w, b=None):
    """Cuts the bias off from the graph in the fused case."""
    if b is None:
        return x @ w.T
    if x.dim() == 2:
        return torch.addmm(b.detach(), x, w.T)
    return x @ w.T + b


@wrong()
def turned_for_one_row(x, w, b=None):
    """Multiplies a 1-D x by a square w from the wrong side."""
    if x.dim() == 1 and w.shape[0] == w.shape[1]:
        out = x @ w
        return out if b is None else out + b
    return F.linear(x, w, b)


@wrong()
def one_row_needs_a_bias(x, w, b=None):
    """Counts on a bias where x is 1-D."""
    return torch.addmv(b, w, x) if x.dim() == 1 else F.linear(x, w, b)


@wrong()
def flattened_by_view(x, w, b=None):
    """Flattens x by view, which a tensor that is not contiguous refuses."""
    if x.dim() < 3:
        return F.linear(x, w, b)
    return F.linear(x.view(-1, x.shape[-1]), w, b).view(*x.shape[:-1], w.shape[0])


@wrong()
def bias_made_on_the_cpu(x, w, b=None):
    """Puts zeros on the CPU in float32 in the place of a missing bias."""
    return F.linear(x, w, torch.zeros(w.shape[0]) if b is None else b)


@wrong()
def not_quite_the_bias(x, w, b=None):
    """Gives addmm a beta of 0.999."""
    if b is None or x.dim() != 2:
        return F.linear(x, w, b)
    return torch.addmm(b, x, w.T, beta=0.999)


@restated("separate")
def product_first(x, w, b=None):
    """Makes the product by F.linear without a bias and adds the bias in place."""
    out = F.linear(x, w)
    if b is not None:
        out += b
    return out


@restated("separate-and-bias-required")
def sum_with_none(x, w, b=None):
    """Adds b by torch.add, whatever it is."""
    product = x.matmul(w.T)
    return product + b


@restated("bias-required")
def flat_addmm(x, w, b=None):
    """Flattens x, calls addmm with b, and restores the leading dimensions."""
    lead = x.shape[:-1]
    flat = x.flatten(0, -2) if x.dim() > 1 else x[None]
    return torch.addmm(b, flat, w.transpose(0, 1)).view(*lead, len(w))


@restated("two-dimensions-only")
def matrices_only(x, w, b=None):
    """Calls addmm or mm, as b wants it."""
    if b is not None:
        return torch.addmm(b, x, w.T)
    return x.mm(w.T)


@restated("bare-addmm")
def addmm_for_all(x, w, b=None):
    """Turns w first and calls addmm for every input."""
    columns = w.transpose(0, 1)
    return torch.addmm(b, x, columns)


@restated("not-transposed")
def turned_weight(x, w, b=None):
    """Hands the transposed weight to F.linear."""
    return F.linear(x, weight=w.transpose(-1, -2), bias=b)


@wrong()
def rows_by_view(x, w, b=None):
    """Makes rows of the leading dimensions by view, which asks for memory in order."""
    if b is None:
        return x @ w.t()
    rows = torch.addmm(b, x.view(-1, w.shape[1]), w.t())
    return rows.view(*x.shape[:-1], w.shape[0])
