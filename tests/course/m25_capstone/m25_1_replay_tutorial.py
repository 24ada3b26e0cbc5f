"""Other ways to do replay_tutorial."""

from __future__ import annotations

import numpy as np
import torch
from m25_capstone import FIRST, LAST, NEW, X, Y
from torch import nn

from autograder.course.marks import restated, right, wrong

TUTORIAL = (X, Y, FIRST, LAST, NEW, 1e-5, 102)


def _linear(x, printed):
    """Return an nn.Linear with the parameters behind some predictions."""
    ones = torch.ones(len(x), 1, dtype=x.dtype, device=x.device)
    both = torch.linalg.pinv(torch.hstack([x, ones])) @ printed
    layer = nn.Linear(x.shape[1], 2, dtype=x.dtype, device=x.device)
    with torch.no_grad():
        layer.weight.copy_(both[:-1].T)
        layer.bias.copy_(both[-1])
    return layer


def _trained(
    *data,
    recover=_linear,
    back=lambda loss: loss.backward(),
    clear=lambda opt: opt.zero_grad(),
    steps=lambda updates: updates,
    other=lambda layer, x, last: _linear(x, last),
    change=lambda now, before: now - before,
    forecast=lambda layer, new: layer(new),
    float_of=float,
    every=False,
):
    """Train by torch's own optimizer, with parts that can be exchanged."""
    x, y, first, last, new, lr, updates = data or TUTORIAL
    n = len(y)
    layer = recover(x[:n], first)
    before = layer.bias.detach().clone()
    opt = torch.optim.SGD(layer.parameters(), lr=lr)
    losses = []
    for _ in range(steps(updates) + 1):
        clear(opt)
        loss = nn.functional.mse_loss(layer(x[:n]), y)
        losses.append(loss)
        if len(losses) > steps(updates):
            break
        back(loss)
        opt.step()
    told = {
        "loss at start": losses[0],
        "loss after 1 update": losses[1],
        "loss after 2 updates": losses[2],
        "loss at end": losses[-1],
    }
    with torch.no_grad():
        moved = change(layer.bias, before)
        values = forecast(other(layer, x, last), new)
    for i, fruit in enumerate(("apples", "oranges")):
        told[f"bias change of {fruit}"] = moved[i]
        told[f"forecast of {fruit}"] = values[i]
    return {key: float_of(value) for key, value in told.items()}


@right()
def by_linear_and_sgd(*data):
    """Loads the parameters into an nn.Linear, and lets torch.optim train it."""
    return _trained(*data)


@right()
def by_normal_equations(*data):
    """Solves the normal equations for the parameters."""

    def recover(x, printed):
        layer = _linear(x, printed)
        full = torch.cat([x, torch.ones_like(x[:, :1])], 1)
        both = torch.linalg.solve(full.T @ full, full.T @ printed)
        layer.load_state_dict({"weight": both[:-1].T, "bias": both[-1]})
        return layer

    return _trained(*data, recover=recover, other=lambda layer, x, last: recover(x, last))


@right()
def in_numpy(*data):
    """Does all of it in NumPy, and returns its floats, with a key more."""
    x, y, first, last, new, lr, updates = (
        each.cpu().numpy() if isinstance(each, torch.Tensor) else each for each in data or TUTORIAL
    )
    rows = np.column_stack([x, np.ones(len(x))])
    own = rows[: len(y)]
    p, *_ = np.linalg.lstsq(own, first, rcond=None)
    start, losses = p.copy(), []
    for i in range(updates + 1):
        error = own @ p - y
        losses.append(np.mean(error**2))
        if i < updates:
            p -= lr * 2 * own.T @ error / error.size
    q, *_ = np.linalg.lstsq(rows, last, rcond=None)
    seen = np.append(new, 1.0) @ q
    return {
        "forecast of oranges": seen[1],
        "forecast of apples": seen[0],
        "bias change of apples": (p - start)[-1, 0],
        "bias change of oranges": (p - start)[-1, 1],
        "loss at end": losses[-1],
        "loss after 2 updates": losses[2],
        "loss after 1 update": losses[1],
        "loss at start": losses[0],
        "updates": updates,
    }


