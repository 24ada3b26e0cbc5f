"""Other ways to do train."""

from __future__ import annotations

import math

import numpy as np
import torch
from m06_model import model, mse
from m07_gradients import linreg_grads
from m08_manual_training import train_step
from torch.nn.functional import linear, mse_loss

from autograder.course.marks import restated, right, wrong


@right()
def every_epoch_by_autograd_grad(x, y, w, b, lr, epochs):
    """Leaves the loop after the last loss, and never fills .grad."""
    losses = []
    for epoch in range(epochs + 1):
        loss = mse_loss(linear(x, w, b), y)
        losses.append(float(loss))
        if epoch == epochs:
            break
        gw, gb = torch.autograd.grad(loss, [w, b])
        with torch.no_grad():
            w.sub_(gw, alpha=lr)
            b.sub_(gb, alpha=lr)
    return losses


@right()
def losses_stacked(x, y, w, b, lr, epochs):
    """Trains with an optimizer and collects detached tensors, turned into a list at the end."""
    optimizer = torch.optim.SGD([w, b], lr)
    losses = []
    for _ in range(epochs):
        loss = mse(model(x, w, b), y)
        losses.append(loss.detach())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    losses.append(mse(model(x, w, b), y).detach())
    return torch.stack(losses).tolist()


@right()
def losses_after_each_step(x, y, w, b, lr, epochs):
    """Begins with the first loss, adds one after each step, and takes gradients from a formula."""
    losses = [mse(model(x, w, b), y).item()]
    for _ in range(epochs):
        gw, gb = linreg_grads(x, y, w, b)
        w.data = w.data - lr * gw.detach()
        b.data = b.data - lr * gb.detach()
        losses += [mse(model(x, w, b), y).item()]
    return losses


@right()
def last_loss_by_a_step_of_length_zero(x, y, w, b, lr, epochs):
    """Gets the last loss from a step with the learning rate 0."""
    losses = [train_step(x, y, w, b, lr) for _ in range(epochs)]
    losses.append(train_step(x, y, w, b, 0.0))
    return losses


@right()
def losses_in_single_precision(x, y, w, b, lr, epochs):
    """Collects the losses in a NumPy array of float32."""
    history = np.empty(epochs + 1, dtype=np.float32)
    for epoch in range(epochs + 1):
        loss = mse(model(x, w, b), y)
        history[epoch] = loss.item()
        if epoch < epochs:
            loss.backward()
            with torch.no_grad():
                for p in (w, b):
                    p -= lr * p.grad
                    p.grad = None
    return list(history)


@right()
def one_backward_too_many(x, y, w, b, lr, epochs):
    """Goes backward from the last loss too, and drops those gradients."""
    history = []
    for epoch in range(epochs + 1):
        loss = mse(model(x, w, b), y)
        history.append(loss.item())
        loss.backward()
        if epoch < epochs:
            with torch.no_grad():
                w -= lr * w.grad
                b -= lr * b.grad
        w.grad = None
        b.grad = None
    return history


@wrong()
def stops_when_the_loss_stands(x, y, w, b, lr, epochs):
    """Leaves early where the loss hardly changes, and repeats the last one."""
    losses = []
    for _ in range(epochs):
        losses.append(train_step(x, y, w, b, lr))
        if len(losses) > 1 and abs(losses[-1] - losses[-2]) < 1e-06:
            break
    losses.append(mse(model(x, w, b), y).item())
    return losses + losses[-1:] * (epochs + 1 - len(losses))


@wrong()
def stops_at_nan(x, y, w, b, lr, epochs):
    """Leaves early where the loss is NaN or infinite."""
    losses = []
    for _ in range(epochs):
        loss = train_step(x, y, w, b, lr)
        losses.append(loss)
        if not math.isfinite(loss):
            break
    return [*losses, mse(model(x, w, b), y).item()]


@wrong(asks="gd.26")
def a_hundred_rows_at_a_time(x, y, w, b, lr, epochs):
    """Steps on batches of 100 rows, right only for fewer rows."""
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(x, w, b), y).item())
        for x_batch, y_batch in zip(x.split(100), y.split(100), strict=True):
            train_step(x_batch, y_batch, w, b, lr)
    return [*losses, mse(model(x, w, b), y).item()]


_losses: list[float] = []


@wrong()
def the_same_list_every_time(x, y, w, b, lr, epochs):
    """Returns one list from every call, so a second call overwrites the first one's losses."""
    _losses.clear()
    for _ in range(epochs):
        _losses.append(train_step(x, y, w, b, lr))
    _losses.append(mse(model(x, w, b), y).item())
    return _losses


@wrong()
def losses_gather_in_a_default(x, y, w, b, lr, epochs, losses=[]):  # noqa: B006
    """Collects in a default list, which still holds the losses of the call before."""
    for _ in range(epochs):
        losses.append(train_step(x, y, w, b, lr))
    losses.append(mse(model(x, w, b), y).item())
    return losses


@wrong()
def rate_halved_on_the_way(x, y, w, b, lr, epochs):
    """Halves the learning rate whenever the loss rises."""
    losses = []
    for _ in range(epochs):
        losses.append(train_step(x, y, w, b, lr))
        if len(losses) > 1 and losses[-1] > losses[-2]:
            lr /= 2
    return [*losses, mse(model(x, w, b), y).item()]


