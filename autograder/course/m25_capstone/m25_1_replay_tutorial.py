"""Mistakes of replay_tutorial."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from m25_capstone import FIRST, LAST, NEW, X, Y, replay_tutorial
from torch import Tensor

from autograder.course.marks import mistake

APPLES, ORANGES = "apples", "oranges"
LOSSES = ("loss at start", "loss after 1 update", "loss after 2 updates", "loss at end")


@mistake("stale-predictions")
def stale_predictions(*data: Any) -> dict[str, float]:
    """You compute the loss after an update from predictions made before it, so each loss is that
    of one update earlier, and the first one appears twice. An update changes the parameters only;
    predictions have to be made again. Look at what you make after each update."""
    told, losses = replay_tutorial(*data), _losses(*data)
    return told | dict(zip(LOSSES, (losses[0], losses[0], losses[1], losses[-2]), strict=True))


@mistake("two-updates-short", asks="gd.27")
def two_updates_short(*data: Any) -> dict[str, float]:
    """You run two updates too few: the two that you report by themselves belong to the total of
    all updates. Each further update would have lowered the loss again. Count what your loop does,
    and what came before it."""
    losses, path = _losses(*data), _path(*data)
    return replay_tutorial(*data) | {LOSSES[3]: losses[-3]} | _moved(path[-3] - path[0])


@mistake("two-updates-more")
def two_updates_more(*data: Any) -> dict[str, float]:
    """You run two updates too many: the first two updates, which you report by themselves, belong
    to the total. The number of updates counts them all. Look at how many your loop still has to
    run."""
    *rest, lr, updates = _filled(*data)
    return replay_tutorial(*data) | _end_of(replay_tutorial(*[*rest, lr, updates + 2]))


@mistake("zero-start", asks="gd.10")
def zero_start(*data: Any) -> dict[str, float]:
    """You train from zeros instead of the start that the printed predictions give away. Predictions
    of an untrained model tell nothing of the targets, but everything of its parameters. Recover
    them by least squares first."""
    x, y, first, *rest = _filled(*data)
    return replay_tutorial(x, y, torch.zeros_like(first), *rest)


@mistake("no-bias-recovered", asks="gd.1")
def no_bias_recovered(*data: Any) -> dict[str, float]:
    """You recover weights without a bias, and begin and forecast with a bias of 0. A linear
    regression is weighted features plus a bias, and the printed predictions hold it, too. Give it a
    column of ones in the equations."""
    return _run(*data, recover=_weights_only)


@mistake("just-enough-rows")
def just_enough_rows(*data: Any) -> dict[str, float]:
    """You solve the equations of the first rows only, as many as there are unknowns. The
    predictions are rounded, so each row has an error of its own, and the other rows would average
    it out. Use all rows, by least squares."""
    return _run(*data, recover=_from_few)


@mistake("uphill", asks="gd.20")
def uphill(*data: Any) -> dict[str, float]:
    """You add the gradient, so the parameters climb and the loss grows with every update. The
    gradient points to where the loss rises fastest; descent goes the other way. Look at the sign
    of your update."""
    *rest, lr, updates = _filled(*data)
    return replay_tutorial(*[*rest, -lr, updates])


@mistake("bias-moves-later", asks="wf.12")
def bias_moves_later(*data: Any) -> dict[str, float]:
    """You move the weights first, and take the bias gradient from predictions with the new weights.
    backward() computes all gradients at one place, before any parameter moves. Compute both
    gradients from the same predictions."""
    return _run(*data, update=_weights_first)


@mistake("mean-over-rows")
def mean_over_rows(*data: Any) -> dict[str, float]:
    """Your losses are averages of all squared errors, but your gradient is divided by the number of
    rows only, so every update is twice as long as asked. Both means go over all elements, here two
    for each row."""
    *rest, lr, updates = _filled(*data)
    return replay_tutorial(*[*rest, 2 * lr, updates])


@mistake("factor-two-missing")
def factor_two_missing(*data: Any) -> dict[str, float]:
    """Your updates are half as long as asked. The derivative of a squared error has a factor of two
    that your gradient lacks. Write the derivative down, or let autograd find it."""
    *rest, lr, updates = _filled(*data)
    return replay_tutorial(*[*rest, lr / 2, updates])


@mistake("bias-not-trained")
def bias_not_trained(*data: Any) -> dict[str, float]:
    """Your biases stay what they were: only the weights move. The bias has a gradient as well, the
    mean of the errors up to a factor, and each update moves both. Look at what your update
    changes."""
    return _run(*data, update=_weights_alone)


@mistake("bias-in-place-of-change")
def bias_in_place_of_change(*data: Any) -> dict[str, float]:
    """You report the bias at the end, where its change was asked. The bias did not start at zero,
    so subtract the recovered one. Keep a copy of it before the training, for in-place updates
    would change it."""
    return replay_tutorial(*data) | _moved(_path(*data)[-1])


@mistake("no-change-seen")
def no_change_seen(*data: Any) -> dict[str, float]:
    """Your bias change is exactly 0, though your biases do move: your losses show it. You keep the
    start under a second name for the tensor that the updates change in place, so both are the end.
    Keep a clone."""
    return replay_tutorial(*data) | _moved(torch.zeros_like(_path(*data)[0]))


@mistake("forecast-by-the-first-model", asks="gd.45")
def forecast_by_the_first_model(*data: Any) -> dict[str, float]:
    """You forecast with the model that you have just trained. The forecast belongs to the other
    one, which is known by its predictions after training. Which model answers decides the answer:
    recover that one from last, with all rows."""
    x, _, _, _, new, *_ = _filled(*data)
    return replay_tutorial(*data) | _forecast(torch.cat([new, _ones(x)[0]]) @ _path(*data)[-1])


@mistake("forecast-without-bias")
def forecast_without_bias(*data: Any) -> dict[str, float]:
    """Your forecast leaves the bias out: it is the weighted sum of the new row's features alone.
    The model that predicts is the one that was recovered, bias included. Give the new row its one,
    or add the bias."""
    x, _, _, last, new, *_ = _filled(*data)
    return replay_tutorial(*data) | _forecast(new @ _recover(x, last)[:-1])


@mistake("tensors-in-the-result")
def tensors_in_the_result(*data: Any) -> dict[str, Any]:
    """Your numbers are right, but they are tensors of one number each, and floats of Python were
    asked. A tensor may carry a graph and a device along. Take the number out of each with
    .item()."""
    told = replay_tutorial(*data)
    return {key: torch.tensor(value, dtype=torch.float64) for key, value in told.items()}


def _filled(*data: Any) -> list[Any]:
    """Fill in the tutorial's own numbers where there are none."""
    return list(data) or [X, Y, FIRST, LAST, NEW, 1e-5, 102]


