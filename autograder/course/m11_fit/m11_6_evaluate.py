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
    losses = _noted(model, loader, loss_fn)
    return sum(loss for loss, _ in losses) / len(losses)


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
    """Autograd records a graph for every batch while you evaluate. It costs memory and time for
    nothing: nobody will call backward here. eval() does not switch recording off."""
    was_training = model.training
    model.eval()
    try:
        return _row_mean(_batch_losses(model, loader, loss_fn))
    finally:
        model.train(was_training)


@mistake("last-batch-only")
def evaluate_last_batch_only(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You return the loss of the last batch. It says nothing about the rows of all the others.
    Gather the losses of all batches, each weighed by its rows, before you return."""
    return _noted(model, loader, loss_fn)[-1][0]


@mistake("batch-means-over-rows")
def evaluate_batch_means_over_rows(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You add up the mean losses of the batches and divide by the number of rows. A mean has
    already been divided by the rows of its batch, so yours is divided twice. Weigh each batch by
    its rows before you add."""
    losses = _noted(model, loader, loss_fn)
    return sum(loss for loss, _ in losses) / sum(rows for _, rows in losses)


@mistake("batch-means-over-dataset")
def evaluate_batch_means_over_dataset(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You add up the mean losses of the batches and divide by the length of the dataset. A mean has
    already been divided by the rows of its batch, so yours is divided twice. Weigh each batch by
    its rows, and divide by the rows that you have seen."""
    losses = _noted(model, loader, loss_fn)
    return sum(loss for loss, _ in losses) / len(loader.dataset)  # type: ignore[attr-defined]


@mistake("dataset-counted")
def evaluate_dataset_counted(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You divide by the length of the loader's dataset. A loader need not bring every row of it (a
    short last batch may be dropped), and a list of batches has no dataset. Count the rows that you
    have seen."""
    losses = _noted(model, loader, loss_fn)
    count = len(loader.dataset)  # type: ignore[attr-defined]
    return sum(loss * rows for loss, rows in losses) / count


@mistake("sum-of-batch-means")
def sum_of_batch_means(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You return the sum of the batches' losses. It grows with the number of batches, so two
    evaluations with different batch sizes cannot be compared. A mean per row is asked for."""
    return sum(loss for loss, _ in _noted(model, loader, loss_fn))


@mistake("tensor-returned")
def tensor_returned(model: nn.Module, loader: Loader, loss_fn: Loss) -> Tensor:
    """You return a tensor. The number in it may be what is asked for, but the task wants a float,
    which can be stored, compared and printed without torch. Take the plain number out."""
    return torch.tensor(m11_fit.evaluate(model, loader, loss_fn))


@mistake("batch-means-in-train-mode")
def batch_means_in_train_mode(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """Two things are wrong. The model is evaluated in the mode it happens to be in, so that in
    train mode batch normalisation changes it. And you average the batches' means as if all batches
    were equally large. Switch to eval mode first, and weigh each batch by its rows."""
    with torch.no_grad():
        losses = [loss for loss, _ in _batch_losses(model, loader, loss_fn)]
    return sum(losses) / len(losses)


@mistake("arguments-swapped")
def evaluate_arguments_swapped(model: nn.Module, loader: Loader, loss_fn: Loss) -> float:
    """You hand target and prediction to the loss in the wrong order. The squared error does not
    notice, other losses do: too high and too low then change places. The prediction comes first."""
    return m11_fit.evaluate(model, loader, lambda pred, target: loss_fn(target, pred))


def _noted(model: nn.Module, loader: Loader, loss_fn: Loss) -> list[tuple[float, int]]:
    """Evaluate rightly; return the loss and the number of rows of each batch."""
    seen: list[tuple[float, int]] = []

    def noting(pred: Tensor, target: Tensor) -> Tensor:
        loss = loss_fn(pred, target)
        seen.append((loss.item(), len(pred)))
        return loss

    m11_fit.evaluate(model, loader, noting)
    return seen


def _batch_losses(model: nn.Module, loader: Loader, loss_fn: Loss) -> Iterable[tuple[float, int]]:
    return ((loss_fn(model(x), y).item(), len(x)) for x, y in loader)


def _row_mean(losses: Iterable[tuple[float, int]]) -> float:
    total, rows = 0.0, 0
    for loss, count in losses:
        total, rows = total + loss * count, rows + count
    return total / rows
