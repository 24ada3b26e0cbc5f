"""The listed mistakes of m07, written differently: what the gradient says."""

from __future__ import annotations

import torch
from m06_model import mse
from torch.nn.functional import linear, mse_loss

from tests.variants import wrong


@wrong("dmse_dpred", named="factor-two-lost")
def mean_error_per_element(pred, target):
    """The errors are divided by both sizes, and the exponent was forgotten."""
    n, o = pred.shape
    return (pred - target) / n / o


@wrong("dmse_dpred", named="divided-by-rows")
def mean_over_the_rows(pred, target):
    """The length of the tensor is taken for the number of errors."""
    error = torch.sub(pred, target)
    return error.mul(2.0 / len(error))


@wrong("dmse_dpred", named="one-over-rows")
def textbook_with_two_m(pred, target):
    """The textbook's m below, its 2 cancelled by a half."""
    m = target.size(0)
    return 2 * (pred - target) * (1 / (2 * m))


@wrong("dmse_dpred", named="target-minus-prediction")
def inner_derivative_forgotten(pred, target):
    """The square of target minus prediction is differentiated without its inner derivative."""
    return torch.sub(target, pred).mul(2).div(target.numel())


@wrong("dmse_dpred", named="sum-for-mean")
def twice_the_error(pred, target):
    """The error is added to itself, and nothing is divided."""
    error = pred - target
    return error + error


@wrong("dmse_dpred", named="averaged")
def summed_and_divided(pred, target):
    """Twice the sum of all errors over their number: one value for all predictions."""
    return 2 * torch.sum(pred - target) / pred.numel()


@wrong("dmse_dpred", named="absolute-error")
def direction_per_element(pred, target):
    """Whether a prediction is too high or too low is counted as 1 or -1."""
    high, low = (pred > target).to(pred.dtype), (pred < target).to(pred.dtype)
    return (high - low) / pred.numel()


@wrong("dmse_dpred", named="autograd")
def asked_of_torch(pred, target):
    """torch's own loss is differentiated by torch."""
    leaf = pred.detach().requires_grad_(True)
    return torch.autograd.grad(mse_loss(leaf, target), leaf)[0]


@wrong("linreg_grads", named="weights-transposed")
def features_first(x, y, w, b):
    """The product starts with the features, so its rows are features too."""
    d = 2 * (linear(x, w, b) - y) / y.numel()
    return x.T @ d, d.sum(0)


@wrong("linreg_grads", named="factor-two-lost")
def errors_averaged(x, y, w, b):
    """The derivative of a square is taken to be the error itself."""
    e = (x @ w.T + b - y) / y.numel()
    return torch.einsum("no,ni->oi", e, x), e.sum(0)


@wrong("linreg_grads", named="divided-by-rows")
def divided_by_the_rows_at_the_end(x, y, w, b):
    """Both sums over the rows are turned into means over the rows."""
    e = 2 * (x @ w.T + b - y)
    return e.T @ x / x.shape[0], e.mean(dim=0)


@wrong("linreg_grads", named="one-over-rows")
def gradients_with_two_m(x, y, w, b):
    """Both sums of errors are divided by m, as the textbook has it."""
    e = linear(x, w, b) - y
    return (x.T @ e).T / len(y), e.mean(0)


@wrong("linreg_grads", named="not-divided")
def nothing_divided(x, y, w, b):
    """Twice the errors, contracted with the features and with ones."""
    e = linear(x, w, b) - y
    return 2 * e.T @ x, 2 * torch.ones_like(e[:, 0]) @ e


@wrong("linreg_grads", named="bias-averaged")
def bias_mean_of_derivatives(x, y, w, b):
    """The bias gets the mean of a derivative that is averaged already."""
    e = x @ w.T + b - y
    return 2 / e.numel() * e.T @ x, 2 / e.numel() * e.sum(0) / len(e)


@wrong("linreg_grads", named="bias-per-row")
def bias_without_a_sum(x, y, w, b):
    """The derivative per prediction is handed out as that of the bias."""
    gb = (linear(x, w, b) - y) * 2 / y.numel()
    return gb.T.matmul(x), gb


@wrong("linreg_grads", named="bias-summed-to-one")
def bias_total(x, y, w, b):
    """The sum for the bias runs over all axes."""
    e = linear(x, w, b) - y
    return 2 * (e.T @ x) / e.numel(), e.sum() * 2 / e.numel()


@wrong("linreg_grads", named="uphill")
def residuals_turned_round(x, y, w, b):
    """The residuals are targets minus predictions, and no minus makes up for it."""
    r = y - linear(x, w, b)
    return 2 * r.T @ x / r.numel(), 2 * r.sum(0) / r.numel()


@wrong("linreg_grads", named="no-bias")
def predictions_without_bias(x, y, w, b):
    """The predictions are the product of features and weights alone."""
    e = x @ w.mT - y
    return 2 * e.T @ x / e.numel(), 2 * e.sum(0) / e.numel()


@wrong("linreg_grads", named="backward")
def backward_on_the_parameters(x, y, w, b):
    """torch's loss is called, and what backward left in .grad is returned."""
    loss = mse_loss(linear(x, w, b), y)
    loss.backward()
    return tuple(p.grad for p in (w, b))


@wrong("linreg_grads", named="autograd")
def backward_on_copies(x, y, w, b):
    """Copies of the parameters are filled by backward, so that the caller's stay clean."""
    w, b = (p.detach().clone().requires_grad_() for p in (w, b))
    mse(x @ w.T + b, y).backward()
    return w.grad, b.grad


