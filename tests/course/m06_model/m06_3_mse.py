"""Other ways to do mse."""

from __future__ import annotations

import warnings

import torch
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
def mean_by_dot_product(pred, target):
    """The flat errors are multiplied by themselves in one dot product."""
    if pred.shape != target.shape:
        raise ValueError
    d = (pred - target).flatten()
    return torch.dot(d, d) / len(d)


@right()
def multiplied_out(pred, target):
    """The square is multiplied out before the mean is taken."""
    if tuple(pred.size()) != tuple(target.size()):
        raise ValueError("shapes differ")
    return (pred * pred - 2 * pred * target + target * target).mean()


@right()
def mean_of_column_means(pred, target):
    """The columns are averaged first, then their means, which are equally many numbers each."""
    if list(pred.shape) != list(target.shape):
        raise ValueError("no broadcasting")
    return torch.square(target - pred).mean(0).mean(0)


@right()
def squared_norm(pred, target):
    """The mean square is the squared length of the error, divided by the count."""
    if pred.shape != target.shape:
        raise ValueError(f"{pred.shape} is not {target.shape}")
    return torch.linalg.vector_norm(pred - target).square() / pred.numel()


@right()
def averaged_term_by_term(pred, target):
    """Each squared error is weighted by one over the count before they are added."""
    if pred.shape != target.shape:
        raise ValueError("shapes")
    n, o = target.shape
    return sum(((p - t) ** 2 / (n * o)).sum() for p, t in zip(pred, target, strict=True))


@wrong(named="divided-by-rows, broadcast")
def first_draft(pred, target):
    """Two at once: divided by the rows, and no shape looked at."""
    error = pred - target
    return (error * error).sum() / len(error)


@restated("half-unreduced")
def halves_of_squares(pred, target):
    """As a textbook has it."""
    return 0.5 * (pred - target.view(pred.shape)).square()


@restated("elements-counted")
def counts_compared(pred, target):
    """Only the numbers of elements are compared."""
    if pred.numel() != target.numel():
        raise ValueError("shapes differ")
    return (pred - target).square().mean()


@restated("rows-counted")
def lengths_compared(pred, target):
    """Only the numbers of rows are compared."""
    if len(pred) != len(target):
        raise ValueError("shapes differ")
    return (pred - target).square().mean()


@wrong()
def rows_and_axes_compared(pred, target):
    """A single column of predictions is broadcast to all targets."""
    if len(pred) != len(target) or pred.ndim != target.ndim:
        raise ValueError("shapes differ")
    return (pred - target).square().mean()


@wrong()
def fewer_predictions_broadcast(pred, target):
    """Only predictions with more rows than the targets are refused, not those with fewer."""
    if pred.shape[1:] != target.shape[1:] or len(pred) > len(target):
        raise ValueError("shapes differ")
    return (pred - target).square().mean()


@wrong()
def asserted(pred, target):
    """Unequal shapes raise AssertionError."""
    assert pred.shape == target.shape, "shapes differ"
    return (pred - target).square().mean()


@wrong()
def nan_skipped(pred, target):
    """Errors that are nan count as 0, so a broken model looks good."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred - target).square().nansum() / pred.numel()


@wrong(asks="m2.2d")
def capped(pred, target):
    """Large squared errors are cut off."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred - target).square().clamp(max=1000000.0).mean()


@wrong()
def rounded_to_float32(pred, target):
    """The errors pass through float32."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred.float() - target.float()).square().mean().to(pred.dtype)


@wrong()
def broadcast_along_ones(pred, target):
    """Axes of length 1 are allowed to differ."""
    if any(a != b and 1 not in (a, b) for a, b in zip(pred.shape, target.shape, strict=False)):
        raise ValueError("shapes differ")
    return (pred - target).square().mean()


@wrong()
def squeezed_shapes_compared(pred, target):
    """Axes of length 1 are dropped before the shapes are compared."""
    if pred.squeeze().shape != target.squeeze().shape:
        raise ValueError("shapes differ")
    return (pred.squeeze() - target.squeeze()).square().mean()


@wrong()
def two_targets_assumed(pred, target):
    """The sum is divided by twice the rows, as if there were always two targets."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred - target).square().sum() / (2 * len(pred))


@wrong()
def unbiased(pred, target):
    """The sum is divided by one less than the count, as for a sample variance."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred - target).square().sum() / max(pred.numel() - 1, 1)


@wrong()
def nearly_the_mean(pred, target):
    """The loss is a thousandth too large."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return 1.001 * (pred - target).square().mean()


@restated("torchs-own-loss")
def object_of_the_library(pred, target):
    """An object of torch's class, whose warning about shapes is not shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nn.MSELoss()(pred, target)


@restated("torchs-own-loss-after-a-check")
def of_the_library(pred, target):
    """Checks the shapes and leaves the rest to torch, up to the mean."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return torch.nn.functional.mse_loss(pred, target, reduction="none").mean()


@wrong()
def error_written_into_pred(pred, target):
    """Leaves the error where the predictions were."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    error = pred - target
    pred.data.copy_(error.detach())
    return (error**2).mean()


@restated("sum-for-mean")
def all_squares_added(pred, target):
    """The squared errors are added up."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return torch.sum((target - pred) ** 2)


@restated("divided-by-rows")
def sum_over_length(pred, target):
    """The sum of squares is divided by len."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return ((pred - target) ** 2).sum() / len(pred)


@restated("not-squared")
def difference_of_means(pred, target):
    """The means are subtracted, which averages the errors."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return pred.mean() - target.mean()


@restated("absolute")
def l1_loss(pred, target):
    """torch's L1 loss stands for the squared one."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return nn.L1Loss()(pred, target)


@restated("root")
def scaled_norm(pred, target):
    """The norm of the errors is divided by the root of their count."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return torch.linalg.vector_norm(pred - target) / pred.numel() ** 0.5


@restated("mean-then-square")
def squared_sum_of_errors(pred, target):
    """The sum of the errors over their count is squared."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return torch.square((target - pred).sum() / target.numel())


@restated("item")
def as_a_float(pred, target):
    """The mean is handed to float()."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return float(((pred - target) ** 2).mean())


@restated("broadcast")
def shapes_not_compared(pred, target):
    """The loss is computed without a look at the shapes."""
    return torch.mean(torch.pow(pred - target, 2))


@restated("half")
def divided_by_two_m(pred, target):
    """The sum of squares is divided by twice the count."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return ((pred - target) ** 2).sum() / (2 * pred.numel())


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "error = pred - target -> error = target - pred": "a square has no sign",
}
