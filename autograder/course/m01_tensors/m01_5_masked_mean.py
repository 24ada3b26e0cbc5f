"""Mistakes of masked_mean."""

from __future__ import annotations

from typing import Any

import torch
from m01_tensors import masked_mean
from torch import Tensor

from autograder.course.marks import mistake


@mistake("product-averaged")
def product_averaged(x: Tensor, keep: Tensor) -> Tensor:
    """You multiplied by the mask and averaged over everything. The dropped entries still count as
    zeros, so the mean shrinks with the share that is kept; and a dropped nan stays nan, for nan
    times 0 is nan. Take the kept entries out instead."""
    masked_mean(x, keep)
    return (x * keep).mean()


@mistake("product-summed")
def product_summed(x: Tensor, keep: Tensor) -> Tensor:
    """You multiplied by the mask before you summed. That drops finite numbers only: nan times 0 is
    nan, and so is inf times 0, so one spoilt entry that nobody wants spoils the whole mean. Take
    the kept entries out instead."""
    masked_mean(x, keep)
    return (x * keep).sum() / keep.sum()


@mistake("zeros-averaged")
def zeros_averaged(x: Tensor, keep: Tensor) -> Tensor:
    """You put zeros where nothing is kept and averaged over everything. The zeros count as entries,
    so the mean shrinks with the share that is kept. Look at the number that the sum is divided
    by."""
    masked_mean(x, keep)
    return x.where(keep, 0).mean()


@mistake("uint8-mask", asks="tb.29")
def uint8_mask(x: Tensor, keep: Tensor) -> Tensor:
    """You made a uint8 tensor of the mask. Such masks are deprecated, and torch warns of them: in
    an index its numbers will one day be read as places, as those of int64 already are. Use the
    bool tensor as it comes."""
    masked_mean(x, keep)
    return x[keep.byte()].mean()


@mistake("mask-as-places", asks="tb.29")
def mask_as_places(x: Tensor, keep: Tensor) -> Tensor:
    """You made ints of the mask and took them as an index. Ints are places: 0 and 1 fetch the first
    and the second row, again and again. Only a bool tensor says yes or no for each entry."""
    masked_mean(x, keep)
    return x[keep.long()].mean()


@mistake("dropped-averaged", asks="tb.29")
def dropped_averaged(x: Tensor, keep: Tensor) -> Tensor:
    """You averaged the entries at which the mask is False. Some libraries mark what is to be left
    out, as NumPy's masked arrays do; this mask marks what is kept. Look at where it is turned
    round."""
    return masked_mean(x, ~keep)


@mistake("nans-skipped")
def nans_skipped(x: Tensor, keep: Tensor) -> Tensor:
    """You leave out every nan, also one that is kept. It then looks as if all had been measured,
    and nobody learns that the data are spoilt. The mask alone says what is left out."""
    masked_mean(x, keep)
    return x[keep].nanmean()


@mistake("nothing-kept-accepted")
def nothing_kept_accepted(x: Tensor, keep: Tensor) -> Tensor:
    """Where nothing is kept, you return something. The mean of nothing is 0 divided by 0: as nan it
    spoils all that follows, as 0 it looks like a measurement. Raise a ValueError before you
    average."""
    return x[keep].mean()


@mistake("error-returned")
def error_returned(x: Tensor, keep: Tensor) -> Any:
    """You make a ValueError and return it: for Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised."""
    return masked_mean(x, keep) if keep.any() else ValueError("no entry is kept")


@mistake("item")
def item(x: Tensor, keep: Tensor) -> Any:
    """You returned a Python number. It has no graph behind it, so backward() cannot be called and
    nothing is learned. Keep the 0-dim tensor; take the number out only to print it."""
    return masked_mean(x, keep).item()


@mistake("cut-off")
def cut_off(x: Tensor, keep: Tensor) -> Tensor:
    """Your mean is cut off from x, so no gradient gets back to it. Look for detach, .data, no_grad,
    NumPy, or a new tensor that is made of the result."""
    return masked_mean(x, keep).detach()


@mistake("mean-of-row-means")
def mean_of_row_means(x: Tensor, keep: Tensor) -> Tensor:
    """You averaged each row and then the rows. Rows keep different numbers of entries, so an entry
    in a short row counts more than one in a long row. Divide one sum by one count."""
    masked_mean(x, keep)
    means = [x[n][keep[n]].mean() for n in range(len(x)) if keep[n].any()]
    return torch.stack(means).mean()


@mistake("dropped-overwritten")
def dropped_overwritten(x: Tensor, keep: Tensor) -> Tensor:
    """You wrote into the caller's x where nothing is kept. A parameter refuses that, and other data
    are lost: the caller still needs them. Take the kept entries out, or make a new tensor."""
    x[~keep] = 0
    return masked_mean(x, keep)


@mistake("sum-for-mean")
def sum_for_mean(x: Tensor, keep: Tensor) -> Tensor:
    """You summed the kept entries and did not divide, so the result grows with their number. Look
    at the last operation."""
    masked_mean(x, keep)
    return x[keep].sum()


@mistake("float32")
def float32(x: Tensor, keep: Tensor) -> Tensor:
    """Your mean is float32 whatever x is. The digits of float64 are lost, and the result fits no
    other tensor of x's dtype. Look for float(), or for a tensor that is made without a dtype."""
    return masked_mean(x.float(), keep)
