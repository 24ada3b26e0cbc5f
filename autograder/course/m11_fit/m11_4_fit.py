"""Mistakes of fit."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable

import m11_fit
import torch
from torch import Tensor, nn

from autograder.course.marks import mistake

Loss = Callable[[Tensor, Tensor], Tensor]


Loader = Iterable[tuple[Tensor, Tensor]]


@mistake("step-once-per-epoch", asks="gd.44")
def step_once_per_epoch(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """Your step stands outside the loop over the batches. The gradients of all batches add up and
    the model moves once per epoch, so most of the work of the small batches is lost. Check the
    indentation of step and zero_grad."""
    means = []
    for _ in range(epochs):
        total, rows = 0.0, 0
        for x, y in _on_device(model, loader):
            loss = loss_fn(model(x), y)
            loss.backward()
            total, rows = total + loss.item() * len(x), rows + len(x)
        opt.step()
        opt.zero_grad()
        means.append(total / rows)
    return means


@mistake("cleared-before-step", asks="wf.3")
def cleared_before_step(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """Your weights never change. Mostly the gradients are cleared after backward has filled them
    and before step can read them; a backward or a step that is missing looks the same. At which
    moment of a round does step use the gradients?"""
    return _fit(epochs, model, loss_fn, opt, loader, _forward_zero_step)


@mistake("never-cleared", asks="wf.7 wf.14")
def never_cleared(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You never clear the gradients. backward adds to what it finds, so the second step already
    uses the sum of two gradients, and each later one the sum of all. One call is missing in the
    loop over the batches."""
    return _fit(epochs, model, loss_fn, opt, loader, _forward_step)


