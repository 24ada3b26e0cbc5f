"""Mistakes of best_constant and pull."""

from __future__ import annotations

from typing import Any

from m15_losses import best_constant, pull
from torch import Tensor

from autograder.course.marks import mistake


@mistake("mean-and-median-swapped", asks="lr.13")
def mean_and_median_swapped(y: Tensor, loss: str) -> float:
    """Your best_constant takes the median for mse and the mean for l1. Squared errors are balanced
    where the distances to both sides add up alike, absolute ones where as many numbers lie above as
    below. Look at which is which."""
    return best_constant(y, {"mse": "l1", "l1": "mse"}.get(loss, loss))


@mistake("mean-for-both", asks="lr.13")
def mean_for_both(y: Tensor, loss: str) -> float:
    """Your best_constant takes the mean for l1, too. A single number far away drags the mean along,
    but the absolute error pulls at it no harder than at the others. Count the numbers above and
    below."""
    return best_constant(y, "mse" if loss == "l1" else loss)


@mistake("median-for-both", asks="lr.13")
def median_for_both(y: Tensor, loss: str) -> float:
    """Your best_constant takes the median for mse, too. The squared error pulls in proportion to
    the distance, so a number that is far away counts more than one that is near. Look at where all
    these pulls cancel."""
    return best_constant(y, "l1" if loss == "mse" else loss)


@mistake("not-sorted")
def not_sorted(y: Tensor, loss: str) -> float:
    """For l1 your best_constant takes the number in the middle of y as it stands. The median is in
    the middle of the sorted numbers; the order of the rows tells nothing. Look at what happens
    before you index."""
    return y[len(y) // 2].item() if loss == "l1" else best_constant(y, loss)


@mistake("middle-of-the-range")
def middle_of_the_range(y: Tensor, loss: str) -> float:
    """For l1 your best_constant takes the middle between the smallest and the largest number. That
    makes the largest error as small as possible, and two outliers decide it alone. Count the
    numbers above and below."""
    return ((y.min() + y.max()) / 2).item() if loss == "l1" else best_constant(y, loss)


@mistake("constant-is-a-tensor")
def constant_is_a_tensor(y: Tensor, loss: str) -> Any:
    """Your best_constant returns a tensor. The task asks for a number of Python, which is on no
    device and has no graph. Take the number out of the tensor."""
    best_constant(y, loss)
    return y.mean() if loss == "mse" else y.median()


@mistake("other-losses-pass")
def other_losses_pass(y: Tensor, loss: str) -> float:
    """No ValueError leaves your best_constant where the loss has another name. A caller who
    mistypes it goes on with a wrong answer, or with none. Names that it does not know have to be
    refused with one."""
    return best_constant(y, "mse" if loss == "mse" else "l1")


@mistake("error-returned")
def error_returned(y: Tensor, loss: str) -> Any:
    """Your best_constant makes a ValueError and returns it: for Python that is a value like any
    other, and the caller goes on with it. An exception stops the caller only when it is raised."""
    return best_constant(y, loss) if loss in ("mse", "l1") else ValueError("unknown loss")


@mistake("pull-2e-for-l1", replaces="pull", asks="lr.13")
def pull_2e_for_l1(e: float, loss: str) -> float:
    """Your pull grows with the error for l1, too. The graph of the absolute value is made of two
    straight lines, which are as steep far away as they are near 0. Look at the slope of each of
    them."""
    return pull(e, "mse" if loss == "l1" else loss)


@mistake("pull-without-the-2", replaces="pull")
def pull_without_the_2(e: float, loss: str) -> float:
    """For mse your pull is the error itself. The derivative of a square has a factor of two. Look
    at the derivative of e squared."""
    return e if loss == "mse" else pull(e, loss)


@mistake("loss-for-pull", replaces="pull")
def loss_for_pull(e: float, loss: str) -> float:
    """Your pull is the loss of the error: its square, or its absolute value. Asked for is how fast
    that grows with the error, its derivative. Look at the slope of the two graphs, not at their
    height."""
    pull(e, loss)
    return e**2 if loss == "mse" else abs(e)


@mistake("pull-downhill", replaces="pull")
def pull_downhill(e: float, loss: str) -> float:
    """Your pull has the sign turned: it is the way in which descent moves the prediction. The
    derivative points to where the loss grows, so it has the sign of the error. Look at the
    minus."""
    return -pull(e, loss)


@mistake("pull-always-1", replaces="pull")
def pull_always_1(e: float, loss: str) -> float:
    """For l1 your pull is 1 for errors of either sign. Left of 0 the absolute value falls, so its
    derivative is below 0 there. Look at what happens to the sign of the error."""
    return 1.0 if loss == "l1" and e else pull(e, loss)


@mistake("nothing-at-0", replaces="pull")
def nothing_at_0(e: float, loss: str) -> float:
    """For l1 your pull divides the error by its size, which cannot be done at 0. There the task
    wants 0, as torch has it. Treat that place apart."""
    return e / abs(e) if loss == "l1" else pull(e, loss)


@mistake("one-side-at-0", replaces="pull")
def one_side_at_0(e: float, loss: str) -> float:
    """For l1 your pull counts 0 among the errors above 0. At the corner itself the task wants 0, as
    torch has it. There are three cases, not two."""
    return (1.0 if e >= 0 else -1.0) if loss == "l1" else pull(e, loss)


@mistake("other-side-at-0", replaces="pull")
def other_side_at_0(e: float, loss: str) -> float:
    """For l1 your pull counts 0 among the errors below 0. At the corner itself the task wants 0, as
    torch has it. There are three cases, not two."""
    return (1.0 if e > 0 else -1.0) if loss == "l1" else pull(e, loss)


@mistake("other-losses-pull", replaces="pull")
def other_losses_pull(e: float, loss: str) -> float:
    """No ValueError leaves your pull where the loss has another name. A caller who mistypes it goes
    on with a wrong answer, or with none. Names that it does not know have to be refused with
    one."""
    return pull(e, "mse" if loss == "mse" else "l1")
