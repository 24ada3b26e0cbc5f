"""Mistakes of pairwise_sq_dists."""

from __future__ import annotations

import torch
from m03_algebra import pairwise_sq_dists
from torch import Tensor

from autograder.course.marks import mistake


@mistake("loops", asks="tb.32")
def loops(a: Tensor, b: Tensor) -> Tensor:
    """You loop over rows: each further one costs more calls of torch, and Python's part of a call
    takes far longer than a subtraction. Let one operation do all pairs: give the rows of a and the
    rows of b axes of their own."""
    return torch.stack([(row - b).square().sum(dim=1) for row in a])


@mistake("multiplied-out")
def multiplied_out(a: Tensor, b: Tensor) -> Tensor:
    """Your distances lose their digits around 1000 in float32, as when the square is multiplied
    out: aa + bb - 2ab is then a small difference of numbers in the millions, and can even be
    negative. Subtract first, while the numbers are exact, and square afterwards."""
    return a.square().sum(dim=1)[:, None] + b.square().sum(dim=1) - 2 * a @ b.T


@mistake("cdist-with-products")
def cdist_with_products(a: Tensor, b: Tensor) -> Tensor:
    """Your distances are exact for few rows, but with more than 25 they lose their digits around
    1000 in float32. torch.cdist does that: beyond 25 rows it multiplies the square out by default,
    unless its compute_mode forbids it. Subtract first, for any number of rows."""
    return torch.cdist(a, b).square()


@mistake("summed-over-rows-of-a")
def summed_over_rows_of_a(a: Tensor, b: Tensor) -> Tensor:
    """You add up over the rows of a, and the axes of space stay: your result is [M, D]. A distance
    belongs to a pair of rows and adds up the D squares of this pair. Look at the axis of your
    sum."""
    return (a.unsqueeze(1) - b).square().sum(dim=0)


@mistake("summed-over-rows-of-b")
def summed_over_rows_of_b(a: Tensor, b: Tensor) -> Tensor:
    """You add up over the rows of b, and the axes of space stay: your result is [N, D]. A distance
    belongs to a pair of rows and adds up the D squares of this pair. Look at the axis of your
    sum."""
    return (a.unsqueeze(1) - b).square().sum(dim=1)


@mistake("not-summed")
def not_summed(a: Tensor, b: Tensor) -> Tensor:
    """You return D numbers for each pair, [N, M, D]. The squared distance of two rows is one
    number, the sum of the squares over the axes of space. Look at what follows the square."""
    return (a.unsqueeze(1) - b).square()


@mistake("paired-rows", asks="tb.32")
def paired_rows(a: Tensor, b: Tensor) -> Tensor:
    """You subtract row i of b from row i of a only. That fails where N and M differ, and gives one
    distance for each row instead of one for each pair. Every row of a has to meet every row of b:
    which axes let them?"""
    return (a - b).square().sum(dim=1)


@mistake("roots")
def roots(a: Tensor, b: Tensor) -> Tensor:
    """You return the distances, not their squares. The square root costs time and has no slope
    where two rows are equal; to find the nearest row nobody needs it. Look at the last
    operation."""
    sums = pairwise_sq_dists(a, b)
    zero = sums == 0
    return torch.where(zero, torch.zeros_like(sums), torch.where(zero, 1.0, sums).sqrt())


@mistake("root-taken-and-squared")
def root_taken_and_squared(a: Tensor, b: Tensor) -> Tensor:
    """Your distances are right, but where two rows are equal the gradient is nan: the slope of a
    square root at 0 is infinite, and times 0 that is no number. Leave the root out instead of
    squaring it away."""
    return pairwise_sq_dists(a, b).sqrt().square()


@mistake("absolute")
def absolute(a: Tensor, b: Tensor) -> Tensor:
    """You add up absolute differences. That is another distance, along the axes as in a town of
    square blocks; the task asks for the squares. Look at how you get rid of the sign."""
    return (a.unsqueeze(1) - b).abs().sum(dim=2)


@mistake("summed-before-squared")
def summed_before_squared(a: Tensor, b: Tensor) -> Tensor:
    """You add up the differences and square the sum. Differences of opposite sign cancel, so two
    rows far apart can have distance 0. Look at the order of squaring and adding up."""
    return (a.unsqueeze(1) - b).sum(dim=2).square()


@mistake("mean-for-sum")
def mean_for_sum(a: Tensor, b: Tensor) -> Tensor:
    """You take the mean over the axes of space. A squared distance is their sum: yours is too small
    by the factor D. Look at the last operation."""
    return pairwise_sq_dists(a, b) / a.shape[1]


@mistake("transposed")
def transposed(a: Tensor, b: Tensor) -> Tensor:
    """Your result is transposed, [M, N]. Row i belongs to row i of a, and column j to row j of b;
    with as many rows in both no shape tells it. Look at which of the two has the first axis."""
    return pairwise_sq_dists(a, b).T


@mistake("everything-summed")
def everything_summed(a: Tensor, b: Tensor) -> Tensor:
    """You return a single number: the sum went over the pairs, too. Each pair of rows has a
    distance of its own. Look at what you tell the sum."""
    return pairwise_sq_dists(a, b).sum()


@mistake("cut-off")
def cut_off(a: Tensor, b: Tensor) -> Tensor:
    """Your distances are cut off from a and b, so nothing can be learned through them. Look for
    detach, .data, no_grad, or numbers that leave torch and come back as a new tensor."""
    return pairwise_sq_dists(a, b).detach()
