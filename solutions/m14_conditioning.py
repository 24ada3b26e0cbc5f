# %% [markdown]
# # m14 Conditioning
#
# How fast gradient descent arrives, and which weights it finds, depends on how the features lie to
# each other: on their scales and on what they have in common. Here you scale features, take their
# correlations away, fold the scaling back into the layer, find what data cannot tell, and make new
# features of old ones. N rows, F features, O targets; an x is [N, F], a row for each example.

# %%
"""Scaling, whitening, flat directions, partial effects and polynomial features."""

from __future__ import annotations

import torch
from torch import Tensor, nn


# %%
class Standardizer(nn.Module):
    """Bring every feature to mean 0 and standard deviation 1, as measured on the training rows.

    It holds `mean` and `std`, both [n_features], as buffers: they are in its state_dict, follow
    `.double()` and `.to(device)`, and are no parameters. Before `fit` they are zeros and ones, in
    torch's default dtype. It has no other state. All rows that it gets have its dtype and device,
    and stay untouched.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, n_features: int) -> None:
        """Make the two buffers, so that nn.Module knows them."""
        super().__init__()
        self.register_buffer("mean", torch.zeros(n_features))
        self.register_buffer("std", torch.ones(n_features))

    def fit(self, train: Tensor) -> None:
        """Take mean and std from the rows of train [N, n_features], N at least 1.

        std is the population standard deviation (the squares are divided by N); a feature all of
        whose numbers are equal gets std 1 instead. Only the last call counts. No graph is kept.
        """
        train = train.detach()
        std = train.std(0, correction=0)
        self.mean = train.mean(0)
        self.std = torch.where(std == 0, torch.ones_like(std), std)

    def forward(self, x: Tensor) -> Tensor:
        """Return (x - mean) / std for any number of rows, also in training mode. mean and std stay
        as they are, and x can be differentiated through."""
        return (x - self.mean) / self.std

    def inverse(self, z: Tensor) -> Tensor:
        """Return the x whose forward is z."""
        return z * self.std + self.mean


# %%
def whiten(x: Tensor) -> tuple[Tensor, Tensor]:
    """Return (z, W) with z = (x - mean of x's rows) @ W, such that z's features have variance 1 and
    no correlation.

    x is [N, F], z is [N, F] and W is [F, F]. The covariance of z, its mean product z.T @ z / N
    (divided by N, not N - 1), is the identity. Many W do this, since any rotation after it changes
    nothing about it, and each of them is right. Both results have the dtype and device of x, which
    stays untouched.

    Raises ValueError where the covariance of x is singular, so that no such W exists: where its
    smallest eigenvalue is at most 100 eps times the largest, with eps = torch.finfo(x.dtype).eps.
    Features that depend on each other make it so, constant ones, and fewer than F + 1 rows.
    """
    centred = x - x.mean(0)
    lams, vectors = torch.linalg.eigh(centred.t() @ centred / len(x))
    if lams[0] <= 100 * torch.finfo(x.dtype).eps * lams[-1]:
        raise ValueError("the covariance is singular")
    w = vectors / lams.sqrt()
    return centred @ w, w


def condition(x: Tensor) -> float:
    """Return the condition number of the loss of a linear model without bias on x [N, F].

    The mean squared error has the Hessian 2 x.T @ x / N, whatever the targets are, and its
    condition number is its largest eigenvalue divided by its smallest: 1 for a round bowl. x is
    taken as it is, neither centred nor scaled. Where the smallest eigenvalue is at most 100 eps
    times the largest, with eps = torch.finfo(x.dtype).eps, it counts as 0, and inf is returned. The
    result is a Python float; x stays untouched.
    """
    lams = torch.linalg.eigvalsh(x.t() @ x)  # the factor 2 / N leaves the ratio as it is
    if lams[0] <= 100 * torch.finfo(x.dtype).eps * lams[-1]:
        return float("inf")
    return float(lams[-1] / lams[0])


# %%
def fold_scaler(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """Return a layer that predicts from raw features what `layer` predicts from scaled ones.

    `layer` was trained on (x - mean) / std; mean and std are [I], and std has no zeros. For every x
    the new layer's output is layer((x - mean) / std). So its weights say what a target changes by
    per unit of the raw feature. It always has a bias, also where `layer` has none; it is trainable,
    and has dtype and device of `layer`, which mean and std share. It shares no memory with layer,
    mean and std, all of which stay untouched.
    """
    folded = nn.Linear(layer.in_features, layer.out_features).to(layer.weight)
    with torch.no_grad():
        folded.weight.copy_(layer.weight / std)
        folded.bias.copy_(layer(-mean / std))
    return folded


# %%
def flat_directions(x: Tensor, tol: float = 1e-6, bias: bool = False) -> Tensor:
    """Return orthonormal directions [k, P] along which a linear model's predictions stay the same.

    P is F, the number of weights for x [N, F], float64, N at least 1; with bias=True it is F + 1,
    and the last entry of a direction is the bias's. Each row of the result is a direction: moving
    the parameters along it changes no prediction for x, and so not the loss, whatever the targets
    are. The rows have length 1, are orthogonal to each other, and span all such directions; any
    such rows are right. Where there are none, the result is [0, P].

    A direction is a flat one where it belongs to a singular value of at most tol times the largest
    singular value of the matrix [N, P] that predicts from the parameters: x, with bias=True
    followed by a column of ones. The result has the dtype and device of x, which stays untouched.
    """
    matrix = torch.cat([x, torch.ones_like(x[:, :1])], 1) if bias else x
    directions: Tensor
    _, s, directions = torch.linalg.svd(matrix, full_matrices=True)
    rank = int((s > tol * s.max()).sum())
    return directions[rank:]


# %%
def partial_effect(x: Tensor, y: Tensor, j: int) -> float:
    """Return what y changes by per unit of feature j while all other features stay the same.

    x is [N, F] and y is [N], both float64; j counts from 0. The effect is the coefficient of
    feature j in the least-squares fit of y on all features and a bias. It can be had without that
    fit: take from feature j what the other features and a bias explain of it by least squares; the
    slope of y on what is left is the effect. With one feature it is the slope of the fitted line.
    Feature j does not depend on the others. The result is a Python float; x and y stay untouched.
    """
    others = x.clone()
    others[:, j] = 1  # the column of the bias takes the place of feature j
    own = x[:, j]
    left = own - others @ (torch.linalg.pinv(others) @ own)
    return float(left @ y / (left @ left))


# %%
def poly_features(x: Tensor, degree: int) -> Tensor:
    """Return the powers of x's features up to degree, [N, F * degree], for x [N, F].

    First come the features themselves, then their squares, and so on up to the power degree:
    x1, x2, ..., x1^2, x2^2, ... There is no column of ones, since a layer has a bias, and no
    product of different features. The result has the dtype and device of x and can be
    differentiated; x stays untouched. N may be 0. Raises ValueError where degree is below 1.
    """
    if degree < 1:
        raise ValueError("degree must be at least 1")
    return torch.cat([x**power for power in range(1, degree + 1)], dim=1)
