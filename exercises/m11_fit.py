# %% [markdown]
# # m11 Loss, optimizer, fit, predict, evaluate
#
# The steps of training by hand, now with PyTorch's built-ins: a loss from `nn.functional`, an
# optimizer that owns the update, a loop over batches, and a trained model that predicts and is
# evaluated.

# %%
"""Loss, optimizer, fit, predict, evaluate."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


# %%
def functional_twin(m: nn.Module) -> Callable[..., Tensor]:
    """Return a plain function that computes what a module computes, through `nn.functional`.

    m is an nn.MSELoss, nn.L1Loss, nn.HuberLoss, nn.ReLU (not in place) or nn.Linear. The twin is
    called as the module is, `twin(pred, target)` or `twin(x)`; values and gradients are equal.

    - A loss keeps its settings: the reduction (`mean`, `sum` or `none`) and Huber's delta.
    - The twin of a Linear, with or without a bias, owns no weights. It uses the module's own, so
      it follows every later in-place update of them, and gradients reach them.
    - The twin is no nn.Module and calls none, neither m nor a new one, also not its `forward`: m
      only lends its settings and weights.

    Raises TypeError, at once and not in the twin, for a module of any other type.
    """
    raise NotImplementedError


# %%
class SGD:
    """Write the optimizer of plain gradient descent, without `torch.optim`.

    Neither inherit from one of its classes nor make an object of one inside. `SGD(params, lr)`
    takes any iterable of leaf tensors, also a generator such as `model.parameters()`, which can be
    read only once; training calls `step()` and `zero_grad()` many times. It changes the tensors
    themselves, which stay leaves, and computes no gradients: calling `backward()` is the caller's
    task. Several optimizers can exist side by side.

    Raises ValueError when there are no parameters at all.
    """

    def __init__(self, params: Iterable[Tensor], lr: float) -> None:
        """Keep the parameters and the learning rate; raise ValueError without parameters."""
        raise NotImplementedError

    def step(self) -> None:
        """Move each parameter in place by -lr times its gradient, which stays as it is.

        A parameter whose gradient is None is skipped.
        """
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Leave every gradient zero or None, whatever it held; the parameters stay as they are."""
        raise NotImplementedError


# %%
def make_training(
    n_in: int, n_out: int, lr: float, seed: int
) -> tuple[nn.Module, Callable[[Tensor, Tensor], Tensor], torch.optim.SGD]:
    """Build what training needs: a linear model, the mean squared error and a `torch.optim.SGD`.

    - model: a module with the parameters `weight` [O, I] and `bias` [O], float32 on the CPU. Both
      are drawn at random, the bias too, and depend on the seed alone: the same seed gives the same
      numbers, whatever was drawn before; another seed gives another weight and another bias.
      Setting torch's global seed is allowed.
    - loss_fn: any callable; `loss_fn(pred, target)` is the mean over all elements, 0-dim ([]).
    - opt: plain gradient descent with learning rate lr on the model's own parameters.
    """
    raise NotImplementedError


# %%
def fit(
    epochs: int,
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    opt: torch.optim.Optimizer,
    loader: Iterable[tuple[Tensor, Tensor]],
) -> list[float]:
    """Train a model on batches; return the mean loss per row of each epoch.

    loader is any iterable of pairs (xb [B, I], yb [B, O]): a DataLoader, a list. Go through it
    exactly once per epoch (an epoch may bring other batches than the one before), and take one step
    for each batch. Batches may differ in size, and may lie on another device than the model: move
    them to the model's. They are not changed, and yb keeps its shape.

    `loss_fn(pred, target)` returns the mean over a batch, 0-dim ([]). An epoch's entry is the mean
    over all its rows, so a batch counts by its number of rows, each with the loss before its own
    update. Entries are floats; without epochs the list is empty.

    opt, any optimizer of the model's parameters, keeps its state (such as momentum) throughout.
    Gradients are None or zero on entry; clear them anywhere between a step and the next backward.
    The model is in train mode already, so calling `train()` is optional.
    """
    raise NotImplementedError


# %%
def predict(model: nn.Module, x: Tensor) -> Tensor:
    """Return a trained model's predictions for one row [I] or for many rows [N, I].

    The result is [O] or [N, O], in the dtype of the model's parameters. x lies on the model's
    device and has their dtype, or holds integers, which are converted; x itself stays as it is.

    The model predicts in eval mode, and the result does not require its gradient. Afterwards the
    model is in the mode it had before, train or eval, and grad mode is as before. All parts of the
    model share one mode.
    """
    raise NotImplementedError


# %%
def evaluate(
    model: nn.Module,
    loader: Iterable[tuple[Tensor, Tensor]],
    loss_fn: Callable[[Tensor, Tensor], Tensor],
) -> float:
    """Return a model's mean loss per row over all batches, as a float, without training it.

    loader is any iterable of pairs (xb [B, I], yb [B, O]) on the model's device, with at least one
    row, gone through once; batches may differ in size. `loss_fn(pred, target)` returns the mean
    over a batch, 0-dim ([]); the result is the mean over all rows.

    The model is judged in eval mode and no graph is recorded; parameters and buffers stay as they
    are. Afterwards the model's mode and grad mode are what they were before, whichever it was, and
    also when the model, the loss or the loader raises: that exception is passed on. All parts of
    the model share one mode.
    """
    raise NotImplementedError
