"""Mistakes of dmse_dpred."""

from __future__ import annotations

from m06_model import mse
from torch import Tensor

from autograder.course.marks import mistake


@mistake("factor-two-lost", asks="lr.4")
def factor_two_lost(pred: Tensor, target: Tensor) -> Tensor:
    """Your derivative is half of the right one everywhere: the factor 2, which a square gets when
    it is differentiated, is missing. It cancels only for a loss with a 1/2 in front, and this one
    has none. Look at the derivative of a single square."""
    return (pred - target) / pred.numel()


@mistake("divided-by-rows")
def divided_by_rows(pred: Tensor, target: Tensor) -> Tensor:
    """You divided by the number of rows. The loss averages over all elements, N times O of them, so
    with several targets your derivative is too large by their number. With one target nobody would
    notice. Look at what you divide by."""
    return 2 * (pred - target) / pred.shape[0]


@mistake("one-over-rows")
def one_over_rows(pred: Tensor, target: Tensor) -> Tensor:
    """You have the derivative of another convention, the sum of squares over twice the number of
    rows: without the factor 2, and divided by N. With exactly two targets both agree by chance.
    Derive it for the plain mean over all elements."""
    return (pred - target) / pred.shape[0]


@mistake("target-minus-prediction")
def target_minus_prediction(pred: Tensor, target: Tensor) -> Tensor:
    """Every sign is wrong. A prediction that is too high should have a positive derivative: raising
    it makes the loss larger. A step against your derivative would make the loss grow. Look at the
    order of the subtraction, or at the inner derivative."""
    return 2 * (target - pred) / pred.numel()


@mistake("sum-for-mean")
def sum_for_mean(pred: Tensor, target: Tensor) -> Tensor:
    """You differentiated the sum of the squared errors. The loss is their mean, so each derivative
    is smaller by the number of elements; yours would make the steps grow with the data. Look for
    the division."""
    return 2 * (pred - target)


@mistake("averaged")
def averaged(pred: Tensor, target: Tensor) -> Tensor:
    """You averaged at the end and returned one number. Averaging belongs to the loss; its
    derivative has one element per prediction, because each of them can move alone. Look at where
    the division by the number of elements goes."""
    return (2 * (pred - target)).mean()


@mistake("absolute-error")
def absolute_error(pred: Tensor, target: Tensor) -> Tensor:
    """You kept only the signs of the errors: that is the derivative of the mean absolute error. The
    derivative of a squared error grows with the error. Look at how your derivative depends on the
    size of an error."""
    return (pred - target).sign() / pred.numel()


@mistake("autograd")
def autograd_for_prediction(pred: Tensor, target: Tensor) -> Tensor:
    """Your numbers come from autograd, but the task is to derive them by hand. Autograd is refused
    here in every form, and your code fails in inference mode. Write down the derivative of one
    squared error instead of asking for it."""
    pred = pred.detach().clone().requires_grad_()
    mse(pred, target).backward()
    return pred.grad  # type: ignore[return-value]


@mistake("errors-squared")
def errors_squared(pred: Tensor, target: Tensor) -> Tensor:
    """You kept the squares of the errors: a derivative of a square is no square any more, and it is
    negative where the prediction is too low. Differentiate one square, and look at the exponent."""
    return 2 * (pred - target) ** 2 / pred.numel()
