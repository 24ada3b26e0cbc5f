"""Other ways to do masked_mean."""

from __future__ import annotations

import torch
from m01_tensors import masked_mean

from autograder.course.marks import restated, right, wrong


@right()
def selected(x, keep):
    """Lets masked_select pick the entries and divides their sum."""
    kept = torch.masked_select(x, keep)
    if kept.numel() == 0:
        raise ValueError
    return kept.sum() / kept.numel()


@right()
def zeros_in_place_of_the_dropped(x, keep):
    """Replaces what is dropped by zeros before it sums, and divides by the count of the kept."""
    k = keep.sum()
    if k == 0:
        raise ValueError("nothing to average")
    return torch.where(keep, x, torch.zeros_like(x)).sum() / k


@right()
def one_entry_after_the_other(x, keep):
    """Goes through both tensors in a loop."""
    total, count = 0, 0
    for number, kept in zip(x.flatten(), keep.flatten(), strict=True):
        if kept:
            total = total + number
            count += 1
    if not count:
        raise ValueError(f"0 of {keep.numel()} entries are kept")
    return total / count


@right()
def by_their_places(x, keep):
    """Looks up the places of the kept entries and gathers them."""
    places = keep.flatten().nonzero().squeeze(1)
    if len(places) < 1:
        raise ValueError("nothing")
    return x.reshape(-1).index_select(0, places).mean(dim=0)


@right()
def filled_and_counted(x, keep):
    """Fills a copy with zeros and counts with count_nonzero."""
    count = torch.count_nonzero(keep).item()
    if count == 0:
        raise ValueError("mean of nothing")
    return x.masked_fill(keep.logical_not(), 0.0).flatten().sum(0).div(count)


@right()
def negated_twice(x, keep):
    """Refuses what is wholly dropped; the sum is weighted beforehand."""
    dropped = ~keep
    if torch.all(dropped):
        raise ValueError("all dropped")
    return (x[keep == True] / keep.sum()).sum()  # noqa: E712


@wrong()
def median(x, keep):
    """Returns the median of the kept entries."""
    masked_mean(x, keep)
    return x[keep].median()


@wrong()
def unbiased(x, keep):
    """Divides by one less than the count."""
    masked_mean(x, keep)
    return x[keep].sum() / max(int(keep.sum()) - 1, 1)


@wrong()
def keeps_a_dimension(x, keep):
    """Returns a vector of one number."""
    return masked_mean(x, keep).reshape(1)


@wrong()
def one_per_column(x, keep):
    """Averages each column."""
    masked_mean(x, keep)
    return x.where(keep, 0).sum(0) / keep.sum(0).clamp(min=1)


@wrong(named="nans-skipped")
def nansum_of_the_product(x, keep):
    """Multiplies by the mask and leaves out what is nan then."""
    masked_mean(x, keep)
    return (x * keep).nansum() / keep.sum()


@wrong(named="nans-skipped")
def finite_only(x, keep):
    """Leaves out a kept entry that is not finite, and counts the rest."""
    masked_mean(x, keep)
    good = keep & x.isfinite()
    return x[good].sum() / good.sum()


@wrong()
def nan_as_zero(x, keep):
    """Takes a kept nan for a 0."""
    masked_mean(x, keep)
    return x[keep].nan_to_num().mean()


@wrong()
def epsilon(x, keep):
    """Adds a small number to the count so as not to divide by 0."""
    masked_mean(x, keep)
    return x.where(keep, 0).sum() / (keep.sum() + 1e-6)


@wrong()
def gradient_through_where(x, keep):
    """Masks the product afterwards: the value is right, the gradient nan where x is inf."""
    masked_mean(x, keep)
    return torch.where(keep, x * x / x, 0).sum() / keep.sum()


@wrong()
def positive_only(x, keep):
    """Takes the kept entries that are positive."""
    masked_mean(x, keep)
    return x[keep].clamp(min=0).mean()


@wrong()
def another_exception(x, keep):
    """Raises AssertionError where nothing is kept."""
    assert keep.any(), "nothing kept"
    return masked_mean(x, keep)


@wrong()
def a_mask_that_is_full_is_refused(x, keep):
    """Refuses a mask that keeps all."""
    if keep.all():
        raise ValueError("nothing is dropped")
    return masked_mean(x, keep)


