"""Wrong ways to do m06 beyond the listed mistakes: parameters, model and loss."""

from __future__ import annotations

import numpy as np
import torch

from tests.variants import wrong


@wrong("make_params")
def float32_by_default(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Without a dtype it is always float32, whatever torch's default is."""
    dtype = dtype or torch.float32
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong("make_params")
def state_put_back_between_draws(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The generator is rewound between the draws, so the bias repeats the first weights."""
    g = generator if generator is not None else torch.default_generator
    state = g.get_state()
    b = torch.randn(n_out, generator=g, device=device, dtype=dtype)
    g.set_state(state)
    w = torch.randn(n_out, n_in, generator=g, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong("make_params")
def uniform_of_variance_one(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The numbers have mean 0 and variance 1, but are uniform."""
    w = (torch.rand(n_out, n_in, generator=generator, device=device, dtype=dtype) - 0.5) * 12**0.5
    b = (torch.rand(n_out, generator=generator, device=device, dtype=dtype) - 0.5) * 12**0.5
    return w.requires_grad_(), b.requires_grad_()


@wrong("make_params")
def own_generator_by_initial_seed(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Without a generator each call starts a new one from the initial seed."""
    if generator is None:
        generator = torch.Generator().manual_seed(torch.initial_seed())
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong("make_params")
def clamped(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The numbers are cut off at 2.5."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype).clamp_(-2.5, 2.5)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype).clamp_(-2.5, 2.5)
    return w.requires_grad_(), b.requires_grad_()


@wrong("make_params")
def wider_bias(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The bias has a standard deviation of 1.1."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype) * 1.1
    return w.requires_grad_(), b.requires_grad_()


@wrong("make_params")
def same_bias_in_every_call(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The bias comes from a generator of its own with a fixed seed."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    own = torch.Generator(w.device if not w.is_meta else "cpu").manual_seed(7)
    b = torch.randn(n_out, generator=None if w.is_meta else own, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong("make_params")
def one_column_repeated(n_in, n_out, *, generator=None, device=None, dtype=None):
    """One weight per target is drawn and repeated for every feature."""
    w = torch.randn(n_out, 1, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.repeat(1, n_in).requires_grad_(), b.requires_grad_()


@wrong("make_params")
def bias_copied_from_the_weights(n_in, n_out, *, generator=None, device=None, dtype=None):
    """The bias is a copy of the last column of the weights."""
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), w[:, -1].detach().clone().requires_grad_()


@wrong("make_params")
def gradients_filled(n_in, n_out, *, generator=None, device=None, dtype=None):
    """A trial backward leaves gradients behind that training would add to."""
    options = {"generator": generator, "device": device, "dtype": dtype, "requires_grad": True}
    w, b = torch.randn(n_out, n_in, **options), torch.randn(n_out, **options)
    (w.sum() + b.sum()).backward()
    return w, b


@wrong("make_params")
def from_numpys_global_state(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Without a generator the numbers come from NumPy's global state."""
    if generator is None and torch.device(device or "cpu").type == "cpu":
        dtype = dtype or torch.get_default_dtype()
        w = torch.tensor(np.random.randn(n_out, n_in), dtype=dtype)
        b = torch.tensor(np.random.randn(n_out), dtype=dtype)
    else:
        w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
        b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


@wrong("model")
def no_bias_for_one_target(x, w, b):
    """A single target gets no bias."""
    return x @ w.T + b if b.numel() > 1 else x @ w.T


@wrong("model")
def square_weights_not_transposed(x, w, b):
    """Square weights are taken as they stand."""
    return x @ (w if w.shape[0] == w.shape[1] else w.T) + b


@wrong("model")
def bias_per_row_where_it_fits(x, w, b):
    """The bias is added per row where there are as many rows as targets."""
    return x @ w.T + (b[:, None] if len(x) == len(b) else b)


@wrong("model")
def features_detached(x, w, b):
    """The features are cut off from the graph."""
    return x.detach() @ w.T + b


@wrong("model")
def bias_detached(x, w, b):
    """The bias takes part by its data alone, so it never learns."""
    return x @ w.T + b.data


@wrong("model")
def computed_in_float32(x, w, b):
    """The numbers pass through float32."""
    return (x.float() @ w.float().T + b.float()).to(x.dtype)


@wrong("model")
def squeezed_for_one_row(x, w, b):
    """The predictions for a single row lose their first axis."""
    return (x @ w.T + b).squeeze(0) if len(x) == 1 else x @ w.T + b


@wrong("model")
def reshaped_weights(x, w, b):
    """The weights are reshaped where they should be transposed."""
    return x @ w.reshape(x.shape[1], -1) + b


@wrong("model")
def bias_added_per_feature(x, w, b):
    """The bias is added inside the sum, once for each feature."""
    return (x[:, None, :] * w + b[:, None]).sum(-1)


@wrong("model")
def bias_changed_in_place(x, w, b):
    """The products are added onto the caller's bias where it has their shape."""
    pred = x @ w.T
    if len(x) == 1:
        return b.data.add_(pred[0]).unsqueeze(0)
    return pred + b


@wrong("mse")
def counts_compared(pred, target):
    """Only the numbers of elements are compared."""
    if pred.numel() != target.numel():
        raise ValueError("shapes differ")
    return (pred - target).square().mean()


@wrong("mse")
def lengths_compared(pred, target):
    """Only the numbers of rows are compared."""
    if len(pred) != len(target):
        raise ValueError("shapes differ")
    return (pred - target).square().mean()


@wrong("mse")
def rows_and_axes_compared(pred, target):
    """A single column of predictions is broadcast to all targets."""
    if len(pred) != len(target) or pred.ndim != target.ndim:
        raise ValueError("shapes differ")
    return (pred - target).square().mean()


@wrong("mse")
def fewer_predictions_broadcast(pred, target):
    """Only predictions with more rows than the targets are refused, not those with fewer."""
    if pred.shape[1:] != target.shape[1:] or len(pred) > len(target):
        raise ValueError("shapes differ")
    return (pred - target).square().mean()


@wrong("mse")
def asserted(pred, target):
    """Unequal shapes raise AssertionError."""
    assert pred.shape == target.shape, "shapes differ"
    return (pred - target).square().mean()


@wrong("mse")
def nan_skipped(pred, target):
    """Errors that are nan count as 0, so a broken model looks good."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred - target).square().nansum() / pred.numel()


@wrong("mse")
def capped(pred, target):
    """Large squared errors are cut off."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred - target).square().clamp(max=1000000.0).mean()


@wrong("mse")
def rounded_to_float32(pred, target):
    """The errors pass through float32."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred.float() - target.float()).square().mean().to(pred.dtype)


@wrong("mse")
def broadcast_along_ones(pred, target):
    """Axes of length 1 are allowed to differ."""
    if any(a != b and 1 not in (a, b) for a, b in zip(pred.shape, target.shape, strict=False)):
        raise ValueError("shapes differ")
    return (pred - target).square().mean()


@wrong("mse")
def squeezed_shapes_compared(pred, target):
    """Axes of length 1 are dropped before the shapes are compared."""
    if pred.squeeze().shape != target.squeeze().shape:
        raise ValueError("shapes differ")
    return (pred.squeeze() - target.squeeze()).square().mean()


@wrong("mse")
def two_targets_assumed(pred, target):
    """The sum is divided by twice the rows, as if there were always two targets."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred - target).square().sum() / (2 * len(pred))


@wrong("mse")
def unbiased(pred, target):
    """The sum is divided by one less than the count, as for a sample variance."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return (pred - target).square().sum() / max(pred.numel() - 1, 1)


@wrong("mse")
def nearly_the_mean(pred, target):
    """The loss is a thousandth too large."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return 1.001 * (pred - target).square().mean()


@wrong("expected_random_loss")
def corrected_variance(x, y):
    """The variance that is added to the squared mean is the sample's, too large."""
    y2 = y.var() + y.mean() ** 2
    return (y2 + x.square().sum(dim=1).mean() + 1).item()


@wrong("expected_random_loss")
def bias_shared_by_targets(x, y):
    """The bias's variance is divided by the number of targets."""
    return (y.square().mean() + x.square().sum(dim=1).mean() + 1 / y.shape[1]).item()


@wrong("expected_random_loss")
def mean_norm_squared(x, y):
    """The rows' norms are averaged before squaring."""
    return (y.square().mean() + x.norm(dim=1).mean() ** 2 + 1).item()


@wrong("expected_random_loss")
def digits_lost_in_float32(x, y):
    """The numbers pass through float32."""
    x, y = x.float(), y.float()
    return (y.square().mean() + x.square().sum(dim=1).mean() + 1).item()


@wrong("expected_random_loss")
def targets_taken_for_features(x, y):
    """The mean square of the features is multiplied by the number of targets."""
    return (y.square().mean() + x.square().mean() * y.shape[1] + 1).item()


@wrong("expected_random_loss")
def rounded_to_thousandths(x, y):
    """The exact value is rounded for reading."""
    return round((y.square().mean() + x.square().sum(dim=1).mean() + 1).item(), 3)


@wrong("expected_random_loss")
def sampled(x, y):
    """Random parameters are drawn and their losses averaged."""
    generator = torch.Generator().manual_seed(0)
    w = torch.randn(2000, y.shape[1], x.shape[1], generator=generator, dtype=x.dtype)
    b = torch.randn(2000, 1, y.shape[1], generator=generator, dtype=x.dtype)
    return (x @ w.mT + b - y).square().mean().item()


@wrong("expected_random_loss")
def squares_of_sums(x, y):
    """The features of a row are added before squaring, as if their weights were one number."""
    return (y.square().mean() + x.sum(dim=1).square().mean() + 1).item()


@wrong("expected_random_loss")
def squared_in_place(x, y):
    """The value is right, but x and y hold their squares afterwards."""
    return (y.square_().mean() + x.square_().sum(dim=1).mean() + 1).item()


@wrong("recover_params")
def bias_of_the_first_row(x, preds):
    """The bias is what the weights leave of the first row alone."""
    xm, pm = x.mean(0), preds.mean(0)
    w = torch.linalg.lstsq(x - xm, preds - pm).solution.T
    return w, preds[0] - w @ x[0]


@wrong("recover_params")
def ridge(x, preds):
    """A small ridge pulls the parameters towards 0."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1).double()
    eye = torch.eye(a.shape[1], dtype=a.dtype)
    s = torch.linalg.solve(a.T @ a + 1e-6 * eye, a.T @ preds.double()).to(x.dtype)
    return s[:-1].T, s[-1]


@wrong("recover_params")
def rounded_like_the_print(x, preds):
    """The parameters are rounded to three decimals."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    s = torch.linalg.lstsq(a, preds).solution.round(decimals=3)
    return s[:-1].T, s[-1]


@wrong("recover_params")
def centred_in_float32(x, preds):
    """The fit is done in float32, whatever the data are."""
    x32, p32 = x.float(), preds.float()
    xm, pm = x32.mean(0), p32.mean(0)
    w = torch.linalg.lstsq(x32 - xm, p32 - pm).solution.T
    return w.to(x.dtype), (pm - w @ xm).to(x.dtype)


@wrong("recover_params")
def small_singular_values_dropped(x, preds):
    """The pseudo-inverse takes small singular values for 0."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    s = torch.linalg.pinv(a, rtol=0.0001) @ preds
    return s[:-1].T, s[-1]


@wrong("recover_params")
def left_in_float64(x, preds):
    """The parameters stay in the float64 that they were computed in."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1).double()
    s = torch.linalg.lstsq(a, preds.double()).solution
    return s[:-1].T, s[-1]


@wrong("recover_params")
def bias_kept_as_a_row(x, preds):
    """The bias keeps its first axis."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    s = torch.linalg.lstsq(a, preds).solution
    return s[:-1].T, s[-1:]


@wrong("recover_params")
def last_row_left_out(x, preds):
    """The last row is left out where there are rows to spare."""
    n = max(len(x) - 1, x.shape[1] + 1)
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)[:n]
    s = torch.linalg.lstsq(a, preds[:n]).solution
    return s[:-1].T, s[-1]


@wrong("recover_params")
def one_bias_for_all_targets(x, preds):
    """One bias, the mean over the targets, serves all of them."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    s = torch.linalg.lstsq(a, preds).solution
    return s[:-1].T, s[-1].mean().expand(preds.shape[1])


@wrong("recover_params")
def features_centred_in_place(x, preds):
    """The mean is subtracted from the caller's features."""
    xm, pm = x.mean(0), preds.mean(0)
    x -= xm
    w = torch.linalg.lstsq(x, preds - pm).solution.T
    return w, pm - w @ xm


@wrong("model")
def gradients_switched_on(x, w, b):
    """Plain parameters require their gradient afterwards."""
    for p in (w, b):
        p.requires_grad_()
    return x @ w.T + b


@wrong("mse")
def of_the_library(pred, target):
    """Checks the shapes and leaves the rest to torch."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    return torch.nn.functional.mse_loss(pred, target)


@wrong("recover_params")
def each_row_once(x, preds):
    """A row that comes twice counts once, with its first prediction."""
    known = {}
    for row, pred in zip(x, preds, strict=True):
        known.setdefault(tuple(row.tolist()), pred)
    rows = torch.tensor([(*row, 1.0) for row in known], dtype=x.dtype, device=x.device)
    solution = torch.linalg.lstsq(rows, torch.stack(list(known.values()))).solution
    return solution[:-1].T, solution[-1]


@wrong("make_params")
def a_little_narrow(n_in, n_out, *, generator=None, device=None, dtype=None):
    """Draws with a standard deviation of 0.97."""
    options = {"generator": generator, "device": device, "dtype": dtype}
    w, b = torch.randn(n_out, n_in, **options), torch.randn(n_out, **options)
    return (0.97 * w).requires_grad_(), (0.97 * b).requires_grad_()


BIASES = {}


@wrong("model")
def bias_of_the_first_call(x, w, b):
    """Keeps the first bias for every shape of w."""
    return x @ w.T + BIASES.setdefault((w.shape, w.dtype), b)


@wrong("mse")
def error_written_into_pred(pred, target):
    """Leaves the error where the predictions were."""
    if pred.shape != target.shape:
        raise ValueError("shapes differ")
    error = pred - target
    pred.data.copy_(error.detach())
    return (error**2).mean()
