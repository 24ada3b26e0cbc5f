"""Other ways to do train_step."""

from __future__ import annotations

import math

import numpy as np
import torch
from m06_model import model, mse
from m08_manual_training import sgd_step_, train_step, zero_grads_
from torch.nn.functional import linear, mse_loss

from autograder.course.marks import restated, right, wrong


@right()
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


@right()
def step_by_an_optimizer(x, y, w, b, lr):
    """Clears at either end with an optimizer, and returns a NumPy float."""
    optimizer = torch.optim.SGD([w, b], lr=lr)
    loss = mse_loss(linear(x, w, b), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return np.float64(loss.item())


@right()
def step_of_own_parts(x, y, w, b, lr):
    """Uses the two functions above it, and takes the loss out of a NumPy array."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    sgd_step_([w, b], lr)
    zero_grads_([w, b], to_none=True)
    return loss.detach().cpu().numpy()[()]


@right()
def step_with_new_data(x, y, w, b, lr):
    """Puts new numbers into .data, and drops the gradients."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    w.data = w.data - lr * w.grad
    b.data = b.data - lr * b.grad
    w.grad = b.grad = None
    return float(loss)


@right()
def step_by_formula(x, y, w, b, lr):
    """Needs no autograd: the gradients of the linear model as formulas."""
    with torch.no_grad():
        error = x @ w.T + b - y
        w -= lr * 2 / error.numel() * error.T @ x
        b -= lr * 2 / error.numel() * error.sum(0)
        return (error**2).mean().item()


@right()
def step_by_functional_gradients(x, y, w, b, lr):
    """Asks torch.func for the gradients, and keeps the loss in single precision."""

    def loss_of(p):
        return mse(model(x, *p), y)

    (gw, gb), loss = torch.func.grad_and_value(loss_of)((w.detach(), b.detach()))
    with torch.no_grad():
        w.sub_(lr * gw)
        b.sub_(lr * gb)
    return np.float32(loss.item())


@right()
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


@wrong(asks="gd.20")
def bias_moved_from_the_new_weights(x, y, w, b, lr):
    """Takes the gradient of b only after w has moved."""
    loss = mse(model(x, w, b), y)
    (gw,) = torch.autograd.grad(loss, w)
    with torch.no_grad():
        w -= lr * gw
    (gb,) = torch.autograd.grad(mse(model(x, w, b), y), b)
    with torch.no_grad():
        b -= lr * gb
    return loss.item()


@wrong()
def divided_by_the_rows(x, y, w, b, lr):
    """Goes by the sum of squares per row, right only for one output."""
    error = model(x, w, b) - y
    (error.square().sum() / len(x)).backward()
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad = None
    return error.square().mean().item()


_calls = [0]


@wrong()
def rate_decays_with_the_calls(x, y, w, b, lr):
    """Counts its calls and makes the steps ever shorter."""
    _calls[0] += 1
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        for p in (w, b):
            p -= lr / (1 + 0.0001 * _calls[0]) * p.grad
            p.grad.zero_()
    return loss.item()


@wrong()
def long_gradients_clipped(x, y, w, b, lr):
    """Clips the gradients to a norm of 100."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    torch.nn.utils.clip_grad_norm_([w, b], 100.0)
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad.zero_()
    return loss.item()


@wrong()
def bias_of_one_output_not_cleared(x, y, w, b, lr):
    """Clears the gradient of b only where there are several outputs."""
    w.grad = b.grad = None
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    w.grad = None
    if len(b) > 1:
        b.grad = None
    return loss.item()


@wrong()
def slightly_longer_step(x, y, w, b, lr):
    """Takes steps that are a thousandth too long."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    for p in (w, b):
        p.data -= lr * 1.001 * p.grad
        p.grad = None
    return loss.item()


@wrong()
def no_step_from_an_infinite_loss(x, y, w, b, lr):
    """Leaves the parameters where they are if the loss is not finite."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        for p in (w, b):
            if math.isfinite(loss.item()):
                p -= lr * p.grad
            p.grad.zero_()
    return loss.item()


@wrong()
def one_gradient_stands_for_both(x, y, w, b, lr):
    """Clears b on entry where w has a gradient, so it fails where only one of them has."""
    if b.grad is not None:
        w.grad.zero_()
        b.grad.zero_()
    return train_step(x, y, w, b, lr)


_optimizers: dict[int, torch.optim.Optimizer] = {}


@wrong()
def momentum_kept_between_calls(x, y, w, b, lr):
    """Keeps an optimizer with momentum from call to call."""
    if id(w) not in _optimizers:
        _optimizers[id(w)] = torch.optim.SGD([w, b], lr=lr, momentum=0.1)
    loss = mse(model(x, w, b), y)
    loss.backward()
    _optimizers[id(w)].step()
    zero_grads_([w, b])
    return loss.item()


@restated("never-zeroed")
def step_by_parts_without_clearing(x, y, w, b, lr):
    """Goes backward and steps, and that is all."""
    loss = mse_loss(linear(x, w, b), y)
    loss.backward()
    sgd_step_([w, b], lr)
    return float(loss)


@restated("zeroed-before-the-update")
def optimizer_in_the_wrong_order(x, y, w, b, lr):
    """Clears between backward and step, where the step sees zeros."""
    optimizer = torch.optim.SGD([w, b], lr=lr)
    loss = mse_loss(linear(x, w, b), y)
    loss.backward()
    optimizer.zero_grad(set_to_none=False)
    optimizer.step()
    return loss.item()


@restated("zeroed-only-at-the-start")
def optimizer_clears_first(x, y, w, b, lr):
    """Clears before backward, as most loops do, and leaves the gradients behind."""
    optimizer = torch.optim.SGD([w, b], lr=lr)
    optimizer.zero_grad()
    loss = mse_loss(linear(x, w, b), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@restated("bias-not-updated")
def only_weights_stepped(x, y, w, b, lr):
    """Steps with w alone, and clears both."""
    loss = ((x @ w.T + b - y) ** 2).mean()
    loss.backward()
    sgd_step_([w], lr)
    w.grad = b.grad = None
    return loss.item()


@restated("bias-forgotten")
def optimizer_of_the_weights(x, y, w, b, lr):
    """Hands only w to an optimizer."""
    optimizer = torch.optim.SGD([w], lr=lr)
    loss = mse_loss(linear(x, w, b), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


@restated("loss-after")
def loss_of_the_moved_parameters(x, y, w, b, lr):
    """Works the loss out once more at the end."""
    mse_loss(linear(x, w, b), y).backward()
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad = None
        return mse_loss(linear(x, w, b), y).item()


@restated("tensor-returned")
def detached_loss_returned(x, y, w, b, lr):
    """Returns the loss as a detached tensor."""
    loss = mse_loss(linear(x, w, b), y)
    gw, gb = torch.autograd.grad(loss, (w, b))
    with torch.no_grad():
        w -= lr * gw
        b -= lr * gb
    return loss.detach()


@restated("names-rebound")
def both_rebound_at_once(x, y, w, b, lr):
    """Binds both names to new tensors in one line, whose gradients are None."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    with torch.no_grad():
        w, b = w - lr * w.grad, b - lr * b.grad
    for p in (w, b):
        p.grad.zero_()
    return loss.item()


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "loss = mse(model(x, w, b), y) -> loss = mse(y, model(x, w, b))": "mse is symmetric",
    "p.grad.zero_() -> it twice": "zero stays zero",
}
