"""The listed mistakes of m08, training by hand, in other words."""

from __future__ import annotations

import math

import torch
from m06_model import model, mse
from m08_manual_training import sgd_step_
from torch.nn.functional import linear, mse_loss

from tests.variants import wrong


@wrong("sgd_step_", named="name-rebound")
def list_of_new_tensors(params, lr):
    """Puts new tensors into a list of its own."""
    params = list(params)
    for i, p in enumerate(params):
        if p.grad is not None:
            params[i] = p.detach() - lr * p.grad


@wrong("sgd_step_", named="step-recorded")
def sub_while_recording(params, lr):
    """Calls sub_ on a leaf without no_grad."""
    for p in params:
        if p.grad is None:
            continue
        p.sub_(p.grad, alpha=lr)


@wrong("sgd_step_", named="through-data")
def data_assigned(params, lr):
    """Assigns new numbers to .data."""
    for p in params:
        if p.grad is not None:
            p.data = p.data.add(p.grad, alpha=-lr)


@wrong("sgd_step_", named="uphill")
@torch.no_grad()
def added_with_alpha(params, lr):
    """Adds the gradient with a positive alpha."""
    for p in params:
        if p.grad is not None:
            p.add_(p.grad, alpha=lr)


@wrong("sgd_step_", named="new-tensors-returned")
def detached_ones_returned(params, lr):
    """Collects detached new tensors and returns them."""
    moved = []
    for p in params:
        step = 0 if p.grad is None else lr * p.grad
        moved.append(p.detach() - step)
    return moved


@wrong("sgd_step_", named="missing-gradient-crashes")
@torch.no_grad()
def every_gradient_multiplied(params, lr):
    """Multiplies every gradient, also one that is None."""
    for p in params:
        p.sub_(p.grad * lr)


@wrong("sgd_step_", named="gradients-cleared")
def cleared_in_a_second_loop(params, lr):
    """Fills the gradients with zeros in a second loop."""
    params = [p for p in params if p.grad is not None]
    with torch.no_grad():
        for p in params:
            p.add_(-lr * p.grad)
        for p in params:
            p.grad.fill_(0)


@wrong("zero_grads_", named="weights-wiped")
def parameters_filled(params, to_none=False):
    """Fills the data of the parameters with zeros."""
    for p in params:
        if to_none:
            p.grad = None
            continue
        p.data.fill_(0)


@wrong("zero_grads_", named="number-assigned")
def zero_or_none_assigned(params, to_none=False):
    """Chooses between None and 0, and assigns that to every .grad."""
    empty = None if to_none else 0
    for p in params:
        p.grad = empty


@wrong("zero_grads_", named="new-zeros")
def zeros_made_from_the_shape(params, to_none=False):
    """Makes zeros of the gradient's shape and stores them in its place."""
    for p in params:
        if p.grad is None:
            continue
        p.grad = None if to_none else p.grad.new_zeros(p.grad.shape)


@wrong("zero_grads_", named="missing-gradient-crashes")
def every_gradient_zeroed(params, to_none=False):
    """Asks every gradient to zero itself."""
    if to_none:
        for p in params:
            p.grad = None
        return
    for p in params:
        p.grad.zero_()


@wrong("zero_grads_", named="always-none")
def option_overlooked(params, to_none=True):
    """Drops every gradient, whatever was asked for."""
    for p in params:
        p.grad = None


@wrong("zero_grads_", named="never-none")
def option_unused(params, to_none=False):
    """Fills what is there with zeros, whatever was asked for."""
    for p in params:
        if p.grad is not None:
            p.grad.fill_(0.0)


@wrong("train_step", named="never-zeroed")
def step_by_parts_without_clearing(x, y, w, b, lr):
    """Goes backward and steps, and that is all."""
    loss = mse_loss(linear(x, w, b), y)
    loss.backward()
    sgd_step_([w, b], lr)
    return float(loss)