@wrong()
def empty_is_accepted(x, keep):
    """Returns nan for an x without entries."""
    return x.sum() / 0 if x.numel() == 0 else masked_mean(x, keep)


@wrong()
def mask_cleared(x, keep):
    """Leaves the caller's mask empty."""
    mean = masked_mean(x, keep)
    keep.zero_()
    return mean


@wrong(named="product-averaged, nothing-kept-accepted")
def first_draft(x, keep):
    """Multiplies by the mask and averages; asks for nothing."""
    return (x * keep).mean()


@wrong(asks="tb.29")
def where_with_uint8(x, keep):
    """Hands torch.where a uint8 condition, which is deprecated."""
    masked_mean(x, keep)
    return torch.where(keep.to(torch.uint8), x, x.new_zeros(())).sum() / keep.sum()


@restated("product-averaged")
def weights_of_zero(x, keep):
    """Gives the dropped entries the weight 0 in a mean over all."""
    if keep.sum() == 0:
        raise ValueError("nothing")
    return torch.mean(x.mul(keep.to(x.dtype)))


@restated("product-summed")
def weighted_by_the_mask(x, keep):
    """Weighs with the mask as numbers and divides by the sum of the weights."""
    weights = keep.to(x.dtype)
    if weights.sum() == 0:
        raise ValueError("nothing")
    return torch.sum(weights * x) / weights.sum()


@restated("zeros-averaged")
def filled_and_averaged(x, keep):
    """Fills with zeros and calls mean."""
    if not keep.any():
        raise ValueError("nothing")
    return torch.masked_fill(x, ~keep, 0).mean()


@restated("uint8-mask")
def byte_index(x, keep):
    """Converts the mask by type."""
    if not bool(keep.any()):
        raise ValueError("nothing")
    mask = keep.type(torch.uint8)
    return x[mask].sum() / mask.sum()


@restated("dropped-averaged")
def masked_out(x, keep):
    """Reads True as masked out."""
    rest = torch.logical_not(keep)
    if rest.sum() == 0:
        raise ValueError("nothing")
    return torch.masked_select(x, rest).mean()


@restated("nans-skipped")
def counted_without_nans(x, keep):
    """Takes what is kept and no nan."""
    if not keep.any():
        raise ValueError("nothing")
    good = torch.logical_and(keep, ~torch.isnan(x))
    return x[good].mean()


@restated("nothing-kept-accepted")
def divided_by_at_least_one(x, keep):
    """Divides by at least 1."""
    return x.masked_fill(~keep, 0).sum() / keep.sum().clamp(min=1)


@restated("error-returned")
def exception_as_a_value(x, keep):
    """Returns an instance of the class."""
    if not keep.any():
        return ValueError("no entry is kept: the mean is undefined")
    return torch.mean(x[keep])


@restated("item")
def as_a_float(x, keep):
    """Calls float on the mean."""
    if not keep.any():
        raise ValueError("nothing")
    return float(x[keep].mean())


@restated("cut-off")
def under_no_grad(x, keep):
    """Averages under no_grad."""
    if not keep.any():
        raise ValueError("nothing")
    with torch.no_grad():
        return x[keep].mean()


@restated("mean-of-row-means")
def rows_first(x, keep):
    """Averages the rows that keep something, then these means."""
    if not keep.any():
        raise ValueError("nothing")
    total, rows = 0, 0
    for row, mask in zip(x, keep, strict=True):
        if mask.any():
            total = total + row[mask].mean()
            rows += 1
    return total / rows


@restated("dropped-overwritten")
def zeros_written(x, keep):
    """Fills the caller's tensor in place."""
    if not keep.any():
        raise ValueError("nothing")
    x.masked_fill_(~keep, 0)
    return x.sum() / keep.sum()


@restated("sum-for-mean")
def added_up(x, keep):
    """Adds up what is kept."""
    if not keep.any():
        raise ValueError("nothing")
    return torch.where(keep, x, 0).sum()


@restated("float32")
def counted_in_float32(x, keep):
    """Converts the result."""
    if not keep.any():
        raise ValueError("nothing")
    return x[keep].to(torch.float32).mean()


@restated("mask-as-places")
def ints_as_an_index(x, keep):
    """Indexes with int32 numbers."""
    if not keep.any():
        raise ValueError("nothing")
    return x[keep.int() * 1].sum() / x[keep.int()].numel()
