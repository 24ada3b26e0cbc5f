"""Other ways to do expected_random_loss."""

from __future__ import annotations

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


@right()
def in_numpy(x, y):
    """NumPy computes in float64 and returns its own kind of float."""
    xn, yn = x.detach().cpu().double().numpy(), y.detach().cpu().double().numpy()
    return np.mean(yn**2) + np.mean(np.sum(xn**2, axis=1)) + 1.0


@right()
def in_plain_python(x, y):
    """Loops over plain numbers add up every row's expectation."""
    n, o = y.shape
    total = 0.0
    for row, t in zip(x.tolist(), y.tolist(), strict=True):
        total += sum(v * v for v in row) + 1 + sum(v * v for v in t) / o
    return total / n


@right()
def by_norms(x, y):
    """Sums of squares are written as squared norms."""
    return float(torch.linalg.norm(y) ** 2 / y.numel() + torch.linalg.norm(x) ** 2 / len(x) + 1)


@right()
def by_variance_and_mean(x, y):
    """The mean square of y is its variance plus its squared mean."""
    squares = y.var(correction=0) + y.mean() ** 2
    return (squares + x.shape[1] * x.pow(2).mean() + 1).item()


@right()
def by_the_gram_matrix(x, y):
    """The variances of all predictions are the diagonal of a Gram matrix with a column of ones."""
    a = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    return torch.trace(a @ a.T).item() / len(a) + torch.sum(y * y).item() / y.numel()


@wrong()
def corrected_variance(x, y):
    """The variance that is added to the squared mean is the sample's, too large."""
    y2 = y.var() + y.mean() ** 2
    return (y2 + x.square().sum(dim=1).mean() + 1).item()


@wrong()
def bias_shared_by_targets(x, y):
    """The bias's variance is divided by the number of targets."""
    return (y.square().mean() + x.square().sum(dim=1).mean() + 1 / y.shape[1]).item()


@wrong()
def mean_norm_squared(x, y):
    """The rows' norms are averaged before squaring."""
    return (y.square().mean() + x.norm(dim=1).mean() ** 2 + 1).item()


@wrong()
def digits_lost_in_float32(x, y):
    """The numbers pass through float32."""
    x, y = x.float(), y.float()
    return (y.square().mean() + x.square().sum(dim=1).mean() + 1).item()


@wrong()
def targets_taken_for_features(x, y):
    """The mean square of the features is multiplied by the number of targets."""
    return (y.square().mean() + x.square().mean() * y.shape[1] + 1).item()


@wrong()
def rounded_to_thousandths(x, y):
    """The exact value is rounded for reading."""
    return round((y.square().mean() + x.square().sum(dim=1).mean() + 1).item(), 3)


@wrong()
def sampled(x, y):
    """Random parameters are drawn and their losses averaged."""
    generator = torch.Generator().manual_seed(0)
    w = torch.randn(2000, y.shape[1], x.shape[1], generator=generator, dtype=x.dtype)
    b = torch.randn(2000, 1, y.shape[1], generator=generator, dtype=x.dtype)
    return (x @ w.mT + b - y).square().mean().item()


@wrong()
def squares_of_sums(x, y):
    """The features of a row are added before squaring, as if their weights were one number."""
    return (y.square().mean() + x.sum(dim=1).square().mean() + 1).item()


@wrong()
def squared_in_place(x, y):
    """The value is right, but x and y hold their squares afterwards."""
    return (y.square_().mean() + x.square_().sum(dim=1).mean() + 1).item()


@wrong(named="features-averaged, bias-forgotten")
def two_terms_wrong(x, y):
    """Two at once: features averaged, and no bias."""
    return (y.square().mean() + x.square().mean()).item()


@restated("variance-of-targets")
def targets_centred(x, y):
    """The mean of all targets is subtracted and the squares divided by one less than the count."""
    distance = ((y - y.mean()) ** 2).sum() / (y.numel() - 1)
    return float(distance + (x * x).sum() / len(x) + 1)


@restated("bias-forgotten")
def variance_of_weights_only(x, y):
    """Only the weights are taken for random."""
    return float((x * x).sum() / len(x) + (y * y).sum() / y.numel())


@restated("features-averaged")
def mean_square_of_features(x, y):
    """The squares of x are averaged over rows and columns."""
    xn, yn = x.numpy(), y.numpy()
    return float(1 + np.mean(xn * xn) + np.mean(yn * yn))


@restated("targets-summed")
def losses_of_targets_added(x, y):
    """A loop adds up the expected loss of every target."""
    spread = (x**2).sum().item() / len(x) + 1
    return sum((column**2).mean().item() + spread for column in y.T)


@restated("tensor-returned")
def item_forgotten(x, y):
    """The value stays in a tensor."""
    return 1 + (x**2).sum() / x.shape[0] + (y**2).sum() / y.numel()
