"""Right but unusual ways to do m07: what the gradient says."""

from __future__ import annotations

from collections import namedtuple
from functools import partial

import numpy as np
import torch
from m06_model import model
from m07_gradients import dmse_dpred

from tests.variants import right


@right("dmse_dpred")
@torch.no_grad()
def in_place_on_the_difference(pred, target):
    """The difference is scaled in place, and a decorator switches recording off."""
    return torch.sub(pred, target).mul_(2.0 / target.numel())


@right("dmse_dpred")
def through_numpy(pred, target):
    """NumPy computes; its array becomes a tensor of the right dtype and device at the end."""
    p, t = (pred.detach().cpu().numpy(), target.detach().cpu().numpy())
    return torch.from_numpy(2 * (p - t) / p.size).to(pred)


@right("dmse_dpred")
def divided_by_half_the_sizes(pred, target):
    """The factor 2 is moved into the divisor, a product of both sizes."""
    n, o = pred.shape
    return (pred - target).div(n * o / 2)


@right("dmse_dpred")
def two_terms(pred, target):
    """The square is multiplied out first: predictions and targets are scaled apart."""
    factor = 2 / pred.numel()
    return torch.add(pred.mul(factor), target, alpha=-factor)


@right("dmse_dpred")
def column_by_column(pred, target):
    """A loop goes over the targets, and the columns are stacked again."""
    columns = zip(pred.unbind(1), target.unbind(1), strict=True)
    return torch.stack([(p - t) * 2 / pred.numel() for p, t in columns], dim=1)


@right("linreg_grads")
def with_a_column_of_ones(x, y, w, b):
    """The bias is one more weight, of a feature that is always 1; a named tuple is returned."""
    x, y, w, b = (t.detach() for t in (x, y, w, b))
    a = torch.hstack([x, x.new_ones(len(x), 1)])
    theta = torch.hstack([w, b[:, None]])
    g = (a.T @ (a @ theta.T - y)).T * (2 / y.numel())
    return namedtuple("Gradients", "w b")(g[:, :-1], g[:, -1])


@right("linreg_grads")
def by_einsum_and_mean(x, y, w, b):
    """The rows are contracted by name; the bias takes the mean error, divided by the targets."""
    e = model(x, w, b) - y
    n, o = y.shape
    gw = torch.einsum("no,ni->oi", e, x) * 2 / (n * o)
    return gw, e.mean(0) * 2 / o


@right("linreg_grads")
def transposed_at_the_end(x, y, w, b):
    """The product is [I, O] and transposed last; a row of ones adds up the bias."""
    d = dmse_dpred(x @ w.T + b, y)
    return (x.T @ d).T, torch.ones(len(x), dtype=d.dtype, device=d.device) @ d


@right("linreg_grads")
def mean_of_outer_products(x, y, w, b):
    """Every row gets its own gradient [O, I], and their mean is taken."""
    e = x.matmul(w.mT).add(b).sub(y)
    gw = (e[:, :, None] * x[:, None, :]).mean(0) * 2 / y.shape[1]
    return gw, 2 * e.mean(0) / y.size(1)


@right("linreg_grads")
def row_by_row(x, y, w, b):
    """A loop adds up what the rows contribute, in place on tensors of its own."""
    gw, gb = torch.zeros_like(w, requires_grad=False), torch.zeros_like(b, requires_grad=False)
    with torch.no_grad():
        for features, targets in zip(x, y, strict=True):
            d = 2 * (w @ features + b - targets) / y.numel()
            gw.addr_(d, features)
            gb += d
    return gw, gb


@right("linreg_grads")
def from_the_moments_of_the_data(x, y, w, b):
    """The normal equations' matrices come first; no row's error is ever computed."""
    factor, ones = 2 / y.numel(), x.new_ones(len(x))
    gw = factor * (w @ (x.T @ x) + torch.outer(b, ones @ x) - y.T @ x)
    gb = factor * (w @ (ones @ x) + b * len(x) - ones @ y)
    return gw, gb