def _ones(x: Tensor) -> Tensor:
    return torch.ones_like(x[:, :1])


def _recover(x: Tensor, printed: Tensor) -> Tensor:
    recovered: Tensor = torch.linalg.lstsq(torch.cat([x, _ones(x)], dim=1), printed).solution
    return recovered


def _weights_only(x: Tensor, printed: Tensor) -> Tensor:
    weights = torch.linalg.lstsq(x, printed).solution
    return torch.cat([weights, torch.zeros_like(printed[:1])])


def _from_few(x: Tensor, printed: Tensor) -> Tensor:
    few = x.shape[1] + 1
    return _recover(x[:few], printed[:few])


def _gradient(rows: Tensor, params: Tensor, y: Tensor) -> Tensor:
    return rows.T @ (rows @ params - y) / len(y)


def _together(rows: Tensor, params: Tensor, y: Tensor, lr: float) -> Tensor:
    return params - lr * _gradient(rows, params, y)


def _weights_alone(rows: Tensor, params: Tensor, y: Tensor, lr: float) -> Tensor:
    moved = _together(rows, params, y, lr)
    return torch.cat([moved[:-1], params[-1:]])


def _weights_first(rows: Tensor, params: Tensor, y: Tensor, lr: float) -> Tensor:
    between = _weights_alone(rows, params, y, lr)
    return torch.cat([between[:-1], _together(rows, between, y, lr)[-1:]])


def _path(
    *data: Any,
    recover: Callable[[Tensor, Tensor], Tensor] = _recover,
    update: Callable[[Tensor, Tensor, Tensor, float], Tensor] = _together,
) -> list[Tensor]:
    """Return the parameters of the first model, from its start to its end."""
    x, y, first, _, _, lr, updates = _filled(*data)
    rows = torch.cat([x, _ones(x)], dim=1)[: len(y)]
    path = [recover(x[: len(y)], first)]
    for _ in range(updates):
        path.append(update(rows, path[-1], y, lr))
    return path


def _losses(*data: Any, **ways: Any) -> list[float]:
    x, y, *_ = _filled(*data)
    rows = torch.cat([x, _ones(x)], dim=1)[: len(y)]
    return [(rows @ params - y).square().mean().item() for params in _path(*data, **ways)]


def _run(*data: Any, **ways: Any) -> dict[str, float]:
    x, _, _, last, new, *_ = _filled(*data)
    losses, path = _losses(*data, **ways), _path(*data, **ways)
    forecast = torch.cat([new, _ones(x)[0]]) @ ways.get("recover", _recover)(x, last)
    told = dict(zip(LOSSES, (*losses[:3], losses[-1]), strict=True))
    return told | _moved(path[-1] - path[0]) | _forecast(forecast)


def _moved(params: Tensor) -> dict[str, float]:
    return _both("bias change", params[-1])


def _forecast(numbers: Tensor) -> dict[str, float]:
    return _both("forecast", numbers)


def _both(what: str, numbers: Tensor) -> dict[str, float]:
    apples, oranges = numbers.tolist()
    return {f"{what} of {APPLES}": apples, f"{what} of {ORANGES}": oranges}


def _end_of(told: dict[str, float]) -> dict[str, float]:
    """Return of a result what depends on the number of updates."""
    return {key: value for key, value in told.items() if "end" in key or "change" in key}
