"""The listed mistakes of m06, written differently: parameters, model and loss."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from tests.variants import wrong


@wrong("make_params", named="scaled-after-marking")
def tenth_of_a_parameter(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Parameters are made first and divided by 10."""
    options = {"generator": generator, "device": device, "dtype": dtype}
    w, b = nn.Parameter(torch.randn(n_out, n_in, **options)), torch.randn(n_out, **options)
    b.requires_grad = True
    return w / 10, b / 10


@wrong("make_params", named="converted-after-marking")
def moved_after_marking(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The leaves are marked, then moved and converted one by one."""
    dtype = dtype or torch.get_default_dtype()
    params = [torch.randn(*s, generator=generator) for s in ((n_out, n_in), (n_out,))]
    for p in params:
        p.requires_grad_()
    w, b = (p.to(dtype).to(device or "cpu") for p in params)
    return w, b


@wrong("make_params", named="weights-transposed")
def sizes_swapped(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The sizes of w are given in the order of the arguments."""
    options = {"generator": generator, "device": device, "dtype": dtype}
    w = torch.randn((n_in, n_out), requires_grad=True, **options)
    b = torch.randn((n_out,), requires_grad=True, **options)
    return w, b


@wrong("make_params", named="uniform")
def filled_uniformly(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Empty tensors are filled with uniform_."""
    w, b = (torch.empty(s, device=device, dtype=dtype) for s in ((n_out, n_in), (n_out,)))
    w.uniform_(generator=generator)
    b.uniform_(generator=generator)
    return nn.Parameter(w), nn.Parameter(b)


@wrong("make_params", named="generator-ignored")
def normal_without_generator(n_in, n_out, *, generator=None, device=None, dtype=None):
    """normal_ is called without the generator."""
    w = torch.empty(n_out, n_in, device=device, dtype=dtype).normal_()
    b = torch.empty(n_out, device=device, dtype=dtype).normal_()
    return nn.Parameter(w), nn.Parameter(b)


@wrong("make_params", named="bias-as-column")
def bias_with_two_sizes(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The bias is drawn with a second size of 1."""
    options = {"generator": generator, "device": device, "dtype": dtype, "requires_grad": True}
    return torch.randn(n_out, n_in, **options), torch.randn(n_out, 1, **options)


@wrong("make_params", named="never-marked")
def plain_tensors(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The draws are returned as they are."""
    options = {"generator": generator, "device": device, "dtype": dtype}
    return torch.randn(n_out, n_in, **options), torch.randn(n_out, **options)


@wrong("make_params", named="zero-bias")
def bias_of_zeros(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Only the weights are drawn."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.zeros(n_out, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong("make_params", named="seeded-inside")
def seeded_with_zero(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The global seed is set to 0 before the draws."""
    torch.manual_seed(0)
    w = torch.randn(n_out, n_in, device=device, dtype=dtype, requires_grad=True)
    b = torch.randn(n_out, device=device, dtype=dtype, requires_grad=True)
    return w, b


@wrong("model", named="not-transposed")
def weights_as_they_stand(x, w, b):
    """torch.matmul gets w without a transpose."""
    return torch.add(torch.matmul(x, w), b)


@wrong("model", named="elementwise")
def multiplied_by_position(x, w, b):
    """torch.mul stands where a matrix product should."""
    return torch.mul(w, x) + b


@wrong("model", named="no-bias")
def only_the_products(x, w, b):
    """The linear map is computed without its bias."""
    return torch.einsum("ni,oi->no", x, w)


@wrong("model", named="bias-down-the-rows")
def bias_reshaped_to_a_column(x, w, b):
    """The bias is viewed as a column before it is added."""
    return torch.mm(x, w.t()) + b.view(-1, 1)


@wrong("model", named="targets-as-rows")
def transposed_predictions(x, w, b):
    """The right predictions are returned transposed."""
    return nn.functional.linear(x, w, b).T


@wrong("model", named="cut-off")
@torch.no_grad()
def without_recording(x, w, b):
    """A decorator switches the recording off."""
    return torch.addmm(b, x, w.T)


@wrong("mse", named="sum-for-mean")
def all_squares_added(pred, target):
    """The squared errors are added up."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return torch.sum((target - pred) ** 2)


@wrong("mse", named="divided-by-rows")
def sum_over_length(pred, target):
    """The sum of squares is divided by len."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return ((pred - target) ** 2).sum() / len(pred)


@wrong("mse", named="not-squared")
def difference_of_means(pred, target):
    """The means are subtracted, which averages the errors."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return pred.mean() - target.mean()


@wrong("mse", named="absolute")
def l1_loss(pred, target):
    """torch's L1 loss stands for the squared one."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return nn.L1Loss()(pred, target)


@wrong("mse", named="root")
def scaled_norm(pred, target):
    """The norm of the errors is divided by the root of their count."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return torch.linalg.vector_norm(pred - target) / pred.numel() ** 0.5


@wrong("mse", named="mean-then-square")
def squared_sum_of_errors(pred, target):
    """The sum of the errors over their count is squared."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return torch.square((target - pred).sum() / target.numel())


@wrong("mse", named="item")
def as_a_float(pred, target):
    """The mean is handed to float()."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return float(((pred - target) ** 2).mean())


@wrong("mse", named="broadcast")
def shapes_not_compared(pred, target):
    """The loss is computed without a look at the shapes."""
    return torch.mean(torch.pow(pred - target, 2))


@wrong("mse", named="half")
def divided_by_two_m(pred, target):
    """The sum of squares is divided by twice the count."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return ((pred - target) ** 2).sum() / (2 * pred.numel())


@wrong("expected_random_loss", named="variance-of-targets")
def targets_centred(x, y):
    """The mean of all targets is subtracted and the squares divided by one less than the count."""
    distance = ((y - y.mean()) ** 2).sum() / (y.numel() - 1)
    return float(distance + (x * x).sum() / len(x) + 1)


@wrong("expected_random_loss", named="bias-forgotten")
def variance_of_weights_only(x, y):
    """Only the weights are taken for random."""
    return float((x * x).sum() / len(x) + (y * y).sum() / y.numel())


@wrong("expected_random_loss", named="features-averaged")
def mean_square_of_features(x, y):
    """The squares of x are averaged over rows and columns."""
    xn, yn = x.numpy(), y.numpy()
    return float(1 + np.mean(xn * xn) + np.mean(yn * yn))


@wrong("expected_random_loss", named="targets-summed")
def losses_of_targets_added(x, y):
    """A loop adds up the expected loss of every target."""
    spread = (x**2).sum().item() / len(x) + 1
    return sum((column**2).mean().item() + spread for column in y.T)


@wrong("expected_random_loss", named="tensor-returned")
def item_forgotten(x, y):
    """The value stays in a tensor."""
    return 1 + (x**2).sum() / x.shape[0] + (y**2).sum() / y.numel()


@wrong("recover_params", named="no-ones-column")
def pinv_without_ones(x, preds):
    """The pseudo-inverse of x alone gives the weights, zeros the bias."""
    w = (torch.linalg.pinv(x) @ preds).T
    return w, torch.zeros(len(w), dtype=x.dtype, device=x.device)


@wrong("recover_params", named="bias-fitted-afterwards")
def mean_of_the_rest(x, preds):
    """The bias makes up for the means that weights without a bias leave."""
    w = torch.linalg.pinv(x) @ preds
    return w.T, preds.mean(0) - x.mean(0) @ w


@wrong("recover_params", named="weights-as-solved")
def solution_not_transposed(x, preds):
    """The upper rows of the solution are returned as they are."""
    a = torch.hstack([x, x.new_ones(len(x), 1)])
    solution = torch.linalg.lstsq(a, preds).solution
    return solution[:-1], solution[-1]


@wrong("recover_params", named="normal-equations")
def by_the_inverse(x, preds):
    """The textbook formula with an inverse, in the dtype of the data."""
    a = torch.hstack([x, x.new_ones(len(x), 1)])
    s = torch.linalg.inv(a.T @ a) @ (a.T @ preds)
    return s[:-1].T, s[-1]


@wrong("recover_params", named="first-rows-only")
def as_many_rows_as_unknowns(x, preds):
    """Only the first rows enter the system, as many as there are unknowns."""
    n = x.shape[1] + 1
    a = torch.cat([x[:n], torch.ones_like(x[:n, :1])], dim=1)
    s = torch.linalg.solve(a, preds[:n])
    return s[:-1].T, s[-1]
