# %% [markdown]
# # m17 Optimizers
#
# An optimizer turns gradients into steps. Momentum and Adam remember the gradients of earlier
# steps, and that memory has a rule and a price. Around the step stand three more choices: which
# parameter gets which settings, how many rows one gradient is made of, and how long it may be. N is
# the number of rows, I of inputs, O of outputs, B of rows in a micro-batch.

# %%
"""Momentum, Adam, what they store, groups, accumulated and clipped gradients."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer


# %%
class MomentumSGD:
    """Write the optimizer SGD with momentum and weight decay, by torch's rule.

    `MomentumSGD(params, lr, momentum=0.0, weight_decay=0.0)` takes any iterable of leaves that
    require their gradient, at least one, each there once, of any shapes, float32 or float64; a
    generator such as `model.parameters()` can be read only once. The three numbers are at least 0,
    and gradients are finite. Each parameter has a velocity of its own, which is 0 at first. `lr` is
    an attribute: the caller may set it to another number between two steps. Several optimizers can
    exist side by side, also for the same parameters: each has its own velocities.

    Write it without `torch.optim`: neither inherit from one of its classes nor make an object of
    one inside.
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        """Keep the parameters and the settings."""
        self.velocities = {p: torch.zeros_like(p) for p in params}
        self.lr = lr
        self.momentum = momentum
        self.weight_decay = weight_decay

    def step(self) -> None:
        """Renew each parameter's velocity, and move the parameter by -lr times the new one.

        The new velocity is momentum times the old one, plus this step's slope: the gradient in
        `.grad` plus weight_decay times the parameter, as it is before the step. No velocity has a
        learning rate in it: the whole of it is multiplied by what `lr` is in this step.

        A parameter whose gradient is None is passed over in this step: it stays what it is, and so
        does its velocity. A gradient of zeros is one like any other.

        Parameters are changed in place and stay leaves that require their gradient; gradients stay
        as they are. Between two steps the caller clears the gradients or stores others, maybe in
        place, in the same tensors; that changes no velocity.
        """
        with torch.no_grad():
            for p, v in self.velocities.items():
                if p.grad is not None:
                    v.mul_(self.momentum).add_(p.grad + self.weight_decay * p)
                    p -= self.lr * v


# %%
def adam_step(
    p: Tensor,
    g: Tensor | None,
    state: dict[str, Any],
    *,
    lr: float,
    betas: tuple[float, float],
    eps: float,
    weight_decay: float,
    decoupled: bool,
) -> None:
    """Move a parameter by one step of Adam, or of AdamW, in place; nothing is returned.

    p is a tensor of any shape, float32 or float64; it may be a leaf that requires its gradient, and
    then stays one. g is its gradient, of the shape, dtype and device of p, and is not changed;
    `p.grad` is neither read nor changed. state is a dict for this parameter alone, empty before its
    first step. All that later steps need is kept in it, under keys of your choice, and nothing of
    it elsewhere: with copies of p and state (`copy.deepcopy`) the way goes on as it would with
    them, and with a new empty state it begins anew.

    Let t be the number of steps with this state, this one included. Two running averages begin as
    zeros. The first becomes betas[0] times what it was, plus (1 - betas[0]) times the gradient; the
    second goes by betas[1] and the gradient's square in the same way. As they begin at 0 they are
    too small: the first divided by 1 - betas[0] ** t, and the second by 1 - betas[1] ** t, are
    corrected. p moves by -lr times the corrected first, over eps plus the square root of the
    corrected second. Both betas are at least 0 and below 1, eps is above 0.

    weight_decay, at least 0, also pulls p to 0, in one of two ways. p is taken as it was before the
    step.

    - decoupled=False, the L2 penalty of torch's Adam: the gradient in all this is
      g + weight_decay * p.
    - decoupled=True, as in torch's AdamW: the gradient is g itself, and p moves further, by
      -lr * weight_decay * p.

    Where g is None, nothing is changed, and no step is counted.
    """
    if g is None:
        return
    with torch.no_grad():
        slope = g if decoupled else g + weight_decay * p
        t = state["step"] = state.get("step", 0) + 1
        first = state["first"] = betas[0] * state.get("first", 0) + (1 - betas[0]) * slope
        second = state["second"] = betas[1] * state.get("second", 0) + (1 - betas[1]) * slope**2
        if decoupled:
            p *= 1 - lr * weight_decay
        p -= lr * first / (1 - betas[0] ** t) / ((second / (1 - betas[1] ** t)).sqrt() + eps)


# %%
def state_bytes(opt: Optimizer) -> int:
    """Return how many bytes an optimizer has stored; training_bytes is written beside it.

    opt is one of `torch.optim` but LBFGS, or derived from `torch.optim.Optimizer`, with one or
    several groups. `opt.state` has for each parameter a dict of what is remembered of it, or no
    entry yet.
    Every tensor in these dicts counts, the small counter `step` of torch's Adam too, by its number
    of elements times the bytes of one. An entry that is no tensor (a number, None) counts for
    nothing. Before the first step the result is mostly 0.

    The result is an int. Nothing is changed: no entry of `opt.state` is added either.
    """
    entries = [entry for state in opt.state.values() for entry in state.values()]
    return sum(_bytes(entry) for entry in entries if isinstance(entry, Tensor))


