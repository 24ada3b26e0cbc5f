"""Right but unusual ways to do m08: training by hand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import torch
from m06_model import model, mse
from m07_gradients import linreg_grads
from m08_manual_training import sgd_step_, train_step, zero_grads_
from torch import nn
from torch.nn.functional import linear, mse_loss

from tests.variants import right


@right("sgd_step_")
@torch.no_grad()
def step_by_add_with_alpha(params, lr):
    """Decorates the function with no_grad and adds with a negative alpha."""
    for p in params:
        if p.grad is None:
            continue
        p.add_(p.grad, alpha=-lr)


@right("sgd_step_")
def step_of_an_optimizer(params, lr):
    """Leaves the step to a new torch.optim.SGD."""
    torch.optim.SGD(params, lr=lr).step()


@right("sgd_step_")
def step_on_a_detached_view(params, lr):
    """Changes a detached view, whose version counter is the parameter's own."""
    for p in params:
        if p.grad is not None:
            p.detach().sub_(lr * p.grad)


@right("sgd_step_")
def step_copied_in(params, lr):
    """Works out the new numbers and copies them into the parameter."""
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                continue
            p.copy_(p - lr * p.grad)


@right("sgd_step_")
def step_by_foreach(params, lr):
    """Takes the steps of all parameters in one call of a foreach function."""
    pairs = [(p, p.grad) for p in params if p.grad is not None]
    if pairs:
        leaves, grads = zip(*pairs, strict=True)
        with torch.no_grad():
            torch._foreach_add_(list(leaves), list(grads), alpha=-lr)


@right("zero_grads_")
def zeros_filled_into_detached_gradients(params, to_none=False):
    """Detaches the gradient in place and fills it with a number."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.detach_()
            p.grad.fill_(0)


@right("zero_grads_")
def zeros_of_an_optimizer(params, to_none=False):
    """Leaves the clearing to a new torch.optim.SGD."""
    torch.optim.SGD(params, lr=0.1).zero_grad(set_to_none=to_none)


@right("zero_grads_")
def deleted_or_assigned_by_index(params, to_none=False):
    """Deletes the attribute, or assigns zero to all elements."""
    for p in params:
        if p.grad is not None:
            if to_none:
                del p.grad
            else:
                p.grad[...] = 0


@right("zero_grads_")
def multiplied_by_zero(params, to_none=False):
    """Multiplies every gradient by zero, in place."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.mul_(0)


@right("zero_grads_")
def zeros_through_data(params, to_none=False):
    """Clears the memory of the gradient through .data, which nobody forbids here."""
    for p in params:
        if p.grad is not None:
            if to_none:
                p.grad = None
            else:
                p.grad.data.zero_()


@right("zero_grads_")
def zeros_put_back(params, to_none=False):
    """Assigns the cleared gradient to .grad again, which is the same tensor."""
    for p in list(params):
        p.grad = None if to_none or p.grad is None else p.grad.zero_()


