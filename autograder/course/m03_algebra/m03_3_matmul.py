"""Mistakes of matmul."""

from __future__ import annotations

from typing import Any

import torch
from m03_algebra import matmul
from torch import Tensor

from autograder.course.marks import mistake


@mistake("elementwise", asks="tb.13")
def elementwise(a: Tensor, b: Tensor) -> Tensor:
    """You multiplied a and b element by element. That pairs numbers by position and adds nothing
    up; it fails where the shapes cannot be broadcast, and for square matrices it is silently
    another product. Each row of a has to meet each column of b."""
    return a * b


@mistake("columns-summed", asks="lr.28")
def columns_summed(a: Tensor, b: Tensor) -> Tensor:
    """You add up over the columns of b, and the inner axis stays: your result is [..., n, k]. The
    axis that disappears in a product is the one that a and b have in common, of size k. Look at the
    axis of your sum."""
    _same_inner(a, b)
    return (a.unsqueeze(-1) * b.unsqueeze(-3)).sum(dim=-1)


@mistake("rows-summed", asks="lr.28")
def rows_summed(a: Tensor, b: Tensor) -> Tensor:
    """You add up over the rows of a, and the inner axis stays: your result is [..., k, m]. The axis
    that disappears in a product is the one that a and b have in common, of size k. Look at the axis
    of your sum."""
    _same_inner(a, b)
    return (a.unsqueeze(-1) * b.unsqueeze(-3)).sum(dim=-3)


@mistake("rows-by-rows", asks="lr.28")
def rows_by_rows(a: Tensor, b: Tensor) -> Tensor:
    """You multiply the rows of a by the rows of b, as if b were transposed. These are equally long
    only where k equals m, and then the numbers are silently those of another product. Each row of a
    meets the columns of b."""
    _same_inner(a, b)
    return (a.unsqueeze(-2) * b.unsqueeze(-3)).sum(dim=-1)


@mistake("two-dimensional", asks="tb.13")
def two_dimensional(a: Tensor, b: Tensor) -> Tensor:
    """Your product is right for two plain matrices only. With axes in front, which count matrices,
    your new axes stand in wrong places. Count them from the end: the last two axes are those of
    each matrix, however many come before them."""
    _same_inner(a, b)
    return (a[:, :, None] * b[None]).sum(dim=1)


@mistake("summed-from-the-left", asks="tb.13")
def summed_from_the_left(a: Tensor, b: Tensor) -> Tensor:
    """You sum over axis 1, counted from the left. That is the inner axis for two plain matrices
    only; with axes in front it is another one, and different rows are added up. Count the axis from
    the end."""
    _same_inner(a, b)
    return (a.unsqueeze(-1) * b.unsqueeze(-3)).sum(dim=1)


@mistake("batches-paired")
def batches_paired(a: Tensor, b: Tensor) -> Tensor:
    """You walk through the first axis of a and b in pairs, one matrix of each. Their axes in front
    are broadcast: one matrix may meet many, or one of the two may have more axes than the other.
    Let the multiplication do that, without a walk."""
    if a.dim() == b.dim() == 2:
        return matmul(a, b)
    return torch.stack([batches_paired(x, y) for x, y in zip(a, b, strict=True)])


@mistake("not-summed")
def not_summed(a: Tensor, b: Tensor) -> Tensor:
    """You return the products before they are added up, [..., n, k, m]. Each number of a matrix
    product is the sum of k of them. Look at which axis has to disappear."""
    _same_inner(a, b)
    return a.unsqueeze(-1) * b.unsqueeze(-3)


@mistake("everything-summed")
def everything_summed(a: Tensor, b: Tensor) -> Tensor:
    """You return a single number: your sum goes over all axes. Only the inner axis, of size k, is
    added up; rows and columns stay. Look at what you tell the sum."""
    return matmul(a, b).sum()


@mistake("mean-for-sum")
def mean_for_sum(a: Tensor, b: Tensor) -> Tensor:
    """You take the mean over the inner axis. A matrix product adds up and does not divide: your
    numbers are too small by the factor k. Look at the last operation."""
    return matmul(a, b) / a.shape[-1]


@mistake("transposed")
def transposed(a: Tensor, b: Tensor) -> Tensor:
    """Your product is transposed, [..., m, n]. A row of the result belongs to a row of a, and a
    column to a column of b; for square results the shape does not tell. Look at the order of your
    axes."""
    return matmul(a, b).mT


@mistake("inner-sizes-stretched", asks="tb.13")
def inner_sizes_stretched(a: Tensor, b: Tensor) -> Tensor:
    """You raise no ValueError where the inner sizes differ. A size of 1 is then stretched, so that
    [2, 1] times [3, 4] gives numbers and no error, which no matrix product does. Compare the two
    sizes before you multiply."""
    return (a.unsqueeze(-1) * b.unsqueeze(-3)).sum(dim=-2)


@mistake("torchs-own-product")
def torchs_own_product(a: Tensor, b: Tensor) -> Tensor:
    """You let torch multiply the matrices, with @, matmul, einsum or the like. The task is to build
    the product from elementwise products and sums. And where the inner sizes differ, torch raises
    its own RuntimeError, not the ValueError that is asked for."""
    return a @ b


@mistake("torchs-own-product-after-a-check")
def torchs_own_product_after_a_check(a: Tensor, b: Tensor) -> Tensor:
    """Your numbers are right and other inner sizes are refused, but torch multiplies the matrices,
    with @, matmul, einsum or the like. The task is to build the product from elementwise products
    and sums. Look at the operator between a and b."""
    _same_inner(a, b)
    return a @ b


@mistake("cut-off")
def cut_off(a: Tensor, b: Tensor) -> Tensor:
    """Your product is cut off from a and b, so nothing can be learned through it. Look for detach,
    .data, no_grad, numbers taken out with item() or tolist(), or a new tensor that is made of the
    result."""
    return matmul(a, b).detach()


@mistake("error-returned")
def error_returned(a: Tensor, b: Tensor) -> Any:
    """You make a ValueError and return it: for Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised."""
    return ValueError("sizes differ") if a.shape[-1] != b.shape[-2] else matmul(a, b)


def _same_inner(a: Tensor, b: Tensor) -> None:
    if a.shape[-1] != b.shape[-2]:
        raise ValueError("the inner sizes differ")
