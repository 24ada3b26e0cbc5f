"""Mistakes of batch_grad_variance."""

from __future__ import annotations

import itertools

import m09_data
import torch
from torch import Tensor

from autograder.course.marks import mistake


@mistake("with-replacement", asks="lr.7")
def with_replacement(g: Tensor, batch: int) -> Tensor:
    """You divide the variance by the batch size: that holds for rows drawn with replacement.
    Without replacement the mean of a batch varies less, and not at all where the batch holds all
    rows. A factor that depends on N and the batch size is missing."""
    return g.var(dim=0, correction=0) / batch


@mistake("batch-size-squared")
def batch_size_squared(g: Tensor, batch: int) -> Tensor:
    """You divide by the square of the batch size. A mean divides the sum by it, which makes the
    variance smaller by the square, but the sum of that many rows also varies more. What is left of
    the two?"""
    return m09_data.batch_grad_variance(g, batch) / batch


@mistake("unbiased-and-corrected")
def unbiased_and_corrected(g: Tensor, batch: int) -> Tensor:
    """Too large by the factor N/(N-1): torch's var divides by N - 1 by default, and your factor
    divides by N - 1 again. The N rows are all there are, not a sample from more. Look at the
    argument correction of var."""
    return g.var(dim=0) / batch * (len(g) - batch) / (len(g) - 1)


@mistake("textbook-estimate")
def textbook_estimate(g: Tensor, batch: int) -> Tensor:
    """You take the sample variance, which divides by N - 1, over the batch size. That estimates how
    a mean varies when its rows come from infinitely many. Here N rows are all there are, drawn
    without replacement: nothing varies when the batch holds them all."""
    return g.var(dim=0) / batch


@mistake("share-left-out")
def share_left_out(g: Tensor, batch: int) -> Tensor:
    """Too small by the factor (N-1)/N: you divide by N in the variance of the rows, and by N again
    in the factor for drawing without replacement. One of the two has to be N - 1: check it with N =
    2 and a batch of one row."""
    return g.var(dim=0, correction=0) / batch * (len(g) - batch) / len(g)


@mistake("standard-deviation")
def standard_deviation(g: Tensor, batch: int) -> Tensor:
    """You return the standard deviation, the root of what is asked for. The variance is the mean
    squared distance from the mean gradient, before any root."""
    return m09_data.batch_grad_variance(g, batch).sqrt()


@mistake("sampled")
def sampled(g: Tensor, batch: int) -> Tensor:
    """Your result is another one at every call, as an estimate from some random batches is. The
    task asks for the exact value: over all batches that could have been drawn there is a
    formula."""
    means = [g[torch.randperm(len(g))[:batch]].mean(0) for _ in range(100)]
    return torch.stack(means).var(0)


@mistake("rows-not-averaged")
def rows_not_averaged(g: Tensor, batch: int) -> Tensor:
    """You return how much the gradients of single rows vary. The mean over a batch varies less, the
    less the more rows it has. Look at where the batch size enters your formula."""
    return g.var(dim=0)


@mistake("rows-not-averaged-over-n")
def rows_not_averaged_over_n(g: Tensor, batch: int) -> Tensor:
    """You return the variance of the gradients of single rows. The mean over a batch varies less,
    the less the more rows it has. Look at where the batch size enters your formula."""
    return g.var(dim=0, correction=0)


@mistake("batches-of-one-epoch")
def batches_of_one_epoch(g: Tensor, batch: int) -> Tensor:
    """You cut the rows into batches in their order and take the variance of these means. They are
    only a few of all the batches that could be drawn, and a last, shorter one counts as much as the
    others. The task asks about all choices of rows."""
    return torch.stack([rows.mean(0) for rows in g.split(batch)]).var(0, correction=0)


@mistake("all-batches-as-a-sample")
def all_batches_as_a_sample(g: Tensor, batch: int) -> Tensor:
    """You go through all batches that could be drawn, and then take them for a sample: torch's var
    divides by their number less 1. They are all there are. Look at the argument correction of
    var."""
    choices = itertools.combinations(range(len(g)), batch)
    return torch.stack([g[list(rows)].mean(0) for rows in choices]).var(0)


@mistake("first-rows-only")
def first_rows_only(g: Tensor, batch: int) -> Tensor:
    """You take the first rows for the batch and the variance inside it. Asked is how the mean of a
    batch varies from one random batch to another. All rows of g can be drawn: look at what you do
    with those behind the first batch."""
    return g[:batch].var(dim=0, correction=0)
