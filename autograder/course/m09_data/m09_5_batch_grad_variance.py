"""Mistakes of batch_grad_variance."""

from __future__ import annotations

import m09_data
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
