"""Other ways to do sparse_linear."""

from __future__ import annotations

import torch
from m24_custom_ops import sparse_linear
from torch.autograd import Function

from autograder.course.marks import restated, right, wrong


def terms_of(idx, vals, dense):
    """Return what each place adds to a row."""
    return vals.unsqueeze(1) * dense[idx[1]]


def zeros_for(n_rows, dense):
    """Return an empty result."""
    return torch.zeros(n_rows, dense.shape[1], dtype=dense.dtype, device=dense.device)


@right()
def accumulated(idx, vals, n_rows, dense):
    """index_put with accumulate adds up."""
    return zeros_for(n_rows, dense).index_put(
        (idx[0],), terms_of(idx, vals, dense), accumulate=True
    )


@right()
def scattered(idx, vals, n_rows, dense):
    """scatter_add wants an index for each number."""
    terms = terms_of(idx, vals, dense)
    rows = idx[0][:, None].expand_as(terms)
    return zeros_for(n_rows, dense).scatter_add(0, rows, terms)


@right()
def place_by_place(idx, vals, n_rows, dense):
    """A loop adds each term to its row."""
    out = zeros_for(n_rows, dense)
    for k, (row, column) in enumerate(idx.t().tolist()):
        out[row] += vals[k] * dense[column]
    return out


@right()
def row_by_row(idx, vals, n_rows, dense):
    """Each row is a sum of its own terms."""
    terms = terms_of(idx, vals, dense)
    return torch.stack([terms[idx[0] == row].sum(0) for row in range(n_rows)])


@right()
def selected_rows(idx, vals, n_rows, dense):
    """A product with the rows that occur, by one small dense matrix."""
    places = torch.arange(n_rows, device=idx.device)[:, None] == idx[0]
    return (places.to(vals.dtype) * vals) @ dense.index_select(0, idx[1])


@right()
def own_backward(idx, vals, n_rows, dense):
    """A sparse product forward, and a backward that touches the places alone."""

    class Product(Function):
        @staticmethod
        def forward(ctx, vals, dense):
            ctx.save_for_backward(vals, dense)
            return zeros_for(n_rows, dense).index_add_(0, idx[0], terms_of(idx, vals, dense))

        @staticmethod
        def backward(ctx, g):
            vals, dense = ctx.saved_tensors
            at_rows = g[idx[0]]
            to_dense = torch.zeros_like(dense).index_add(0, idx[1], vals[:, None] * at_rows)
            return (at_rows * dense[idx[1]]).sum(1), to_dense

    return Product.apply(vals, dense)


class _Sparse(Function):
    @staticmethod
    def forward(ctx, idx, vals, n_rows, dense):
        ctx.save_for_backward(idx, vals, dense)
        return torch.sparse_coo_tensor(idx, vals, (n_rows, len(dense))) @ dense

    @staticmethod
    def backward(ctx, g):
        idx, vals, dense = ctx.saved_tensors
        turned = torch.sparse_coo_tensor(idx.flipud(), vals, (len(dense), len(g)))
        return None, (g[idx[0]] * dense[idx[1]]).sum(1), None, turned @ g


@right()
def sparse_both_ways(idx, vals, n_rows, dense):
    """A sparse product forward, and one with the matrix turned round in the backward pass."""
    return _Sparse.apply(idx, vals, n_rows, dense)


@wrong()
def averaged(idx, vals, n_rows, dense):
    """Takes the mean of the terms of a row."""
    counts = torch.bincount(idx[0], minlength=n_rows).clamp(min=1)
    return sparse_linear(idx, vals, n_rows, dense) / counts[:, None]


@wrong()
def last_of_repeats(idx, vals, n_rows, dense):
    """Keeps the last number of a place."""
    last = {place: k for k, place in enumerate(map(tuple, idx.t().tolist()))}
    kept = list(last.values())
    return sparse_linear(idx[:, kept], vals[kept], n_rows, dense)


@wrong()
def one_row_more(idx, vals, n_rows, dense):
    """Counts rows from 1."""
    return sparse_linear(idx, vals, n_rows + 1, dense)


@wrong()
def halved(idx, vals, n_rows, dense):
    """Halves the product."""
    return sparse_linear(idx, vals, n_rows, dense) / 2