@right()
def by_plain_leaves(*data):
    """Trains two leaves by autograd, in place, and centres the columns to recover them."""
    x, y, first, last, new, lr, updates = data or TUTORIAL

    def behind(x, printed):
        w = torch.linalg.lstsq(x - x.mean(0), printed - printed.mean(0)).solution
        return w, printed.mean(0) - x.mean(0) @ w

    w, b = (p.clone().requires_grad_() for p in behind(x[: len(y)], first))
    before = b.detach().clone()
    losses = [((x[: len(y)] @ w + b - y) ** 2).mean()]
    for _ in range(updates):
        losses[-1].backward()
        with torch.no_grad():
            for p in (w, b):
                p.sub_(lr * p.grad)
                p.grad.zero_()
        losses.append(((x[: len(y)] @ w + b - y) ** 2).mean())
    names = ("loss at start", "loss after 1 update", "loss after 2 updates", "loss at end")
    told = {k: v.item() for k, v in zip(names, [*losses[:3], losses[-1]], strict=True)}
    told["bias change of apples"], told["bias change of oranges"] = (b - before).tolist()
    w2, b2 = behind(x, last)
    told["forecast of apples"], told["forecast of oranges"] = (new @ w2 + b2).tolist()
    return told


@wrong()
def gradients_never_cleared(*data):
    """Lets the gradients pile up."""
    return _trained(*data, clear=lambda opt: None)


@wrong()
def one_update(*data):
    """Stops after the first epochs."""
    return _trained(*data, steps=lambda updates: 2) | {"loss at end": 0.0}


@wrong()
def forecast_of_the_first_row(*data):
    """Forecasts a row of the table."""
    x = (data or TUTORIAL)[0]
    return _trained(*data, forecast=lambda layer, new: layer(x[0]))


@wrong()
def change_turned_round(*data):
    """Subtracts the end from the start."""
    return _trained(*data, change=lambda now, before: before - now)


@wrong()
def size_of_the_change(*data):
    """Drops the sign of the change."""
    return _trained(*data, change=lambda now, before: (now - before).abs())


@wrong()
def other_from_n_rows(*data):
    """Recovers the other model from the first rows alone."""
    n = len((data or TUTORIAL)[1])
    return _trained(*data, other=lambda layer, x, last: _linear(x[:n], last[:n]))


@wrong()
def root_of_the_loss(*data):
    """Returns the roots of the losses."""
    told = _trained(*data)
    return {k: v**0.5 if k.startswith("loss") else v for k, v in told.items()}


@wrong()
def fruits_exchanged(*data):
    """Takes apples for oranges."""
    told = _trained(*data)
    swap = {"apples": "oranges", "oranges": "apples"}
    return {k: told[" ".join(swap.get(w, w) for w in k.split())] for k in told}


@wrong()
def printed_numbers(*data):
    """Types in what the tutorial has printed."""
    return {
        "loss at start": 15813.8125,
        "loss after 1 update": 10762.5488,
        "loss after 2 updates": 7357.4829,
        "loss at end": 130.3513,
        "bias change of apples": 0.00513,
        "bias change of oranges": 0.00702,
        "forecast of apples": 55.3323,
        "forecast of oranges": 67.8895,
    }


@restated("stale-predictions")
def old_predictions(*data):
    """Makes the predictions before the update."""
    told, n = _trained(*data), (data or TUTORIAL)[-1]
    before = _trained(*data, steps=lambda updates: max(updates - 1, 2))["loss at end"]
    if n == 2:
        before = told["loss after 1 update"]
    return told | {
        "loss after 2 updates": told["loss after 1 update"],
        "loss after 1 update": told["loss at start"],
        "loss at end": before,
    }


def _ended(*data, updates):
    """Return what depends on the number of updates, for another number."""
    x, y, first, *_, lr, _ = data or TUTORIAL
    rows = torch.cat([x[: len(y)], torch.ones_like(y[:, :1])], 1)
    p = start = torch.linalg.pinv(rows) @ first
    for _ in range(updates):
        p = p - lr * rows.T @ (rows @ p - y) / len(y)
    apples, oranges = (p - start)[-1].tolist()
    return {
        "loss at end": (rows @ p - y).pow(2).mean().item(),
        "bias change of apples": apples,
        "bias change of oranges": oranges,
    }