@wrong("predicted_change", named="product-of-lengths")
def roots_of_both_squares(grad, delta):
    """Both lengths are written out as roots of sums of squares."""
    return (grad.pow(2).sum().sqrt() * delta.pow(2).sum().sqrt()).item()


@wrong("predicted_change", named="always-falls")
def downhill_by_both_lengths(grad, delta):
    """The step is taken to lead straight downhill."""
    return -torch.sqrt((grad * grad).sum() * (delta * delta).sum()).item()


@wrong("predicted_change", named="mean-for-sum")
def products_averaged(grad, delta):
    """A dot product is divided by the number of elements."""
    return torch.dot(grad.flatten(), delta.flatten()).item() / grad.numel()


@wrong("predicted_change", named="delta-ignored")
def step_of_gradient_descent(grad, delta):
    """A step of gradient descent is assumed, whatever delta is."""
    step = -1e-5 * grad
    return (grad * step).sum().item()


@wrong("predicted_change", named="sign-flipped")
def step_subtracted(grad, delta):
    """The step is subtracted, as if it were one along the gradient."""
    return torch.sum(grad * (0 - delta)).item()


@wrong("predicted_change", named="not-summed")
def share_of_every_element(grad, delta):
    """Every element's own change is returned."""
    return torch.mul(delta, grad)


@wrong("predicted_change", named="tensor-returned")
def dot_product_left_a_tensor(grad, delta):
    """The dot product is right, and stays a tensor."""
    return torch.dot(grad.reshape(-1), delta.reshape(-1))


@wrong("nudge", named="uphill")
def compared_the_wrong_way_round(g):
    """What is positive counts 1 and what is negative -1."""
    return (g > 0).to(g.dtype) - (g < 0).to(g.dtype)


@wrong("nudge", named="not-a-sign")
def zero_minus_gradient(g):
    """The gradient is subtracted from 0, and that is all."""
    return torch.zeros_like(g).sub(g)


@wrong("nudge", named="normalised")
def unit_vector(g):
    """The whole gradient is brought to length 1."""
    return -g / g.square().sum().sqrt()


@wrong("nudge", named="zero-moves-up")
def up_unless_positive(g):
    """Everything starts at 1, and only positive elements are turned."""
    way = torch.ones_like(g)
    way[g > 0] = -1
    return way


@wrong("nudge", named="zero-moves-down")
def up_if_negative(g):
    """A truth value is stretched to -1 and 1: whatever is not negative goes down."""
    return 2 * (g < 0).to(g.dtype) - 1


@wrong("nudge", named="nan-at-zero")
def divided_by_the_distance_from_zero(g):
    """The size of an element is its distance from 0, by which it is divided."""
    return -(g / torch.maximum(g, -g))


@wrong("nudge", named="whole-numbers")
def signs_as_integers(g):
    """The signs are cast to integers at the end."""
    return torch.sign(-g).to(torch.int64)


@wrong("grads_only", named="backward")
def collected_from_grad(loss, params):
    """backward with a graph kept, then a loop over .grad."""
    loss.backward(retain_graph=True)
    grads = []
    for p in params:
        grads.append(p.grad)
    return grads


@wrong("grads_only", named="backward-with-zeros")
def zeros_where_grad_is_none(loss, params):
    """backward, and zeros where it stored nothing."""
    torch.autograd.backward(loss)
    return [p.grad if p.grad is not None else p.new_zeros(p.shape) for p in params]


@wrong("grads_only", named="cleared-afterwards")
def moved_out_of_grad(loss, params):
    """One parameter after the other is emptied after backward."""
    loss.backward()
    found = []
    for p in params:
        found.append(torch.zeros_like(p) if p.grad is None else p.grad)
        p.grad = None
    return found


@wrong("grads_only", named="stored-and-cleared")
def cleared_on_both_sides(loss, params):
    """An optimizer's zero_grad before backward, and once more afterwards."""
    optimizer = torch.optim.SGD(params, lr=0.1)
    optimizer.zero_grad()
    loss.backward()
    found = [torch.zeros_like(p) if p.grad is None else p.grad.detach() for p in params]
    optimizer.zero_grad()
    return found


@wrong("grads_only", named="none-for-unused")
def none_passed_on(loss, params):
    """Every gradient of the tuple goes into the list, None included."""
    found = []
    for g in torch.autograd.grad(loss, tuple(params), allow_unused=True):
        found += [g]
    return found


@wrong("grads_only", named="unused-refused")
def every_parameter_expected(loss, params):
    """The gradients are unpacked into a list, and autograd refuses what is unused."""
    return [*torch.autograd.grad(outputs=loss, inputs=tuple(params))]


@wrong("grads_only", named="parameters-stepped")
def a_step_taken(loss, params):
    """A step of gradient descent is taken by an in-place method."""
    grads = torch.autograd.grad(loss, params, materialize_grads=True)
    with torch.no_grad():
        for p, g in zip(params, grads, strict=True):
            p.sub_(g, alpha=0.1)
    return list(grads)


@wrong("grads_only", named="graph-of-gradients")
def differentiable_gradients(loss, params):
    """Gradients with a graph, and zeros for what is unused."""
    grads = torch.autograd.grad(loss, params, allow_unused=True, create_graph=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(params, grads, strict=True)]


@wrong("grads_only", named="tuple-returned")
def generator_made_a_tuple(loss, params):
    """The list is packed into a tuple at the end."""
    grads = torch.autograd.grad(loss, params, allow_unused=True)
    return tuple(
        torch.zeros_like(p) if g is None else g for p, g in zip(params, grads, strict=True)
    )
