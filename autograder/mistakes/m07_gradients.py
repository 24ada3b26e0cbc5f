"""Mistakes of m07: what the gradient says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from m06_model import model, mse
from m07_gradients import dmse_dpred, grads_only, linreg_grads, predicted_change
from torch import Tensor

from autograder.mistakes import mistake

Grads = tuple[Tensor, Tensor]


@mistake("dmse_dpred", "factor-two-lost")
def factor_two_lost(pred: Tensor, target: Tensor) -> Tensor:
    """Your derivative is half of the right one everywhere: the 2 that squaring brings down is
    missing. It cancels only for a loss with a 1/2 in front, and this one has none. Look at the
    derivative of a single square."""
    return (pred - target) / pred.numel()


@mistake("dmse_dpred", "divided-by-rows")
def divided_by_rows(pred: Tensor, target: Tensor) -> Tensor:
    """You divided by the number of rows. The loss averages over all elements, N times O of them, so
    with several targets your derivative is too large by their number. With one target nobody would
    notice. Look at what you divide by."""
    return 2 * (pred - target) / pred.shape[0]


@mistake("dmse_dpred", "one-over-rows")
def one_over_rows(pred: Tensor, target: Tensor) -> Tensor:
    """You have the derivative of another convention, the sum of squares over twice the number of
    rows: no factor 2, and N below. With exactly two targets both agree by luck. Derive it for the
    plain mean over all elements."""
    return (pred - target) / pred.shape[0]


@mistake("dmse_dpred", "target-minus-prediction")
def target_minus_prediction(pred: Tensor, target: Tensor) -> Tensor:
    """Every sign is turned round. A prediction that is too high should have a positive derivative:
    raising it makes the loss worse. Following yours downhill would climb. Look at the order of the
    subtraction, or at the inner derivative."""
    return 2 * (target - pred) / pred.numel()


@mistake("dmse_dpred", "sum-for-mean")
def sum_for_mean(pred: Tensor, target: Tensor) -> Tensor:
    """You differentiated the sum of the squared errors. The loss is their mean, so each derivative
    is smaller by the number of elements; yours would make the steps grow with the data. Look for
    the division."""
    return 2 * (pred - target)


@mistake("dmse_dpred", "averaged")
def averaged(pred: Tensor, target: Tensor) -> Tensor:
    """You averaged at the end and returned one number. Averaging belongs to the loss; its
    derivative has one element per prediction, because each of them can move alone. Look at where
    the division by the number of elements goes."""
    return (2 * (pred - target)).mean()


@mistake("dmse_dpred", "absolute-error")
def absolute_error(pred: Tensor, target: Tensor) -> Tensor:
    """You kept only the signs of the errors: that is the derivative of the mean absolute error. A
    squared error pulls harder the larger it is. Look at how your derivative depends on the size of
    an error."""
    return (pred - target).sign() / pred.numel()


@mistake("dmse_dpred", "autograd")
def autograd_for_prediction(pred: Tensor, target: Tensor) -> Tensor:
    """Your numbers come from autograd, yet this is to be derived by hand, so it is refused here in
    every form, and your code fails in inference mode. Write down the derivative of one squared
    error instead of asking for it."""
    pred = pred.detach().clone().requires_grad_()
    mse(pred, target).backward()
    return pred.grad  # type: ignore[return-value]


@mistake("linreg_grads", "weights-transposed")
def weights_transposed(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your gradient of w is [I, O]; that of a parameter always has the parameter's own shape,
    [O, I]. Where I equals O the shape looks fine and every weight gets another one's derivative.
    Look at which factor of the product is transposed."""
    gw, gb = linreg_grads(x, y, w, b)
    return gw.T, gb