@wrong()
def best_parameters_put_back(x, y, w, b, lr, epochs):
    """Ends with the best parameters it has met instead of the last."""
    losses, best = [], None
    for _ in range(epochs):
        before = (w.detach().clone(), b.detach().clone())
        losses.append(train_step(x, y, w, b, lr))
        if best is None or losses[-1] < best[0]:
            best = (losses[-1], *before)
    last = mse(model(x, w, b), y).item()
    if best is not None and last > best[0]:
        with torch.no_grad():
            w.copy_(best[1])
            b.copy_(best[2])
        last = best[0]
    return [*losses, last]


@wrong()
def at_least_one_epoch(x, y, w, b, lr, epochs):
    """Takes one step even where no epoch is asked for."""
    losses = [train_step(x, y, w, b, lr) for _ in range(max(epochs, 1))]
    return [*losses[: max(epochs, 0)], mse(model(x, w, b), y).item()]


@wrong()
def one_row_after_another(x, y, w, b, lr, epochs):
    """Steps on each row by itself, right only for a single row."""
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(x, w, b), y).item())
        for i in range(len(x)):
            train_step(x[i : i + 1], y[i : i + 1], w, b, lr)
    return [*losses, mse(model(x, w, b), y).item()]


@wrong(asks="gd.27")
def ends_on_a_plateau(x, y, w, b, lr, epochs):
    """Stops where the loss hardly falls, and fills the list up."""
    losses = [mse(model(x, w, b), y).item()]
    for _ in range(epochs):
        train_step(x, y, w, b, lr)
        losses.append(mse(model(x, w, b), y).item())
        if abs(losses[-1] - losses[-2]) < 1e-4 * losses[-2]:
            break
    return losses + [losses[-1]] * (epochs + 1 - len(losses))


def _stepped(w, b, lr):
    """Move and clear w and b."""
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad = None


@wrong(named="last-loss-missing, losses-attached")
def attached_and_no_last(x, y, w, b, lr, epochs):
    """Two at once: tensors, and none of the final parameters."""
    losses = []
    for _ in range(epochs):
        loss = mse(model(x, w, b), y)
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                p -= lr * p.grad
                p.grad.zero_()
        losses.append(loss.detach())
    return losses


@restated("stale-predictions")
def last_loss_of_old_predictions(x, y, w, b, lr, epochs):
    """Takes the last loss from the predictions of the last epoch."""
    preds = linear(x, w, b)
    losses = []
    for _ in range(epochs):
        preds = linear(x, w, b)
        loss = mse_loss(preds, y)
        loss.backward()
        _stepped(w, b, lr)
        losses.append(loss.item())
    losses.append(mse_loss(preds, y).item())
    return losses


@restated("predicted-once")
def predictions_before_the_loop(x, y, w, b, lr, epochs):
    """Makes the predictions before the loop and goes backward through them again and again."""
    preds = x @ w.T + b
    losses = []
    for _ in range(epochs):
        loss = ((preds - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        _stepped(w, b, lr)
    return [*losses, mse_loss(linear(x, w, b), y).item()]


@restated("losses-attached")
def tensors_appended(x, y, w, b, lr, epochs):
    """Appends the losses as tensors, the last one too."""
    losses = []
    for epoch in range(epochs + 1):
        loss = mse_loss(linear(x, w, b), y)
        losses.append(loss)
        if epoch < epochs:
            loss.backward()
            _stepped(w, b, lr)
    return losses


@restated("last-loss-missing")
def loss_before_each_update_only(x, y, w, b, lr, epochs):
    """Appends one loss per epoch, before its update."""
    losses = []
    for _ in range(epochs):
        loss = mse_loss(linear(x, w, b), y)
        losses.append(loss.item())
        loss.backward()
        _stepped(w, b, lr)
    return losses


@restated("first-loss-missing")
def loss_after_each_update_only(x, y, w, b, lr, epochs):
    """Appends one loss per epoch, after its update."""
    losses = []
    for _ in range(epochs):
        mse_loss(linear(x, w, b), y).backward()
        _stepped(w, b, lr)
        with torch.no_grad():
            losses.append(float(mse_loss(linear(x, w, b), y)))
    return losses


@restated("one-update-too-many")
def loop_to_epochs_included(x, y, w, b, lr, epochs):
    """Counts from 0 to epochs, both included, with an update each time."""
    losses, epoch = [], 0
    while epoch <= epochs:
        loss = mse_loss(linear(x, w, b), y)
        loss.backward()
        _stepped(w, b, lr)
        losses.append(loss.item())
        epoch += 1
    return losses


@restated("never-zeroed")
def loop_without_clearing(x, y, w, b, lr, epochs):
    """Uses an optimizer and never clears its gradients."""
    optimizer = torch.optim.SGD([w, b], lr=lr)
    losses = [mse_loss(linear(x, w, b), y).item()]
    for _ in range(epochs):
        mse_loss(linear(x, w, b), y).backward()
        optimizer.step()
        losses.append(mse_loss(linear(x, w, b), y).item())
    return losses


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "return [*losses, mse(model(x, w, b), y).item()] -> return [*losses, mse(y, model(x, w, b)).item()]": "mse is symmetric",  # noqa: E501
}