def training_bytes(model: nn.Module, opt: Optimizer) -> int:
    """Return how many bytes a training keeps from one step to the next, as an int.

    They are those of the model's parameters, each once, also where two layers share it; of the
    gradients that these have stored now, where one that is None counts for nothing; and of what
    opt has stored, see state_bytes. Dtypes may differ from parameter to parameter. Buffers are not
    counted, nor anything that a forward pass saves. Nothing is changed.
    """
    params = list(model.parameters())
    gradients = [p.grad for p in params if p.grad is not None]
    return sum(_bytes(tensor) for tensor in params + gradients) + state_bytes(opt)


def _bytes(tensor: Tensor) -> int:
    return tensor.numel() * tensor.element_size()


# %%
def param_groups(model: nn.Module, lr: float, bias_lr: float, wd: float) -> list[dict[str, Any]]:
    """Return parameter groups, which tell an optimizer the settings of each parameter.

    A parameter of one dimension, such as a bias or the scale of a normalisation, gets the learning
    rate bias_lr and no weight decay. One of more dimensions gets the learning rate lr and the
    weight decay wd. Every parameter of the model that requires its gradient, at whatever depth, is
    in exactly one group, also where two layers share it; one that does not require it is in none.

    A group is a dict with the keys "params", a list of the model's own parameters, "lr" and
    "weight_decay". The list of groups can be given to `torch.optim.SGD` or `torch.optim.AdamW` as
    it is. How many groups there are, and in which order, is free; so is an empty list of "params".
    The model has a parameter that requires its gradient, and none without dimensions. It is not
    changed.
    """
    trained = [p for p in model.parameters() if p.requires_grad]
    flat = [p for p in trained if p.ndim == 1]
    other = [p for p in trained if p.ndim > 1]
    return [
        {"params": other, "lr": lr, "weight_decay": wd},
        {"params": flat, "lr": bias_lr, "weight_decay": 0.0},
    ]


# %%
def accumulate_fit(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    opt: Optimizer,
    micro: Iterable[tuple[Tensor, Tensor]],
    k: int,
) -> int:
    """Train on micro-batches, with one step for every k of them; return how many steps were taken.

    micro is any iterable of pairs (x [B, I], y [B, O]) on the model's device, gone through once; it
    may be empty. B is at least 1 and may differ from pair to pair. k pairs in a row, k at least 1,
    make a group; the last group may have fewer. `loss_fn(pred, target)` is the mean over all
    elements of a batch, 0-dim ([]).

    For each group opt takes one step, with the gradient that the loss of one large batch of all its
    rows has: every row of the group counts the same. The large batch itself would not fit into
    memory: each micro-batch goes through the model alone and once, and its backward pass comes
    before the next one goes through the model. How far ahead micro is read is free.

    opt is any optimizer of torch but LBFGS, with all parameters of the model that require their
    gradient, in one or more groups; it keeps its state throughout. A parameter may take no part in
    the loss: its gradient stays None or zero. All gradients are None or zero on entry, and have to
    be None or zero on return. The model computes each row by itself, x and y are not changed, and
    the result is an int.
    """
    steps, pairs = 0, iter(micro)
    while group := list(islice(pairs, k)):
        rows = sum(len(x) for x, _ in group)
        for x, y in group:
            (loss_fn(model(x), y) * len(x) / rows).backward()
        opt.step()
        opt.zero_grad()
        steps += 1
    return steps


# %%
def clip_gradients_(params: Iterable[Tensor], max_norm: float) -> float:
    """Limit the norm of all gradients together, in place; return what it was before.

    params is any iterable of leaves, each there once, of any shapes and one dtype and device; a
    generator such as `model.parameters()` can be read only once. The norm is the Euclidean one, of
    all numbers in all their gradients as if they stood in a single vector. A gradient that is None
    adds nothing, and stays None. The squares of the numbers do not overflow in their dtype.

    If the norm is above max_norm, every gradient is multiplied by the same factor, after which the
    norm is max_norm; the factor may have 1e-6 more in its denominator, as torch's has. If it is
    below max_norm, the gradients keep their numbers; where the two are equal, either is right. The
    tensors in `.grad` stay the same ones and get new numbers. No parameter is changed. max_norm is
    above 0.

    The result is the norm before, as a number of Python: 0.0 where there are no gradients.

    Raises ValueError if the norm is inf or nan. All gradients then keep their numbers, for no
    factor makes an infinite gradient finite.
    """
    gradients = [p.grad for p in params if p.grad is not None]
    norm = math.sqrt(sum(g.square().sum().item() for g in gradients))
    if not math.isfinite(norm):
        raise ValueError(f"the norm of the gradients is {norm}")
    if norm > max_norm:
        for g in gradients:
            g *= max_norm / norm
    return norm