@wrong()
def vals_detached(idx, vals, n_rows, dense):
    """Lets no gradient reach vals."""
    return sparse_linear(idx, vals.detach(), n_rows, dense)


@wrong()
def dense_detached(idx, vals, n_rows, dense):
    """Lets no gradient reach dense."""
    return sparse_linear(idx, vals, n_rows, dense.detach())


@wrong()
def squares(idx, vals, n_rows, dense):
    """Multiplies by the squares of vals."""
    return sparse_linear(idx, vals * vals, n_rows, dense)


@wrong(named="sparse-product")
def full_in_backward(idx, vals, n_rows, dense):
    """Makes the full matrix on the way back only."""

    class Product(Function):
        @staticmethod
        def forward(ctx, vals, dense):
            ctx.save_for_backward(vals, dense)
            return zeros_for(n_rows, dense).index_add_(0, idx[0], terms_of(idx, vals, dense))

        @staticmethod
        def backward(ctx, g):
            vals, dense = ctx.saved_tensors
            return (g @ dense.t())[idx[0], idx[1]], sparse_linear(idx.flip(0), vals, len(dense), g)

    return Product.apply(vals, dense)


@wrong(named="made-dense")
def one_hot_matrix(idx, vals, n_rows, dense):
    """Reads the full matrix row by row, after writing it out with flat indices."""
    flat = idx[0] * len(dense) + idx[1]
    full = torch.zeros(n_rows * len(dense), dtype=vals.dtype, device=vals.device)
    return full.index_add(0, flat, vals).view(n_rows, -1) @ dense


@wrong()
def single(idx, vals, n_rows, dense):
    """Returns float32 whatever comes in."""
    return sparse_linear(idx, vals, n_rows, dense).float()


@wrong()
def idx_written_to(idx, vals, n_rows, dense):
    """Writes to the caller's idx."""
    idx %= max(n_rows, len(dense))
    return sparse_linear(idx, vals, n_rows, dense)


@restated("made-dense", asks="tb.20")
def to_dense(idx, vals, n_rows, dense):
    """A sparse tensor is written out by to_dense."""
    return torch.sparse_coo_tensor(idx, vals, (n_rows, len(dense))).to_dense() @ dense


@restated("sparse-product", asks="tb.20")
def product_sign(idx, vals, n_rows, dense):
    """The product is written as @."""
    matrix = torch.sparse_coo_tensor(idx, vals, (n_rows, len(dense))).coalesce()
    return matrix @ dense


@restated("overwritten")
def plus_equals(idx, vals, n_rows, dense):
    """The += of repeated indices keeps one term."""
    out = zeros_for(n_rows, dense)
    out[idx[0]] += terms_of(idx, vals, dense)
    return out


@restated("repeats-dropped")
def first_seen(idx, vals, n_rows, dense):
    """A set remembers the places."""
    seen, kept = set(), []
    for k in range(idx.shape[1]):
        place = (int(idx[0, k]), int(idx[1, k]))
        if place not in seen:
            seen.add(place)
            kept.append(k)
    return sparse_linear(idx[:, kept], vals[kept], n_rows, dense)


@restated("turned")
def exchanged(idx, vals, n_rows, dense):
    """The two rows of idx change their roles."""
    columns, rows = idx
    return zeros_for(n_rows, dense).index_add(0, rows, vals[:, None] * dense[columns])


@restated("vals-left-out")
def ones(idx, vals, n_rows, dense):
    """The picked rows are added as they are."""
    return zeros_for(n_rows, dense).index_add(0, idx[0], dense[idx[1]])


@restated("rows-guessed")
def largest_index(idx, vals, n_rows, dense):
    """The largest row index tells the rows."""
    rows = max(idx[0].tolist(), default=-1) + 1
    return zeros_for(rows, dense).index_add(0, idx[0], terms_of(idx, vals, dense))


@restated("cut-off")
def without_graph(idx, vals, n_rows, dense):
    """Nothing is recorded."""
    with torch.no_grad():
        return zeros_for(n_rows, dense).index_add(0, idx[0], terms_of(idx, vals, dense))


@restated("terms-without-dense")
def sum_of_dense(idx, vals, n_rows, dense):
    """Each term gets the sum of all rows."""
    terms = vals[:, None] * dense.sum(0, keepdim=True)
    return zeros_for(n_rows, dense).index_add(0, idx[0], terms)