@restated("two-updates-short")
def a_hundred(*data):
    """Takes two from the number of updates."""
    return _trained(*data) | _ended(*data, updates=(data or TUTORIAL)[-1] - 2)


@restated("two-updates-more")
def two_and_then_all(*data):
    """Runs all updates after the first two."""
    return _trained(*data) | _ended(*data, updates=(data or TUTORIAL)[-1] + 2)


@restated("zero-start")
def zeros_first(*data):
    """Fills the layer with zeros before its training."""

    def zeros(x, printed):
        layer = _linear(x, printed)
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)
        return layer

    return _trained(*data, recover=zeros)


@restated("no-bias-recovered")
def only_weights(*data):
    """Solves for the weights alone."""

    def without(x, printed):
        layer = _linear(x, printed)
        with torch.no_grad():
            layer.weight.copy_((torch.linalg.pinv(x) @ printed).T)
            layer.bias.zero_()
        return layer

    return _trained(*data, recover=without, other=lambda layer, x, last: without(x, last))


@restated("just-enough-rows")
def square_system(*data):
    """Solves a square system."""

    def few(x, printed):
        k = x.shape[1] + 1
        return _linear(x[:k], printed[:k])

    return _trained(*data, recover=few, other=lambda layer, x, last: few(x, last))


@restated("uphill")
def climbs(*data):
    """Turns the loss round before backward."""
    return _trained(*data, back=lambda loss: (-loss).backward())


@restated("bias-moves-later")
def one_after_the_other(*data):
    """Goes backward once for each of the two."""
    x, y, first, *_, lr, updates = data or TUTORIAL
    layer = _linear(x[: len(y)], first)
    before, losses = layer.bias.detach().clone(), []
    for _ in range(updates):
        for i, p in enumerate((layer.weight, layer.bias)):
            loss = (layer(x[: len(y)]) - y).square().mean()
            if i == 0:
                losses.append(loss.item())
            p.data -= lr * torch.autograd.grad(loss, p)[0]
    losses.append((layer(x[: len(y)]) - y).square().mean().item())
    told = _trained(*data)
    names = ("loss at start", "loss after 1 update", "loss after 2 updates", "loss at end")
    told |= dict(zip(names, [*losses[:3], losses[-1]], strict=True))
    for i, fruit in enumerate(("apples", "oranges")):
        told[f"bias change of {fruit}"] = (layer.bias - before)[i].item()
    return told


@restated("mean-over-rows")
def twice(*data):
    """Goes backward from a loss twice as large."""
    return _trained(*data, back=lambda loss: (2 * loss).backward())


@restated("factor-two-missing")
def halves(*data):
    """Goes backward from half the loss."""
    return _trained(*data, back=lambda loss: (loss / 2).backward())


@restated("bias-not-trained")
def frozen_bias(*data):
    """Freezes the bias for the training."""

    def frozen(x, printed):
        layer = _linear(x, printed)
        layer.bias.requires_grad_(False)
        return layer

    return _trained(*data, recover=frozen)


@restated("bias-in-place-of-change")
def bias_itself(*data):
    """Reads the bias, not its change."""
    return _trained(*data, change=lambda now, before: now)


@restated("no-change-seen")
def start_not_cloned(*data):
    """Keeps the start as a second name of the end."""
    return _trained(*data, change=lambda now, before: now - now)


@restated("forecast-by-the-first-model")
def own_forecast(*data):
    """Asks the trained layer for the forecast."""
    return _trained(*data, other=lambda layer, x, last: layer)


@restated("forecast-without-bias")
def weights_forecast(*data):
    """Multiplies by the weights alone."""
    return _trained(*data, forecast=lambda layer, new: layer.weight @ new)


@restated("tensors-in-the-result")
def left_as_tensors(*data):
    """Leaves the numbers in tensors."""
    return _trained(*data, float_of=lambda value: value.detach().cpu())


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "losses.append((inputs @ params - y).square().mean().item()) -> "
    "losses.append((y - inputs @ params).square().mean().item())": "the square of an error",
}
