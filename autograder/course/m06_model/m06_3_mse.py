"""Mistakes of mse."""

from __future__ import annotations

from typing import Any

from m06_model import mse
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("sum-for-mean", asks="lr.26")
def sum_for_mean(pred: Tensor, target: Tensor) -> Tensor:
    """You summed the squared errors and did not divide: the loss now grows with the number of rows,
    so a learning rate that works on 5 rows can be far too large for 5,000. Look at the last
    operation."""
    return mse(pred, target) * pred.numel()


@mistake("divided-by-rows", asks="wf.5")
def divided_by_rows(pred: Tensor, target: Tensor) -> Tensor:
    """You divided the sum of squares by the number of rows. With several targets the result is
    larger than the mean by a factor, their number: the mean runs over all elements, N times O of
    them. Look at what you divide by."""
    return mse(pred, target) * pred.shape[1]


@mistake("not-squared", asks="gd.11")
def not_squared(pred: Tensor, target: Tensor) -> Tensor:
    """You averaged the errors themselves. Positive and negative ones cancel, so a bad prediction
    can have loss 0, and the loss can fall below 0 for ever. Look at what you do with each
    difference before averaging."""
    _same_shape(pred, target)
    return (pred - target).mean()


@mistake("absolute", asks="gd.12")
def absolute(pred: Tensor, target: Tensor) -> Tensor:
    """You averaged absolute errors. That is another loss, the mean absolute error: its gradient
    knows only the sign of an error, not its size. Look at how you get rid of the sign."""
    _same_shape(pred, target)
    return (pred - target).abs().mean()


@mistake("root")
def root(pred: Tensor, target: Tensor) -> Tensor:
    """You took the square root at the end: the square of your value is right. The root mean squared
    error is good to report in the target's unit, but its gradient is another one. Look at the last
    operation."""
    return mse(pred, target).sqrt()


@mistake("mean-then-square", asks="gd.13")
def mean_then_square(pred: Tensor, target: Tensor) -> Tensor:
    """You averaged first and squared the average. Errors of opposite sign have cancelled by then,
    so a bad prediction with balanced errors has loss 0. Look at the order of squaring and
    averaging."""
    _same_shape(pred, target)
    return (pred - target).mean() ** 2


@mistake("item", asks="tb.18")
def item(pred: Tensor, target: Tensor) -> Any:
    """You returned a Python number. The value is right, but a number has no graph behind it, so
    backward() cannot be called and nothing is learned. Keep the tensor; take the number out only
    to print it."""
    return mse(pred, target).item()


@mistake("broadcast", asks="tb.8")
def broadcast(pred: Tensor, target: Tensor) -> Tensor:
    """No ValueError leaves your code where the shapes differ. Predictions [N, 1] minus targets [N]
    would then broadcast to N x N differences, and their mean is another number, without a warning.
    Raise one before anything is subtracted, and let no `except` of yours catch it."""
    error = pred - target
    return (error * error).mean()


@mistake("half")
def half(pred: Tensor, target: Tensor) -> Tensor:
    """You halved the mean. That is another convention, 1/2m, whose gradient has no factor 2; this
    task asks for the plain mean. Look at the factor before the sum."""
    return mse(pred, target) / 2


@mistake("torchs-own-loss")
def torchs_own_loss(pred: Tensor, target: Tensor) -> Tensor:
    """You let torch's own loss do the work, mse_loss or nn.MSELoss. The task is to write it
    yourself: subtract, square, average. Nor are unequal shapes refused: torch only warns, and
    broadcasts them. Look at the function that you call."""
    return nn.functional.mse_loss(pred, target)


@mistake("torchs-own-loss-after-a-check")
def torchs_own_loss_after_a_check(pred: Tensor, target: Tensor) -> Tensor:
    """Your number is right and unequal shapes are refused, but torch's own loss does the work,
    mse_loss or nn.MSELoss. The task is to write it yourself: subtract, square, average. Look at the
    function that you call."""
    _same_shape(pred, target)
    return nn.functional.mse_loss(pred, target)


@mistake("cut-off")
def cut_off(pred: Tensor, target: Tensor) -> Tensor:
    """Your loss is cut off from the predictions, so backward() reaches nothing and no parameter
    would learn. Look for detach, .data, no_grad, or a new tensor that is made of the result."""
    return mse(pred, target).detach()


@mistake("half-unreduced")
def half_unreduced(pred: Tensor, target: Tensor) -> Tensor:
    """You return half of each squared error, one number for every prediction. A loss is a single
    number, the mean over all of them, and this task wants it without the half. Nor do you refuse a
    target of another shape."""
    return (pred - target.reshape(pred.shape)) ** 2 / 2


@mistake("target-reshaped")
def target_reshaped(pred: Tensor, target: Tensor) -> Tensor:
    """You bring the target into the shape of the predictions instead of comparing the two shapes.
    Numbers of different rows and targets may then meet, and the caller never learns of it. The
    task wants unequal shapes refused with a ValueError."""
    return mse(pred, target.view_as(pred))


@mistake("elements-counted")
def elements_counted(pred: Tensor, target: Tensor) -> Tensor:
    """You compare how many numbers there are, not the shapes. [4, 1] and [4] hold as many, and
    their difference would still be [4, 4]. Compare the shapes themselves."""
    if pred.numel() != target.numel():
        raise ValueError("different numbers of elements")
    error = pred - target
    return (error * error).mean()


@mistake("rows-counted")
def rows_counted(pred: Tensor, target: Tensor) -> Tensor:
    """You compare the numbers of rows only. [4, 1] and [4] have as many, and their difference
    would still be [4, 4]; other unequal shapes pass, too. Compare the whole shapes."""
    if len(pred) != len(target):
        raise ValueError("different numbers of rows")
    error = pred - target
    return (error * error).mean()


@mistake("error-returned")
def error_returned(pred: Tensor, target: Tensor) -> Any:
    """You make a ValueError and return it: for Python that is a value like any other, and the
    caller goes on with it. An exception stops the caller only when it is raised."""
    return mse(pred, target) if pred.shape == target.shape else ValueError("shapes differ")


def _same_shape(pred: Tensor, target: Tensor) -> None:
    mse(pred, target)  # refuses unequal shapes