@right("predicted_change")
def dot_product(grad, delta):
    """Both are flattened and multiplied as vectors."""
    return float(torch.dot(grad.reshape(-1), delta.reshape(-1)))


@right("predicted_change")
def numpy_float(grad, delta):
    """NumPy flattens and multiplies, and its own kind of float is returned."""
    return np.vdot(grad.detach().cpu().numpy(), delta.detach().cpu().numpy())


@right("predicted_change")
def sum_in_python(grad, delta):
    """Plain Python adds up the products of two lists."""
    return sum(
        a * b for a, b in zip(grad.flatten().tolist(), delta.flatten().tolist(), strict=True)
    )


@right("predicted_change")
def contracted_over_all_axes(grad, delta):
    """A tensor product is contracted over every axis."""
    return torch.tensordot(grad, delta, dims=grad.dim()).item()


@right("predicted_change")
def difference_of_two_losses(grad, delta):
    """A linear loss with this gradient is evaluated at 0 and at delta."""
    loss = partial(torch.inner, grad.ravel().double())
    return (loss(delta.ravel().double()) - loss(torch.zeros_like(delta.ravel()).double())).item()


@right("nudge")
def two_cases_of_where(g):
    """The three cases are spelled out with two nested where."""
    one = torch.ones_like(g)
    return torch.where(g > 0, -one, torch.where(g < 0, one, torch.zeros_like(g)))


@right("nudge")
def difference_of_comparisons(g):
    """What is negative minus what is positive, in the dtype of g."""
    return (g < 0).to(g.dtype) - (g > 0).to(g.dtype)


@right("nudge")
def nan_taken_for_zero(g):
    """Every element is divided by its size, and 0 / 0 is mended afterwards."""
    return torch.nan_to_num(-g / g.abs())


@right("nudge")
def filled_by_masks(g):
    """Zeros are filled in place where a comparison holds."""
    out = torch.zeros_like(g)
    out[g > 0] = -1
    out[g < 0] = 1
    return out


@right("nudge")
def sign_copied_to_ones(g):
    """Ones take the opposite sign and are multiplied by whether g is no 0."""
    return torch.copysign(torch.ones_like(g), -g) * g.ne(0)


@right("grads_only")
def zeros_for_none(loss, params):
    """Autograd may leave a parameter out, and zeros take its place."""
    params = list(params)
    grads = torch.autograd.grad(loss, params, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(params, grads, strict=True)]


@right("grads_only")
def stored_gradients_put_back(loss, params):
    """What .grad holds is taken away, backward fills only these leaves, and it is put back."""
    saved = [p.grad for p in params]
    for p in params:
        p.grad = None
    loss.backward(inputs=params)
    out = [torch.zeros_like(p) if p.grad is None else p.grad for p in params]
    for p, s in zip(params, saved, strict=True):
        p.grad = s
    return out


@right("grads_only")
def detached_copies(loss, params):
    """A graph of the gradients is built, and copies without it are returned."""
    gs = torch.autograd.grad(loss, params, create_graph=True, allow_unused=True)
    return [
        (g if g is not None else p.new_zeros(p.shape)).detach().clone()
        for g, p in zip(gs, params, strict=True)
    ]


@right("grads_only")
def one_parameter_at_a_time(loss, params):
    """Autograd is asked once for every parameter, and keeps the graph for the next."""
    out = []
    for p in params:
        (g,) = torch.autograd.grad(loss, p, retain_graph=True, allow_unused=True)
        out.append(torch.zeros_like(p, requires_grad=False) if g is None else g)
    return out


@right("grads_only")
def every_parameter_made_used(loss, params):
    """Sums times 0 tie every parameter to the loss, so that none is unused."""
    tied = loss + sum(0 * p.sum() for p in params)
    return [*torch.autograd.grad(tied, params)]