@mistake("never-cleared-nor-weighed")
def never_cleared_nor_weighed(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """Two things are wrong. You never clear the gradients, so that each step also uses all those
    before it. And you average the means of the batches as if all batches were equally large: weigh
    each by its number of rows."""
    means = []
    for _ in range(epochs):
        batches = _on_device(model, loader)
        losses = [_forward_step(model, loss_fn, opt, x, y) for x, y in batches]
        means.append(sum(losses) / len(losses))
    return means


@mistake("cleared-once-per-epoch", asks="m2.5c")
def cleared_once_per_epoch(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You clear the gradients once per epoch, but you step once per batch. From the second batch
    on a step still carries the gradients of the batches before it. Clearing belongs to each step,
    inside the inner loop."""
    means = []
    for _ in range(epochs):
        opt.zero_grad()
        means += never_cleared(1, model, loss_fn, opt, loader)
    return means


@mistake("attached-losses")
def attached_losses(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[Tensor]:
    """The losses you collect are tensors. Unless detached, each keeps the whole computation behind
    it in memory for as long as your list lives; and the task asks for floats. Take the plain number
    out of the loss before you add it up."""
    means = []
    for _ in range(epochs):
        total, rows = torch.zeros(()), 0
        for x, y in _on_device(model, loader):
            loss = loss_fn(model(x), y)
            loss.backward()
            opt.step()
            opt.zero_grad()
            total, rows = total + loss * len(x), rows + len(x)
        means.append(total / rows)
    return means


@mistake("last-batch-only")
def last_batch_only(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You report the loss of an epoch's last batch. It says little about the epoch: a few rows,
    sometimes lucky ones, so the curve jumps although the model improves. Gather the losses of all
    the batches."""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    return [epoch[-1][0] for epoch in losses]


@mistake("mean-of-batch-means")
def mean_of_batch_means(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You average the means of the batches as if all batches were equally large. The rows of a
    short last batch then count more than the others. Weigh each batch by its number of rows."""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    return [sum(loss for loss, _ in epoch) / len(epoch) for epoch in losses]


@mistake("sum-per-epoch")
def sum_per_epoch(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You report the sum of an epoch's batch losses. It grows with the number of batches, so two
    runs with different batch sizes cannot be compared. A mean per row is asked for."""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    return [sum(loss for loss, _ in epoch) for epoch in losses]


@mistake("loss-per-batch", asks="lr.48")
def loss_per_batch(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """Your list has an entry for every batch. The task asks for one per epoch: the mean over all
    the rows seen in it. Where does your append stand, in the inner loop or after it?"""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    return [loss for epoch in losses for loss, _ in epoch]


@mistake("flat-targets")
def flat_targets(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You drop the target's axis of length one. Predictions [B, 1] against targets [B] broadcast to
    B x B differences, every prediction against every target; torch at most warns, and training goes
    towards the wrong line. Keep both shapes equal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        flat: Loss = lambda pred, target: loss_fn(pred, target.squeeze(-1))  # noqa: E731
        return m11_fit.fit(epochs, model, flat, opt, loader)


@mistake("state-cleared")
def state_cleared(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """Every epoch begins with an optimizer that remembers nothing, since you clear its state. What
    it had gathered, such as its momentum, is thrown away each time. Leave the state alone, all the
    way through."""
    means = []
    for _ in range(epochs):
        opt.state.clear()
        means += m11_fit.fit(1, model, loss_fn, opt, loader)
    return means


@mistake("optimizer-not-used")
def optimizer_not_used(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """The optimizer that you were given never takes a step. Either you make another one in its
    place, once or in every epoch, or step is not called at all. The caller has chosen the optimizer
    and its settings, and its memory has to last: use that one."""
    own = torch.optim.SGD(model.parameters(), lr=0.01)
    return m11_fit.fit(epochs, model, loss_fn, own, loader)


@mistake("batch-means-over-rows")
def batch_means_over_rows(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You add up the mean losses of the batches and divide by the number of rows. A mean has
    already been divided by the rows of its batch, so yours is divided twice. Weigh each batch by
    its rows before you add."""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    return [sum(loss for loss, _ in epoch) / sum(rows for _, rows in epoch) for epoch in losses]


@mistake("batch-means-over-dataset")
def batch_means_over_dataset(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You add up the mean losses of the batches and divide by the length of the dataset. A mean has
    already been divided by the rows of its batch, so yours is divided twice. Weigh each batch by
    its rows, and divide by the rows that you have seen."""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    count = len(loader.dataset)  # type: ignore[attr-defined]
    return [sum(loss for loss, _ in epoch) / count for epoch in losses]


@mistake("dataset-counted")
def dataset_counted(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You divide by the length of the loader's dataset. A loader need not bring every row of it (a
    short last batch may be dropped), and a list of batches has no dataset. Count the rows that you
    have seen."""
    losses = _losses(epochs, model, loss_fn, opt, loader)
    count = len(loader.dataset)  # type: ignore[attr-defined]
    return [sum(loss * rows for loss, rows in epoch) / count for epoch in losses]


@mistake("loss-after-the-step")
def loss_after_the_step(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You compute the loss that you report after the step, with the weights already moved. The task
    asks for each batch's loss before its own update: it is the one that you called backward on, and
    costs no second prediction."""
    means = []
    for _ in range(epochs):
        losses = []
        for x, y in _on_device(model, loader):
            _forward_step(model, loss_fn, opt, x, y)
            opt.zero_grad()
            losses.append((loss_fn(model(x), y).item(), len(x)))
        means.append(_row_mean(losses))
    return means


@mistake("second-pass")
def second_pass(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You go through the loader a second time at the end of each epoch to measure the loss. That
    costs as much as a forward pass of training, and tells the loss after the epoch. Collect the
    losses while you train."""
    means = []
    for _ in range(epochs):
        m11_fit.fit(1, model, loss_fn, opt, loader)
        with torch.no_grad():
            batches = _on_device(model, loader)
            means.append(_row_mean((loss_fn(model(x), y).item(), len(x)) for x, y in batches))
    return means


@mistake("loader-read-once")
def loader_read_once(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You read the loader once and use the same batches in every epoch. A loader that shuffles
    brings other batches each time it is gone through; yours come in one order for ever. Iterate
    over the loader inside the loop over the epochs."""
    return m11_fit.fit(epochs, model, loss_fn, opt, list(loader))


@mistake("left-in-eval")
def fit_left_in_eval(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You leave the model in eval mode. It came in train mode, and the caller may train on: layers
    such as dropout would then do nothing. Put the mode back, or do not change it."""
    means = m11_fit.fit(epochs, model, loss_fn, opt, loader)
    if epochs:
        model.eval()
    return means


@mistake("arguments-swapped")
def arguments_swapped(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[float]:
    """You hand target and prediction to the loss in the wrong order. The squared error does not
    notice, other losses do: too high and too low then change places. The prediction comes first."""
    swapped: Loss = lambda pred, target: loss_fn(target, pred)  # noqa: E731
    return m11_fit.fit(epochs, model, swapped, opt, loader)


Step = Callable[[nn.Module, Loss, torch.optim.Optimizer, Tensor, Tensor], float]


def _fit(
    epochs: int,
    model: nn.Module,
    loss_fn: Loss,
    opt: torch.optim.Optimizer,
    loader: Loader,
    step: Step,
) -> list[float]:
    means = []
    for _ in range(epochs):
        batches = _on_device(model, loader)
        losses = [(step(model, loss_fn, opt, x, y), len(x)) for x, y in batches]
        means.append(_row_mean(losses))
    return means


def _forward_step(
    model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, x: Tensor, y: Tensor
) -> float:
    loss = loss_fn(model(x), y)
    loss.backward()
    opt.step()
    return loss.item()


def _forward_zero_step(
    model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, x: Tensor, y: Tensor
) -> float:
    loss = loss_fn(model(x), y)
    loss.backward()
    opt.zero_grad()
    opt.step()
    return loss.item()


def _losses(
    epochs: int, model: nn.Module, loss_fn: Loss, opt: torch.optim.Optimizer, loader: Loader
) -> list[list[tuple[float, int]]]:
    """Train rightly; return the loss and the number of rows of each batch of each epoch."""
    seen: list[list[tuple[float, int]]] = []

    def noting(pred: Tensor, target: Tensor) -> Tensor:
        loss = loss_fn(pred, target)
        seen[-1].append((loss.item(), len(pred)))
        return loss

    for _ in range(epochs):
        seen.append([])
        m11_fit.fit(1, model, noting, opt, loader)
    return seen


def _on_device(model: nn.Module, loader: Loader) -> Loader:
    device = next(model.parameters()).device
    return ((x.to(device), y.to(device)) for x, y in loader)


def _row_mean(losses: Iterable[tuple[float, int]]) -> float:
    total, rows = 0.0, 0
    for loss, count in losses:
        total, rows = total + loss * count, rows + count
    return total / rows
