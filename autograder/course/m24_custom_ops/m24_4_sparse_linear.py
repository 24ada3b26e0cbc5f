"""Mistakes of sparse_linear."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from m24_custom_ops import sparse_linear
from torch import Tensor

from autograder.course.marks import mistake


def _matrix(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.sparse_coo_tensor(idx, vals, (n_rows, dense.shape[0]))


@mistake("made-dense", asks="tb.20")
def made_dense(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Tensor:
    """You write out the full matrix, with all its zeros, to multiply it. With 100,000 rows and
    columns these are 80 GB. Only the given places add anything to the result: look at what each of
    them needs."""
    full = torch.zeros(n_rows, dense.shape[0], dtype=dense.dtype, device=dense.device)
    return full.index_put((idx[0], idx[1]), vals, accumulate=True) @ dense


@mistake("sparse-product", asks="tb.20")
def sparse_product(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Tensor:
    """Your call is sparse, but the backward pass makes a tensor as large as the full matrix. So
    does torch's own sparse product: it picks the gradient of vals from one of all places. Use
    operations that touch the given places alone, there and back."""
    product: Tensor = torch.sparse.mm(_matrix(idx, vals, n_rows, dense), dense)
    return product


@mistake("overwritten", asks="tb.20")
def overwritten(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Tensor:
    """Places in one row overwrite each other: of several terms for a row of the result only the
    last one stays. An assignment to repeated indices, also by +=, does not add up. Look for an
    operation that does."""
    out = torch.zeros(n_rows, dense.shape[1], dtype=dense.dtype, device=dense.device)
    out[idx[0]] = vals[:, None] * dense[idx[1]]
    return out


@mistake("repeats-dropped", asks="tb.20")
def repeats_dropped(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Tensor:
    """Where a place comes several times, you use one of its numbers and drop the others. In a
    sparse matrix they are added up. Look at what you do with repeated columns of idx."""
    places: dict[tuple[int, ...], int] = {}
    for k, place in enumerate(idx.t().tolist()):
        places.setdefault(tuple(place), k)
    kept = list(places.values())
    return sparse_linear(idx[:, kept], vals[kept], n_rows, dense)


@mistake("turned")
def turned(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Tensor:
    """You took rows for columns. idx[0] says where in the result a term belongs, idx[1] which row
    of dense it is made of; the other way round you multiply by the transposed matrix, or an index
    is out of range. Look at both."""
    return sparse_linear(idx.flip(0), vals, n_rows, dense)


@mistake("vals-left-out", asks="tb.20")
def vals_left_out(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Tensor:
    """You never use vals: every place counts as 1. A sparse matrix says where its numbers stand and
    also what they are. Look at what each row of dense is multiplied by."""
    return sparse_linear(idx, torch.ones_like(vals), n_rows, dense)


@mistake("rows-guessed", asks="tb.20")
def rows_guessed(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Tensor:
    """You take the largest row index for the number of rows. Rows at the end may be empty, and the
    places do not tell that: so n_rows is handed over. Look at the shape of your result."""
    return sparse_linear(idx, vals, int(idx[0].max()) + 1 if idx.numel() else 0, dense)


@mistake("cut-off")
def cut_off(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Tensor:
    """Your result is cut off from vals and dense, so neither can be trained. Numbers that are taken
    out of a tensor, by .data, detach, tolist or under no_grad(), have no history. Stay with
    operations on tensors."""
    return sparse_linear(idx, vals, n_rows, dense).detach()


@mistake("terms-without-dense")
def terms_without_dense(idx: Tensor, vals: Tensor, n_rows: int, dense: Tensor) -> Tensor:
    """You add up each row of the matrix and multiply afterwards by a sum of dense. Every place has
    a row of dense of its own, chosen by its column. Look at where idx[1] comes in."""
    sums = torch.zeros(n_rows, dtype=vals.dtype, device=vals.device).index_add(0, idx[0], vals)
    return sums[:, None] * dense.sum(0)