@mistake("linreg_grads", "factor-two-lost")
def gradients_halved(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Both gradients are half of the right ones: the 2 from the square got lost on the way. It
    cancels only for a loss with a 1/2 in front. Look at the derivative per prediction that you
    start from."""
    gw, gb = linreg_grads(x, y, w, b)
    return gw / 2, gb / 2


@mistake("linreg_grads", "divided-by-rows")
def gradients_by_rows(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Both gradients are too large by the number of targets: you divided by the rows only. The loss
    averages over all elements of the error, N times O of them. Look at what you divide by."""
    d = 2 * (model(x, w, b) - y) / len(x)
    return d.T @ x, d.sum(0)


@mistake("linreg_grads", "one-over-rows")
def gradients_one_over_rows(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """These are the gradients of another convention, the sum of squares over twice the number of
    rows. With exactly two targets, as on the crop table, both agree by luck; otherwise not. Derive
    them for the plain mean over all elements."""
    d = (model(x, w, b) - y) / len(x)
    return d.T @ x, d.sum(0)


@mistake("linreg_grads", "not-divided")
def not_divided(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """You differentiated the sum of the squared errors, not their mean: both gradients are too
    large by the number of elements, and grow with the data. Look for the division."""
    d = 2 * (model(x, w, b) - y)
    return d.T @ x, d.sum(0)


@mistake("linreg_grads", "bias-averaged")
def bias_averaged(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your gradient of b is too small by the number of rows: you averaged over them. The mean is
    already inside the derivative of each prediction, and a bias that moves moves every row's
    prediction: their effects add up."""
    d = dmse_dpred(model(x, w, b), y)
    return d.T @ x, d.mean(0)


@mistake("linreg_grads", "bias-per-row")
def bias_per_row(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your gradient of b is [N, O], one row per row of the data. There is only one bias per target,
    shared by all rows, so its gradient is [O]. Look at what has to happen to the rows."""
    d = dmse_dpred(model(x, w, b), y)
    return d.T @ x, d


@mistake("linreg_grads", "bias-summed-to-one")
def bias_summed_to_one(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your gradient of b is a single number: you added up the targets together with the rows. Every
    target has its own bias, and so its own derivative. Look at the axis of your sum."""
    d = dmse_dpred(model(x, w, b), y)
    return d.T @ x, d.sum()


@mistake("linreg_grads", "uphill")
def uphill(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Both gradients have the wrong sign: you started from target minus prediction. Subtracting
    them from the parameters would make the loss grow at every step. Look at the order of the
    subtraction."""
    gw, gb = linreg_grads(x, y, w, b)
    return -gw, -gb


@mistake("linreg_grads", "no-bias")
def no_bias(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """You left the bias out of the predictions, so the errors that you differentiate are not the
    model's. The gradients belong to a point where b is 0. Look at how you compute the
    predictions."""
    return linreg_grads(x, y, w, torch.zeros_like(b))


@mistake("linreg_grads", "backward")
def backward(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """You let backward() do it. That fills w.grad and b.grad of the caller, adds up when called
    twice, and cannot work in inference mode. The task is the chain rule by hand: start from the
    derivative per prediction."""
    mse(model(x, w, b), y).backward()
    return w.grad, b.grad  # type: ignore[return-value]


@mistake("linreg_grads", "autograd")
def autograd(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Grads:
    """Your numbers come from autograd, yet they are to be derived by hand, so it is refused here in
    every form, and your code fails in inference mode. Start from the derivative per prediction
    and apply the chain rule yourself."""
    gw, gb = torch.autograd.grad(mse(model(x, w, b), y), (w, b))
    return gw, gb


@mistake("predicted_change", "product-of-lengths")
def product_of_lengths(grad: Tensor, delta: Tensor) -> float:
    """You multiplied the lengths of the two. That is never negative, so no step would ever lower
    the loss; it holds only for a step straight along the gradient. Directions count: look for an
    operation that keeps the signs."""
    return float(grad.norm() * delta.norm())


@mistake("predicted_change", "always-falls")
def always_falls(grad: Tensor, delta: Tensor) -> float:
    """You took minus the product of the two lengths: true only for a step straight downhill. Delta
    may go anywhere, also uphill or along the slope, where the loss does not change at all. Look at
    every element's sign."""
    return -float(grad.norm() * delta.norm())


@mistake("predicted_change", "mean-for-sum")
def mean_for_sum(grad: Tensor, delta: Tensor) -> float:
    """You averaged over the elements. When several weights move at once, their effects on the loss
    add up; your value is too small by the number of elements. Look at the last operation."""
    return (grad * delta).mean().item()


@mistake("predicted_change", "delta-ignored")
def delta_ignored(grad: Tensor, delta: Tensor) -> float:
    """You never use delta: this is the change for one particular step, minus 1e-5 times the
    gradient, and it stays the same whatever the parameter really does. Look at which of the two
    arguments says how the parameter moves."""
    return -1e-5 * grad.square().sum().item()


@mistake("predicted_change", "sign-flipped")
def sign_flipped(grad: Tensor, delta: Tensor) -> float:
    """Your sign is turned round: you predict a fall where the loss rises. The minus of gradient
    descent is already in delta, which is added to the parameter as it stands. Look for a minus too
    many."""
    return -predicted_change(grad, delta)


@mistake("predicted_change", "not-summed")
def not_summed(grad: Tensor, delta: Tensor) -> Any:
    """You returned one product per element. Each is the share of one weight; the change of the loss
    is a single number, to which all of them contribute. Look at what is left to do with the
    products."""
    return grad * delta


@mistake("predicted_change", "tensor-returned")
def tensor_returned(grad: Tensor, delta: Tensor) -> Any:
    """You returned a tensor of one element; the task asks for a plain float. It looks alike when
    printed, yet it carries a dtype, a device and perhaps a graph. Take the number out at the
    end."""
    return (grad * delta).sum()


@mistake("nudge", "uphill")
def nudged_uphill(g: Tensor) -> Tensor:
    """You return the sign of the gradient, and that is the way uphill: a positive derivative says
    that the loss rises when the weight grows. Moving like this makes the loss worse at every
    element. Which way should such a weight go?"""
    return torch.sign(g)


@mistake("nudge", "not-a-sign")
def not_a_sign(g: Tensor) -> Tensor:
    """You return the negative gradient itself. The direction is right, but the task asks only which
    way: every element has to be -1, 0 or 1, however steep the loss is there. Look at what to keep
    of each number."""
    return -g


@mistake("nudge", "normalised")
def normalised(g: Tensor) -> Tensor:
    """You scaled the negative gradient to length 1. That is one direction for all weights together;
    the task asks each element alone for its way, so every one has to be -1, 0 or 1. Look at what
    you divide by."""
    return g.neg().div(torch.linalg.vector_norm(g))


@mistake("nudge", "zero-moves-up")
def zero_moves_up(g: Tensor) -> Tensor:
    """Where the derivative is 0 you still move, by +1. There the loss does not change to first
    order, so no way is better and the weight should stay. You treat two cases; count how many
    there are."""
    return torch.where(g > 0, -torch.ones_like(g), torch.ones_like(g))


@mistake("nudge", "zero-moves-down")
def zero_moves_down(g: Tensor) -> Tensor:
    """Where the derivative is 0 you still move, by -1. There the loss does not change to first
    order, so no way is better and the weight should stay. You treat two cases; count how many
    there are."""
    return torch.where(g < 0, torch.ones_like(g), -torch.ones_like(g))


@mistake("nudge", "nan-at-zero")
def nan_at_zero(g: Tensor) -> Tensor:
    """You divide every element by its own size, which is 0 divided by 0 where the derivative is 0:
    NaN. One such element spoils every weight it touches from then on. Look for a way to the sign
    that does not divide."""
    return -g / g.abs()


@mistake("nudge", "whole-numbers")
def whole_numbers(g: Tensor) -> Tensor:
    """Your directions are right, but they are integers. The result should have the dtype of g, so
    that it can be scaled and added to the weights like any gradient. Look at what comparing and
    counting makes of the dtype."""
    return (g < 0).long() - (g > 0).long()


@mistake("grads_only", "backward")
def stored_by_backward(loss: Tensor, params: Sequence[Tensor]) -> list[Any]:
    """You called backward(). It returns nothing and adds the gradients to .grad of every leaf, on
    top of what is already there, so the caller's parameters are not as before. There is a function
    that hands gradients back without storing them."""
    loss.backward()
    return [p.grad for p in params]


@mistake("grads_only", "backward-with-zeros")
def stored_by_backward_with_zeros(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """The unused parameters get their zeros, but you called backward(): it adds the gradients to
    .grad of every leaf, on top of what is already there, so the caller's parameters are not as
    before. There is a function that hands gradients back without storing them."""
    loss.backward()
    return [torch.zeros_like(p) if p.grad is None else p.grad for p in params]


@mistake("grads_only", "cleared-afterwards")
def cleared_afterwards(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """You called backward() and cleared .grad afterwards. What the caller already had there gets
    added to your result and is then lost. Clearing does not undo storing: there is a function that
    never touches .grad."""
    loss.backward()
    grads = [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in params]
    for p in params:
        p.grad = None
    return grads


@mistake("grads_only", "stored-and-cleared")
def stored_and_cleared(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """You cleared .grad before backward() and again afterwards. That wipes out what the caller kept
    there: a gradient that was being accumulated is lost. There is a function that hands gradients
    back without touching .grad at all."""
    for p in params:
        p.grad = None
    return cleared_afterwards(loss, params)


@mistake("grads_only", "none-for-unused")
def none_for_unused(loss: Tensor, params: Sequence[Tensor]) -> list[Any]:
    """You pass on None for a parameter that the loss does not use. Its derivative exists and is 0
    in every element, and the caller wants to add and scale without asking first. Put zeros of the
    parameter's shape there."""
    return list(torch.autograd.grad(loss, params, allow_unused=True))


@mistake("grads_only", "unused-refused")
def unused_refused(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """Your call raises as soon as the loss does not depend on one of the parameters. That is no
    error here: the loss simply does not change with it. Read in the message which argument allows
    it, then think of what to return."""
    return list(torch.autograd.grad(loss, params))


@mistake("grads_only", "parameters-stepped")
def parameters_stepped(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """You moved the parameters too. Computing a gradient changes nothing; taking a step is another
    task, and the caller may only want to look. Look for the line that writes to the parameters."""
    grads = grads_only(loss, params)
    with torch.no_grad():
        for p, g in zip(params, grads, strict=True):
            p -= 0.01 * g
    return grads


@mistake("grads_only", "graph-of-gradients")
def graph_of_gradients(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """Your gradients require gradients themselves: you asked for a graph of them with
    create_graph=True. That serves second derivatives; here it keeps the whole computation in memory
    as long as somebody holds the list."""
    found = torch.autograd.grad(loss, params, create_graph=True, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(params, found, strict=True)]


@mistake("grads_only", "tuple-returned")
def tuple_returned(loss: Tensor, params: Sequence[Tensor]) -> Any:
    """You passed on the tuple that torch gave you. The values are right, but a list is asked for:
    something the caller can append to and change. Look at the type of what you return."""
    return tuple(grads_only(loss, params))
