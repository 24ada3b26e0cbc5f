# %% [markdown]
# # m06 The model and its loss, from scratch
#
# A linear model predicts every target as a weighted sum of the features plus a bias. For N rows, I
# features and O targets: `pred[n, o]` is the sum over i of `x[n, i] * w[o, i]`, plus `b[o]`, with
# x [N, I], w [O, I], b [O] and pred [N, O]. The mean squared error says how wrong pred is.

# %%
"""The tutorial's parameters, model and loss from scratch."""

from __future__ import annotations

import torch
from torch import Tensor


# %%
def make_params(
    n_in: int,
    n_out: int,
    *,
    generator: torch.Generator | None = None,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
) -> tuple[Tensor, Tensor]:
    """Create the parameters (w, b) of a linear model, each number drawn from N(0, 1).

    w is [n_out, n_in] and b [n_out], with n_in and n_out at least 1. Both are leaves that require
    their gradient, on the given device and of the given dtype; None stands for torch's default. All
    numbers are independent draws from the generator, which lies on that device: the same seed gives
    the same parameters again, a second call gives other ones. Without a generator they come from
    torch's global one; with a generator the global one stays untouched.
    """
    w = torch.randn(n_out, n_in, generator=generator, device=device, dtype=dtype)
    b = torch.randn(n_out, generator=generator, device=device, dtype=dtype)
    return w.requires_grad_(), b.requires_grad_()


# %%
def model(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Return a linear model's predictions [N, O] for the rows of x.

    x is [N, I] (N at least 1), w [O, I] and b [O], all of the same dtype and device, which the
    predictions share. Row n, column o is the sum over the features i of x[n, i] times w[o, i], plus
    b[o]. The predictions can be differentiated with respect to x, w and b; none of them is changed.
    """
    return x @ w.T + b


# %%
def mse(pred: Tensor, target: Tensor) -> Tensor:
    """Return the mean squared error of predictions: the mean over all N x O elements.

    pred and target are [N, O], of the same dtype and device; N and O are at least 1. The result is
    0-dim ([]), has their dtype and device, and can be differentiated with respect to pred. Neither
    input is changed. Write it yourself, without torch's own losses.

    Raises ValueError unless the shapes are equal (nothing is broadcast).
    """
    if pred.shape != target.shape:
        raise ValueError(f"shapes differ: {tuple(pred.shape)} and {tuple(target.shape)}")
    error = pred - target
    return (error * error).sum() / error.numel()


# %%
def expected_random_loss(x: Tensor, y: Tensor) -> float:
    """Return the loss that a linear model with random parameters has on average, as a float.

    x is [N, F] and y [N, O], with N at least 1; neither is changed. The loss is the mean squared
    error of the model's predictions for x against y. Its average is the expectation over w [O, F]
    and b [O] whose numbers are all independent draws from N(0, 1). Compute it exactly, by a formula
    in x and y: an average over sampled parameters is not exact enough. The result is not a tensor.
    """
    spread = x.square().sum(dim=1).mean() + 1
    return (y.square().mean() + spread).item()


# %%
def recover_params(x: Tensor, preds: Tensor) -> tuple[Tensor, Tensor]:
    """Find the parameters (w, b) of the linear model that made the predictions.

    x is [N, I] and preds [N, O], of the same dtype and device; neither is changed. w [O, I] and
    b [O] are of that dtype, on that device. The predictions were rounded when they were printed, so
    perhaps no parameters fit all rows: return those with the smallest mean squared error. x holds
    enough different rows (N at least I + 1) to leave exactly one such pair.

    Be as exact as the data allow: with float32 features of 60 plus or minus 1, and predictions made
    by parameters of up to 5, w and b must still be right to within 0.03.
    """
    ones = torch.ones_like(x[:, :1])
    solution = torch.linalg.lstsq(torch.cat([x, ones], dim=1), preds).solution
    return solution[:-1].T, solution[-1]
