"""Mistakes of linreg_grads."""

from __future__ import annotations

import torch
from m06_model import model, mse
from m07_gradients import dmse_dpred, linreg_grads
from torch import Tensor

from autograder.course.marks import mistake

Grads = tuple[Tensor, Tensor]


@mistake("weights-transposed", asks="gd.15")
def weights_transposed(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your gradient of w is [I, O]; that of a parameter always has the parameter's own shape,
    [O, I]. Where I equals O the shape looks fine and every weight gets another one's derivative.
    Look at which factor of the product is transposed."""
    gw, gb = linreg_grads(x, y, w, b)
    return gw.T, gb


@mistake("factor-two-lost", asks="lr.40")
def gradients_halved(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Both gradients are half of the right ones: the factor 2 of the square's derivative is
    missing. It cancels only for a loss with a 1/2 in front. Look at the derivative per prediction
    that you start from."""
    gw, gb = linreg_grads(x, y, w, b)
    return gw / 2, gb / 2


@mistake("divided-by-rows")
def gradients_by_rows(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Both gradients are too large by a factor, the number of targets: you divided by the rows
    only. The loss averages over all elements of the error, N times O of them. Look at what you
    divide by."""
    d = 2 * (model(x, w, b) - y) / len(x)
    return d.T @ x, d.sum(0)


@mistake("one-over-rows")
def gradients_one_over_rows(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """These are the gradients of another convention, the sum of squares over twice the number of
    rows. With exactly two targets, as on the crop table, both agree by chance; otherwise not.
    Derive them for the plain mean over all elements."""
    d = (model(x, w, b) - y) / len(x)
    return d.T @ x, d.sum(0)


@mistake("not-divided")
def not_divided(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """You differentiated the sum of the squared errors, not their mean: both gradients are too
    large by a factor, the number of elements, and grow with the data. Look for the division."""
    d = 2 * (model(x, w, b) - y)
    return d.T @ x, d.sum(0)


@mistake("bias-averaged")
def bias_averaged(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your gradient of b is too small by a factor, the number of rows: you averaged over them. The
    mean is already inside the derivative of each prediction, and a bias that moves changes every
    row's prediction: their effects add up."""
    d = dmse_dpred(model(x, w, b), y)
    return d.T @ x, d.mean(0)


@mistake("bias-per-row", asks="m2.4e")
def bias_per_row(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your gradient of b is [N, O], one row per row of the data. There is only one bias per target,
    shared by all rows, so its gradient is [O]. Look at what has to happen to the rows."""
    d = dmse_dpred(model(x, w, b), y)
    return d.T @ x, d


@mistake("bias-summed-to-one")
def bias_summed_to_one(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your gradient of b is a single number: you added up the targets together with the rows. Every
    target has its own bias, and so its own derivative. Look at the axis of your sum."""
    d = dmse_dpred(model(x, w, b), y)
    return d.T @ x, d.sum()


@mistake("uphill")
def uphill(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Both gradients have the wrong sign: you started from target minus prediction. Subtracting
    them from the parameters would make the loss grow at every step. Look at the order of the
    subtraction."""
    gw, gb = linreg_grads(x, y, w, b)
    return -gw, -gb


@mistake("no-bias")
def no_bias(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """You left the bias out of the predictions, so the errors that you differentiate are not the
    model's. The gradients belong to a point where b is 0. Look at how you compute the
    predictions."""
    return linreg_grads(x, y, w, torch.zeros_like(b))


@mistake("backward")
def backward(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """You let backward() do it. That fills w.grad and b.grad of the caller, adds up when called
    twice, and cannot work in inference mode. The task is the chain rule by hand: start from the
    derivative per prediction."""
    mse(model(x, w, b), y).backward()
    return w.grad, b.grad  # type: ignore[return-value]


@mistake("autograd")
def autograd(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your numbers come from autograd, but the task is to derive them by hand. Autograd is refused
    here in every form, and your code fails in inference mode. Start from the derivative per
    prediction and apply the chain rule yourself."""
    gw, gb = torch.autograd.grad(mse(model(x, w, b), y), (w, b))
    return gw, gb


@mistake("bias-summed-over-targets")
def bias_summed_over_targets(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your gradient of b has one number per row: you added up the targets of each row. Every target
    has a bias of its own, which all rows share, so the rows are what is added up. Look at the axis
    of your sum."""
    d = dmse_dpred(model(x, w, b), y)
    return d.T @ x, d.sum(1)


@mistake("stored-in-grad")
def stored_in_grad(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """You write into w.grad and b.grad. They are the caller's, who may still need what they held.
    This function stores nothing: it only returns the two gradients."""
    w.grad, b.grad = (g.detach() for g in linreg_grads(x, y, w, b))
    return w.grad, b.grad