@right("train_step")
def step_written_out(x, y, w, b, lr):
    """Writes model and loss out and steps through the names one by one."""
    pred = x @ w.t() + b
    loss = ((pred - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return loss.item()


@right("train_step")
def step_by_an_optimizer(x, y, w, b, lr):
    """Clears at either end with an optimizer, and returns a NumPy float."""
    optimizer = torch.optim.SGD([w, b], lr=lr)
    loss = mse_loss(linear(x, w, b), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return np.float64(loss.item())


@right("train_step")
def step_of_own_parts(x, y, w, b, lr):
    """Uses the two functions above it, and takes the loss out of a NumPy array."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    sgd_step_([w, b], lr)
    zero_grads_([w, b], to_none=True)
    return loss.detach().cpu().numpy()[()]


@right("train_step")
def step_with_new_data(x, y, w, b, lr):
    """Puts new numbers into .data, and drops the gradients."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    w.data = w.data - lr * w.grad
    b.data = b.data - lr * b.grad
    w.grad = b.grad = None
    return float(loss)


@right("train_step")
def step_by_formula(x, y, w, b, lr):
    """Needs no autograd: the gradients of the linear model as formulas."""
    with torch.no_grad():
        error = x @ w.T + b - y
        w -= lr * 2 / error.numel() * error.T @ x
        b -= lr * 2 / error.numel() * error.sum(0)
        return (error**2).mean().item()


@right("train_step")
def step_by_functional_gradients(x, y, w, b, lr):
    """Asks torch.func for the gradients, and keeps the loss in single precision."""

    def loss_of(p):
        return mse(model(x, *p), y)

    (gw, gb), loss = torch.func.grad_and_value(loss_of)((w.detach(), b.detach()))
    with torch.no_grad():
        w.sub_(lr * gw)
        b.sub_(lr * gb)
    return np.float32(loss.item())


@right("train_step")
def step_while_no_gradient_is_required(x, y, w, b, lr):
    """Switches requires_grad off for the step and on again."""
    loss = torch.linalg.vector_norm(model(x, w, b) - y) ** 2 / y.numel()
    loss.backward()
    for p in (w, b):
        p.requires_grad_(False)
        p -= lr * p.grad
        p.requires_grad_(True)
        p.grad.zero_()
    return float(loss.detach())


@right("train")
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


@right("train")
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


@right("train")
def losses_after_each_step(x, y, w, b, lr, epochs):
    """Begins with the first loss, adds one after each step, and takes gradients from a formula."""
    losses = [mse(model(x, w, b), y).item()]
    for _ in range(epochs):
        gw, gb = linreg_grads(x, y, w, b)
        w.data = w.data - lr * gw.detach()
        b.data = b.data - lr * gb.detach()
        losses += [mse(model(x, w, b), y).item()]
    return losses


@right("train")
def last_loss_by_a_step_of_length_zero(x, y, w, b, lr, epochs):
    """Gets the last loss from a step with the learning rate 0."""
    losses = [train_step(x, y, w, b, lr) for _ in range(epochs)]
    losses.append(train_step(x, y, w, b, 0.0))
    return losses


@right("train")
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


@right("train")
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


@right("forgotten_zero")
def path_by_recurrence(grad_fn, w0, lr, steps):
    """Needs no sum: each point follows from the two before it."""
    path = w0.new_empty((steps + 1, *w0.shape))
    path[0] = w0
    before = path[0]
    for t in range(steps):
        path[t + 1] = 2 * path[t] - before - lr * grad_fn(path[t])
        before = path[t]
    return path


@right("forgotten_zero")
def path_by_momentum_of_one(grad_fn, w0, lr, steps):
    """Takes the steps of an optimizer whose momentum is 1."""
    w = w0.clone().requires_grad_()
    optimizer = torch.optim.SGD([w], lr=lr, momentum=1.0)
    path = [w0]
    for _ in range(steps):
        w.grad = grad_fn(w.detach())
        optimizer.step()
        path.append(w.detach().clone())
    return torch.stack(path)


@right("forgotten_zero")
def path_with_all_gradients_kept(grad_fn, w0, lr, steps):
    """Keeps a list of all gradients and adds them up anew in every step."""
    grads, path = [], [w0]
    for _ in range(steps):
        grads.append(grad_fn(path[-1]))
        path.append(path[-1] - lr * sum(grads))
    return torch.stack(path)


@right("forgotten_zero")
def path_of_a_parameter(grad_fn, w0, lr, steps):
    """Lets a real parameter collect the gradients in its .grad."""
    p = nn.Parameter(w0.clone())
    path = torch.zeros(steps + 1, *w0.shape, dtype=w0.dtype, device=w0.device)
    path[0] = w0
    for t in range(steps):
        gradient = grad_fn(p.data)
        p.grad = gradient.clone() if p.grad is None else p.grad + gradient
        with torch.no_grad():
            p -= lr * p.grad
        path[t + 1] = p.data
    return path


@right("forgotten_zero")
def path_by_recursion(grad_fn, w0, lr, steps):
    """Calls itself for the rest of the path."""

    def rest(w, total, left):
        if left == 0:
            return [w]
        total = total + grad_fn(w)
        return [w, *rest(w - lr * total, total, left - 1)]

    return torch.stack(rest(w0, 0, steps))


@right("forgotten_zero", replaces="forgotten_zero_limit")
def limit_of_numpy(lmax):
    """Returns a NumPy float."""
    return np.float64(4.0) / lmax


@right("forgotten_zero", replaces="forgotten_zero_limit")
def limit_by_power(lmax):
    """Multiplies by the power -1, twice two."""
    return 2 * (2 * lmax ** (-1))


@right("backoff_lr")
def first_of_endless_rates(loss_after, start, base_loss):
    """Takes the first fitting one of an endless generator, and asks twice for each loss."""
    rates = (start * 0.5**k for k in itertools.count())
    return next(r for r in rates if loss_after(r) < base_loss and not math.isinf(loss_after(r)))


@right("backoff_lr")
def halvings_counted(loss_after, start, base_loss):
    """Counts the halvings and divides by a power of two."""
    k = 0
    while not loss_after(start / 2**k) < base_loss:
        k += 1
    return start / 2**k


@right("backoff_lr")
def search_by_recursion(loss_after, start, base_loss):
    """Calls itself with half the rate, and rules out NaN and infinity by name."""
    loss = float(loss_after(start))
    if not math.isnan(loss) and not math.isinf(loss) and loss < base_loss:
        return start
    return search_by_recursion(loss_after, start / 2, base_loss)


@right("backoff_lr")
def nan_unequal_to_itself(loss_after, start, base_loss):
    """Knows NaN by its being unequal to itself."""
    lr = start
    loss = loss_after(lr)
    while loss != loss or loss >= base_loss:
        lr *= 0.5
        loss = loss_after(lr)
    return lr


@right("backoff_lr")
def rate_in_single_precision(loss_after, start, base_loss):
    """Keeps the rate as a NumPy float32, which lies a little beside it."""
    lr = np.float32(start)
    while not loss_after(float(lr)) < base_loss:
        lr = lr / np.float32(2)
    return lr
