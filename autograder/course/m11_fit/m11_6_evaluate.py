"""Mistakes of evaluate."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import m11_fit
import torch
from torch import Tensor, nn

from autograder.course.marks import mistake

Loss = Callable[[Tensor, Tensor], Tensor]


Loader = Iterable[tuple[Tensor, Tensor]]


@mistake("no-finally", asks="lr.55")
def no_finally(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You restore grad mode and the model's mode in your last lines. When the loss raises an
    exception, those lines never run: gradients stay off, and all later training fails. Let
    something restore them that runs in any case."""
    before, was_training = torch.is_grad_enabled(), model.training
    torch.set_grad_enabled(False)
    model.eval()
    mean = _row_mean(_batch_losses(model, loader, loss_fn))
    model.train(was_training)
    torch.set_grad_enabled(before)
    return mean


@mistake("mode-lost-on-exception")
def mode_lost_on_exception(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """no_grad restores grad mode for you, but nothing restores the model's mode when an exception
    leaves your function early: it stays in eval. The line that puts it back has to run in any
    case."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        mean = _row_mean(_batch_losses(model, loader, loss_fn))
    model.train(was_training)
    return mean


@mistake("mean-of-batch-means")
def evaluate_mean_of_batch_means(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You average the means of the batches as if all were equally large. The rows of a short last
    batch then count more than the others, and the result changes with the batch size. Weigh each
    batch by its rows."""
    means: list[float] = []

    def noting(pred: Tensor, target: Tensor) -> Tensor:
        loss = loss_fn(pred, target)
        means.append(loss.item())
        return loss

    m11_fit.evaluate(model, loader, noting)
    return sum(means) / len(means)


@mistake("train-mode", asks="lr.21")
def train_mode(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You evaluate the model in the mode it happens to be in. In train mode batch normalisation
    uses each batch's own statistics and moves its stored ones, so that evaluating changes the
    model. Switch to eval mode first."""
    with torch.no_grad():
        return _row_mean(_batch_losses(model, loader, loss_fn))


@mistake("always-train-afterwards")
def evaluate_always_train_afterwards(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You end with train(), whatever the mode was before. A model that came in eval mode leaves in
    train mode, and layers such as dropout then change its next predictions. Note the mode first and
    restore that."""
    try:
        return m11_fit.evaluate(model, loader, loss_fn)
    finally:
        model.train()


@mistake("left-in-eval")
def evaluate_left_in_eval(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You switch the model to eval mode and leave it there. After the first evaluation, training
    goes on with dropout off and batch statistics frozen, if the model has such layers. Restore the
    mode that it had before."""
    try:
        return m11_fit.evaluate(model, loader, loss_fn)
    finally:
        model.eval()


@mistake("graph-recorded", asks="tb.11")
def graph_recorded(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """Your number is right, but autograd records a graph for every batch, which costs memory and
    time for nothing: nobody will call backward here. eval() does not switch recording off."""
    was_training = model.training
    model.eval()
    try:
        return _row_mean(_batch_losses(model, loader, loss_fn))
    finally:
        model.train(was_training)


def _batch_losses(model: nn.Module, loader: Loader, loss_fn: Loss) -> Iterable[tuple[float, int]]:
    return ((loss_fn(model(x), y).item(), len(x)) for x, y in loader)


def _row_mean(losses: Iterable[tuple[float, int]]) -> float:
    total, rows = 0.0, 0
    for loss, count in losses:
        total, rows = total + loss * count, rows + count
    return total / rows