@wrong("train_step", named="zeroed-before-the-update")
def optimizer_in_the_wrong_order(x, y, w, b, lr):
    """Clears between backward and step, where the step sees zeros."""
    optimizer = torch.optim.SGD([w, b], lr=lr)
    loss = mse_loss(linear(x, w, b), y)
    loss.backward()
    optimizer.zero_grad(set_to_none=False)
    optimizer.step()
    return loss.item()


@wrong("train_step", named="zeroed-only-at-the-start")
def optimizer_clears_first(x, y, w, b, lr):
    """Clears before backward, as most loops do, and leaves the gradients behind."""
    optimizer = torch.optim.SGD([w, b], lr=lr)
    optimizer.zero_grad()
    loss = mse_loss(linear(x, w, b), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong("train_step", named="bias-not-updated")
def only_weights_stepped(x, y, w, b, lr):
    """Steps with w alone, and clears both."""
    loss = ((x @ w.T + b - y) ** 2).mean()
    loss.backward()
    sgd_step_([w], lr)
    w.grad = b.grad = None
    return loss.item()


@wrong("train_step", named="bias-forgotten")
def optimizer_of_the_weights(x, y, w, b, lr):
    """Hands only w to an optimizer."""
    optimizer = torch.optim.SGD([w], lr=lr)
    loss = mse_loss(linear(x, w, b), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


@wrong("train_step", named="loss-after")
def loss_of_the_moved_parameters(x, y, w, b, lr):
    """Works the loss out once more at the end."""
    mse_loss(linear(x, w, b), y).backward()
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad = None
        return mse_loss(linear(x, w, b), y).item()


@wrong("train_step", named="tensor-returned")
def detached_loss_returned(x, y, w, b, lr):
    """Returns the loss as a detached tensor."""
    loss = mse_loss(linear(x, w, b), y)
    gw, gb = torch.autograd.grad(loss, (w, b))
    with torch.no_grad():
        w -= lr * gw
        b -= lr * gb
    return loss.detach()


@wrong("train_step", named="names-rebound")
def both_rebound_at_once(x, y, w, b, lr):
    """Binds both names to new tensors in one line, whose gradients are None."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        w, b = w - lr * w.grad, b - lr * b.grad
    for p in (w, b):
        p.grad.zero_()
    return loss.item()


def _stepped(w, b, lr):
    """Move and clear w and b."""
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad = None


@wrong("train", named="stale-predictions")
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


@wrong("train", named="predicted-once")
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


@wrong("train", named="losses-attached")
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


@wrong("train", named="last-loss-missing")
def loss_before_each_update_only(x, y, w, b, lr, epochs):
    """Appends one loss per epoch, before its update."""
    losses = []
    for _ in range(epochs):
        loss = mse_loss(linear(x, w, b), y)
        losses.append(loss.item())
        loss.backward()
        _stepped(w, b, lr)
    return losses


@wrong("train", named="first-loss-missing")
def loss_after_each_update_only(x, y, w, b, lr, epochs):
    """Appends one loss per epoch, after its update."""
    losses = []
    for _ in range(epochs):
        mse_loss(linear(x, w, b), y).backward()
        _stepped(w, b, lr)
        with torch.no_grad():
            losses.append(float(mse_loss(linear(x, w, b), y)))
    return losses


@wrong("train", named="one-update-too-many")
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


@wrong("train", named="never-zeroed")
def loop_without_clearing(x, y, w, b, lr, epochs):
    """Uses an optimizer and never clears its gradients."""
    optimizer = torch.optim.SGD([w, b], lr=lr)
    losses = [mse_loss(linear(x, w, b), y).item()]
    for _ in range(epochs):
        mse_loss(linear(x, w, b), y).backward()
        optimizer.step()
        losses.append(mse_loss(linear(x, w, b), y).item())
    return losses


@wrong("forgotten_zero", named="only-two-gradients")
def last_two_of_a_list(grad_fn, w0, lr, steps):
    """Keeps all gradients, and adds up the last two."""
    path, grads = [w0], []
    for _ in range(steps):
        grads.append(grad_fn(path[-1]))
        path.append(path[-1] - lr * sum(grads[-2:]))
    return torch.stack(path)


@wrong("forgotten_zero", named="longer-steps")
def newest_gradient_many_times(grad_fn, w0, lr, steps):
    """Subtracts the newest gradient as many times as steps were taken."""
    path = [w0]
    for t in range(steps):
        step = lr * grad_fn(path[t])
        path.append(path[t] - (t + 1) * step)
    return torch.stack(path)


@wrong("forgotten_zero", named="plain-descent")
def path_of_a_right_loop(grad_fn, w0, lr, steps):
    """Walks by the newest gradient alone."""
    w, path = w0.clone(), [w0.clone()]
    for _ in range(steps):
        w -= lr * grad_fn(w)
        path.append(w.clone())
    return torch.stack(path)


@wrong("forgotten_zero", named="rows-are-one-tensor")
def traveller_appended(grad_fn, w0, lr, steps):
    """Appends the tensor that moves on, steps + 1 times."""
    w, total, path = w0.clone(), 0, []
    for _ in range(steps):
        path.append(w)
        total = total + grad_fn(w)
        w.sub_(lr * total)
    return torch.stack([*path, w])


@wrong("forgotten_zero", named="start-left-out")
def rows_of_the_steps_only(grad_fn, w0, lr, steps):
    """Fills one row per step, and none for the start."""
    path = w0.new_empty((steps, *w0.shape))
    w, total = w0, torch.zeros_like(w0)
    for t in range(steps):
        total = total + grad_fn(w)
        w = w - lr * total
        path[t] = w
    return path


@wrong("forgotten_zero", named="gradient-changed")
def first_gradient_is_the_sum(grad_fn, w0, lr, steps):
    """Begins with the first gradient and adds the later ones to it with add_."""
    w, path, total = w0.clone(), [w0.clone()], None
    for _ in range(steps):
        gradient = grad_fn(w)
        total = gradient if total is None else total.add_(gradient)
        w = w - lr * total
        path.append(w)
    return torch.stack(path)


@wrong("forgotten_zero", replaces="forgotten_zero_limit", named="limit-of-plain-descent")
def twice_the_inverse(lmax):
    """Doubles the inverse of the curvature."""
    return 2.0 * (1.0 / lmax)


@wrong("backoff_lr", named="nan-accepted")
def halved_while_not_lower(loss_after, start, base_loss):
    """Returns as soon as the loss is not higher, which is said of NaN too."""
    lr = start
    while True:
        if not loss_after(lr) > base_loss:
            return lr
        lr = lr * 0.5


@wrong("backoff_lr", named="any-finite-loss")
def first_number_taken(loss_after, start, base_loss):
    """Looks for NaN and infinity only."""
    lr = start
    loss = loss_after(lr)
    while math.isnan(loss) or math.isinf(loss):
        lr *= 0.5
        loss = loss_after(lr)
    return lr


@wrong("backoff_lr", named="raised-instead")
def divided_by_a_half(loss_after, start, base_loss):
    """Divides by 0.5 where it should multiply."""
    lr = start
    while True:
        if loss_after(lr) < base_loss:
            return lr
        lr = lr / 0.5


@wrong("backoff_lr", named="equal-accepted")
def at_most_as_high(loss_after, start, base_loss):
    """Accepts every loss up to the old one, but not NaN."""
    k = 0
    while True:
        loss = loss_after(start / 2**k)
        if math.isfinite(loss) and base_loss >= loss:
            return start / 2**k
        k += 1


@wrong("backoff_lr", named="start-never-tried")
def halved_before_each_look(loss_after, start, base_loss):
    """Halves first in every round, and then looks."""
    lr = start
    while True:
        lr *= 0.5
        if loss_after(lr) < base_loss:
            return lr


@wrong("backoff_lr", named="divided-by-ten")
def a_tenth_each_time(loss_after, start, base_loss):
    """Goes down by powers of ten."""
    lr = start
    while not loss_after(lr) < base_loss:
        lr *= 0.1
    return lr
