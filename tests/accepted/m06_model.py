"""Right but unusual ways to do m06: parameters, model and loss."""

from __future__ import annotations

from collections import namedtuple

import numpy as np
import torch
from torch import nn

from tests.variants import right

Params = namedtuple("Params", "weight bias")


@right("make_params")
def one_draw_cut_in_a_named_tuple(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Weights and bias are columns of one draw, copied into a named tuple of nn.Parameter."""
    options = {"device": device, "dtype": dtype}
    both = torch.empty(n_out, n_in + 1, **options).normal_(generator=generator)
    return Params(nn.Parameter(both[:, :n_in].clone()), nn.Parameter(both[:, n_in].clone()))


@right("make_params")
def from_torch_normal(n_in, n_out, *, generator=None, device=None, dtype=None):
    """torch.normal draws, with the mean and the standard deviation written out."""
    options = {"generator": generator, "device": device, "dtype": dtype}
    w, b = (torch.normal(0.0, 1.0, shape, **options) for shape in ((n_out, n_in), (n_out,)))
    return w.requires_grad_(), b.requires_grad_()


@right("make_params")
def initialised_bias_first(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Empty parameters are filled by nn.init, the bias before the weights."""
    w = nn.Parameter(torch.empty(n_out, n_in, device=device, dtype=dtype))
    b = nn.Parameter(torch.empty(n_out, device=device, dtype=dtype))
    nn.init.normal_(b, generator=generator)
    nn.init.normal_(w, generator=generator)
    return w, b


@right("make_params")
def views_of_one_vector(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Both parameters are detached views of one flat draw."""
    r = torch.randn(n_out * (n_in + 1), generator=generator, device=device, dtype=dtype)
    w, b = r[: n_out * n_in].view(n_out, n_in), r[n_out * n_in :]
    return w.detach().requires_grad_(True), b.detach().requires_grad_(True)


@right("make_params")
def drawn_transposed(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The weights are drawn [n_in, n_out] and returned as a transposed view."""
    w = torch.randn(n_in, n_out, generator=generator, device=device, dtype=dtype).T
    b = torch.randn(1, n_out, generator=generator, device=device, dtype=dtype)[0]
    w.requires_grad = b.requires_grad = True
    return w, b


@right("make_params")
def through_a_linear_layer(n_in, n_out, *, generator=None, device=None, dtype=None):
    """A layer that skips its own initialisation is filled and gives its parameters away."""
    layer = nn.utils.skip_init(nn.Linear, n_in, n_out, device=device or "cpu", dtype=dtype)
    with torch.no_grad():
        for p in layer.parameters():
            p.normal_(generator=generator)
    return layer.weight, layer.bias


@right("model")
def by_addmm(x, w, b):
    """One fused call multiplies and adds the bias."""
    return torch.addmm(b, x, w.T)


@right("model")
def by_einsum(x, w, b):
    """The sum of the definition is written with indices."""
    return b + torch.einsum("ni,oi->no", x, w)


@right("model")
def summed_broadcast(x, w, b):
    """All products are formed at once, [N, O, I], and summed over the features."""
    return (x[:, None, :] * w[None]).sum(-1) + b


@right("model")
def stacked_columns(x, w, b):
    """Each target is computed alone and becomes a column."""
    return torch.stack([(x * row).sum(1) + c for row, c in zip(w, b, strict=True)], dim=1)


@right("model")
def bias_as_a_weight(x, w, b):
    """The bias is the weight of a feature that is always 1."""
    ones = x.new_ones(len(x), 1)
    return torch.hstack([x, ones]) @ torch.hstack([w, b[:, None]]).T


@right("model")
def added_up_in_place(x, w, b):
    """The predictions start as the bias and each feature is added in place."""
    pred = b.repeat(len(x), 1)
    for i in range(x.shape[1]):
        pred += torch.outer(x[:, i], w[:, i])
    return pred


@right("mse")
def mean_by_dot_product(pred, target):
    """The flat errors are multiplied by themselves in one dot product."""
    if pred.shape != target.shape:
        raise ValueError
    d = (pred - target).flatten()
    return torch.dot(d, d) / len(d)


@right("mse")
def multiplied_out(pred, target):
    """The square is multiplied out before the mean is taken."""
    if tuple(pred.size()) != tuple(target.size()):
        raise ValueError("shapes differ")
    return (pred * pred - 2 * pred * target + target * target).mean()


@right("mse")
def mean_of_column_means(pred, target):
    """The columns are averaged first, then their means, which are equally many numbers each."""
    if list(pred.shape) != list(target.shape):
        raise ValueError("no broadcasting")
    return torch.square(target - pred).mean(0).mean(0)


@right("mse")
def squared_norm(pred, target):
    """The mean square is the squared length of the error, divided by the count."""
    if pred.shape != target.shape:
        raise ValueError(f"{pred.shape} is not {target.shape}")
    return torch.linalg.vector_norm(pred - target).square() / pred.numel()


@right("mse")
def averaged_term_by_term(pred, target):
    """Each squared error is weighted by one over the count before they are added."""
    if pred.shape != target.shape:
        raise ValueError("shapes")
    n, o = target.shape
    return sum(((p - t) ** 2 / (n * o)).sum() for p, t in zip(pred, target, strict=True))


@right("expected_random_loss")
def in_numpy(x, y):
    """NumPy computes in float64 and returns its own kind of float."""
    xn, yn = x.detach().cpu().double().numpy(), y.detach().cpu().double().numpy()
    return np.mean(yn**2) + np.mean(np.sum(xn**2, axis=1)) + 1.0


@right("expected_random_loss")
def in_plain_python(x, y):
    """Loops over plain numbers add up every row's expectation."""
    n, o = y.shape
    total = 0.0
    for row, t in zip(x.tolist(), y.tolist(), strict=True):
        total += sum(v * v for v in row) + 1 + sum(v * v for v in t) / o
    return total / n


@right("expected_random_loss")
def by_norms(x, y):
    """Sums of squares are written as squared norms."""
    return float(torch.linalg.norm(y) ** 2 / y.numel() + torch.linalg.norm(x) ** 2 / len(x) + 1)


@right("expected_random_loss")
def by_variance_and_mean(x, y):
    """The mean square of y is its variance plus its squared mean."""
    squares = y.var(correction=0) + y.mean() ** 2
    return (squares + x.shape[1] * x.pow(2).mean() + 1).item()


@right("expected_random_loss")
def by_the_gram_matrix(x, y):
    """The variances of all predictions are the diagonal of a Gram matrix with a column of ones."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    return torch.trace(a @ a.T).item() / len(a) + torch.sum(y * y).item() / y.numel()


@right("recover_params")
def in_float64(x, preds):
    """The least-squares problem is solved in float64 and the answer converted back."""
    ones = torch.ones(x.shape[0], 1, dtype=x.dtype, device=x.device)
    a = torch.cat([x, ones], dim=1).double()
    sol = torch.linalg.lstsq(a, preds.double()).solution.to(preds.dtype)
    return sol[:-1].t(), sol[-1]


@right("recover_params")
def by_pseudo_inverse(x, preds):
    """The pseudo-inverse in float64 gives a named tuple."""
    a = torch.nn.functional.pad(x, (0, 1), value=1.0)
    sol = (torch.linalg.pinv(a.to(torch.float64)) @ preds.to(torch.float64)).T.to(x.dtype)
    return Params(sol[:, :-1], sol[:, -1])


@right("recover_params")
def in_numpy_with_ones_first(x, preds):
    """NumPy solves, and the column of ones comes first."""
    xa = np.column_stack([np.ones(len(x)), x.detach().cpu().double().numpy()])
    sol, *_ = np.linalg.lstsq(xa, preds.detach().cpu().double().numpy(), rcond=None)
    sol = torch.from_numpy(sol).to(preds)
    return sol[1:].T, sol[0]


@right("recover_params")
def by_qr(x, preds):
    """A QR decomposition leaves a triangular system."""
    a = torch.cat([x, torch.ones(len(x), 1).to(x)], 1)
    q, r = torch.linalg.qr(a)
    s = torch.linalg.solve_triangular(r, q.T @ preds, upper=True)
    return s[:-1].T, s[-1]


@right("recover_params")
def centred_first(x, preds):
    """Without their means the data need no bias; it follows from the means."""
    xm, pm = x.mean(0, keepdim=True), preds.mean(0, keepdim=True)
    w = torch.linalg.lstsq(x - xm, preds - pm).solution.T
    return w, (pm - xm @ w.T).squeeze(0)


@right("recover_params")
def normal_equations_in_float64(x, preds):
    """The normal equations have digits enough in float64."""
    a = torch.cat([x, torch.ones(len(x), 1).to(x)], 1).double()
    s = (torch.linalg.inv(a.T @ a) @ a.T @ preds.double()).to(x.dtype)
    return s[:-1].T.contiguous(), s[-1].clone()
