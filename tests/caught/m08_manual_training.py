"""Wrong ways to do m08, training by hand, beyond the listed mistakes."""

from __future__ import annotations

import math

import torch
from m06_model import model, mse
from m08_manual_training import train_step, zero_grads_

from tests.variants import wrong


@wrong("sgd_step_")
def rate_in_single_precision(params, lr):
    """Turns the learning rate into a float32 tensor."""
    rate = torch.tensor(lr)
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= rate * p.grad


@wrong("sgd_step_")
def gradients_scaled(params, lr):
    """Multiplies the stored gradients by the learning rate in place."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= p.grad.mul_(lr)


@wrong("sgd_step_")
def stops_at_a_missing_gradient(params, lr):
    """Ends the loop at the first parameter without a gradient."""
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                break
            p -= lr * p.grad


@wrong("sgd_step_")
def skips_infinite_gradients(params, lr):
    """Takes no step where a gradient is not finite."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None and torch.isfinite(p.grad).all():
                p -= lr * p.grad


@wrong("sgd_step_")
def grad_mode_switched_on(params, lr):
    """Switches the recording on at the end, whatever it was before."""
    torch.set_grad_enabled(False)
    for p in params:
        if p.grad is not None:
            p -= lr * p.grad
    torch.set_grad_enabled(True)


@wrong("sgd_step_")
def gradients_clamped(params, lr):
    """Cuts every entry of a gradient off at 1000."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad.clamp(-1000, 1000)


@wrong("sgd_step_")
def generator_used_up(params, lr):
    """Goes through the parameters once to look and once to step."""
    if not any(p.grad is not None for p in params):
        return
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad


@wrong("sgd_step_")
def missing_gradients_filled(params, lr):
    """Stores zeros where a gradient is missing, so that the step works."""
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                p.grad = torch.zeros_like(p)
            p -= lr * p.grad


@wrong("sgd_step_")
def gradients_dropped(params, lr):
    """Sets every gradient to None after its step."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p.sub_(p.grad, alpha=lr)
                p.grad = None


@wrong("zero_grads_")
def zeroed_before_none(params, to_none=False):
    """Fills the old gradients with zeros even where they are to be dropped."""
    for p in params:
        if p.grad is not None:
            p.grad.zero_()
            if to_none:
                p.grad = None


@wrong("zero_grads_")
def missing_gradients_made(params, to_none=False):
    """Stores zeros where there was no gradient."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is None:
            p.grad = torch.zeros_like(p)
        else:
            p.grad.zero_()


@wrong("zero_grads_")
def looked_through_first(params, to_none=False):
    """Goes through the parameters twice, and finds a generator empty."""
    if all(p.grad is None for p in params):
        return
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.zero_()


@wrong("zero_grads_")
def frozen_ones_left_out(params, to_none=False):
    """Passes over leaves that require no gradient but still hold one."""
    for p in params:
        if not p.requires_grad:
            continue
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.zero_()


@wrong("zero_grads_")
def stops_at_the_first_missing(params, to_none=False):
    """Returns where a gradient is missing instead of going on."""
    for p in params:
        if p.grad is None:
            return
        if to_none:
            p.grad = None
        else:
            p.grad.zero_()


@wrong("zero_grads_")
def everything_required_again(params, to_none=False):
    """Makes every leaf require its gradient on the way."""
    for p in params:
        p.requires_grad_(True)
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.zero_()


@wrong("train_step")
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


@wrong("train_step")
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


@wrong("train_step")
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


@wrong("train_step")
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


@wrong("train_step")
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


@wrong("train_step")
def slightly_longer_step(x, y, w, b, lr):
    """Takes steps that are a thousandth too long."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    for p in (w, b):
        p.data -= lr * 1.001 * p.grad
        p.grad = None
    return loss.item()


@wrong("train_step")
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


@wrong("train_step")
def one_gradient_stands_for_both(x, y, w, b, lr):
    """Clears b on entry where w has a gradient, so it fails where only one of them has."""
    if b.grad is not None:
        w.grad.zero_()
        b.grad.zero_()
    return train_step(x, y, w, b, lr)


_optimizers: dict[int, torch.optim.Optimizer] = {}


@wrong("train_step")
def momentum_kept_between_calls(x, y, w, b, lr):
    """Keeps an optimizer with momentum from call to call."""
    if id(w) not in _optimizers:
        _optimizers[id(w)] = torch.optim.SGD([w, b], lr=lr, momentum=0.1)
    loss = mse(model(x, w, b), y)
    loss.backward()
    _optimizers[id(w)].step()
    zero_grads_([w, b])
    return loss.item()


@wrong("train")
def stops_when_the_loss_stands(x, y, w, b, lr, epochs):
    """Leaves early where the loss hardly changes, and repeats the last one."""
    losses = []
    for _ in range(epochs):
        losses.append(train_step(x, y, w, b, lr))
        if len(losses) > 1 and abs(losses[-1] - losses[-2]) < 1e-06:
            break
    losses.append(mse(model(x, w, b), y).item())
    return losses + losses[-1:] * (epochs + 1 - len(losses))


@wrong("train")
def stops_at_nan(x, y, w, b, lr, epochs):
    """Leaves early where the loss is NaN or infinite."""
    losses = []
    for _ in range(epochs):
        loss = train_step(x, y, w, b, lr)
        losses.append(loss)
        if not math.isfinite(loss):
            break
    return [*losses, mse(model(x, w, b), y).item()]


@wrong("train")
def a_hundred_rows_at_a_time(x, y, w, b, lr, epochs):
    """Steps on batches of 100 rows, right only for fewer rows."""
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(x, w, b), y).item())
        for x_batch, y_batch in zip(x.split(100), y.split(100), strict=True):
            train_step(x_batch, y_batch, w, b, lr)
    return [*losses, mse(model(x, w, b), y).item()]


_losses: list[float] = []


@wrong("train")
def the_same_list_every_time(x, y, w, b, lr, epochs):
    """Returns one list from every call, so a second call overwrites the first one's losses."""
    _losses.clear()
    for _ in range(epochs):
        _losses.append(train_step(x, y, w, b, lr))
    _losses.append(mse(model(x, w, b), y).item())
    return _losses


@wrong("train")
def losses_gather_in_a_default(x, y, w, b, lr, epochs, losses=[]):  # noqa: B006
    """Collects in a default list, which still holds the losses of the call before."""
    for _ in range(epochs):
        losses.append(train_step(x, y, w, b, lr))
    losses.append(mse(model(x, w, b), y).item())
    return losses


@wrong("train")
def rate_halved_on_the_way(x, y, w, b, lr, epochs):
    """Halves the learning rate whenever the loss rises."""
    losses = []
    for _ in range(epochs):
        losses.append(train_step(x, y, w, b, lr))
        if len(losses) > 1 and losses[-1] > losses[-2]:
            lr /= 2
    return [*losses, mse(model(x, w, b), y).item()]


@wrong("train")
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


@wrong("train")
def at_least_one_epoch(x, y, w, b, lr, epochs):
    """Takes one step even where no epoch is asked for."""
    losses = [train_step(x, y, w, b, lr) for _ in range(max(epochs, 1))]
    return [*losses[: max(epochs, 0)], mse(model(x, w, b), y).item()]


@wrong("train")
def one_row_after_another(x, y, w, b, lr, epochs):
    """Steps on each row by itself, right only for a single row."""
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(x, w, b), y).item())
        for i in range(len(x)):
            train_step(x[i : i + 1], y[i : i + 1], w, b, lr)
    return [*losses, mse(model(x, w, b), y).item()]


@wrong("forgotten_zero")
def five_gradients_remembered(grad_fn, w0, lr, steps):
    """Adds up the last five gradients only."""
    path, grads = [w0], []
    for _ in range(steps):
        grads = [*grads, grad_fn(path[-1])][-5:]
        path.append(path[-1] - lr * sum(grads))
    return torch.stack(path)


@wrong("forgotten_zero")
def gradients_fade(grad_fn, w0, lr, steps):
    """Forgets a thousandth of the sum in every step."""
    path, total = [w0], torch.zeros_like(w0)
    for _ in range(steps):
        total = 0.999 * total + grad_fn(path[-1])
        path.append(path[-1] - lr * total)
    return torch.stack(path)


@wrong("forgotten_zero")
def path_kept_in_single_precision(grad_fn, w0, lr, steps):
    """Writes the path into a float32 tensor and converts that at the end."""
    path, total, w = torch.empty(steps + 1, *w0.shape), torch.zeros_like(w0), w0
    path[0] = w0
    for t in range(steps):
        total = total + grad_fn(w)
        w = w - lr * total
        path[t + 1] = w
    return path.to(w0.dtype)


@wrong("forgotten_zero", named="gradient-changed")
def sum_in_the_first_gradient(grad_fn, w0, lr, steps):
    """Adds the later gradients to the first one in place."""
    path, total = [w0.clone()], None
    for _ in range(steps):
        gradient = grad_fn(path[-1])
        if total is None:
            total = gradient
        else:
            total += gradient
        path.append(path[-1] - lr * total)
    return torch.stack(path)


@wrong("forgotten_zero")
def path_of_a_number_requires_its_gradient(grad_fn, w0, lr, steps):
    """Lets the path require a gradient where the start is a single number."""
    w, total, path = w0.clone(), torch.zeros_like(w0), [w0.clone()]
    for _ in range(steps):
        total = total + grad_fn(w)
        w -= lr * total
        path.append(w.clone())
    return torch.stack(path).requires_grad_(w0.dim() == 0)


@wrong("forgotten_zero")
def start_moved(grad_fn, w0, lr, steps):
    """Walks with the caller's own start instead of a copy."""
    total, path = torch.zeros_like(w0), [w0.clone()]
    for _ in range(steps):
        total = total + grad_fn(w0)
        w0 -= lr * total
        path.append(w0.clone())
    return torch.stack(path)


@wrong("forgotten_zero")
def newest_gradient_comes_late(grad_fn, w0, lr, steps):
    """Steps before it adds the gradient of the point where it stands."""
    path, total = [w0], torch.zeros_like(w0)
    for _ in range(steps):
        path.append(path[-1] - lr * total)
        total = total + grad_fn(path[-2])
    return torch.stack(path)


@wrong("forgotten_zero", replaces="forgotten_zero_limit")
def small_curvatures_taken_for_one(lmax):
    """Treats every curvature below 1 as 1."""
    return 4 / max(lmax, 1.0)


@wrong("forgotten_zero", replaces="forgotten_zero_limit")
def limit_rounded(lmax):
    """Rounds the limit to three decimals."""
    return round(4 / lmax, 3)


@wrong("forgotten_zero", replaces="forgotten_zero_limit")
def limit_a_thousandth_too_large(lmax):
    """Is a thousandth too large."""
    return 4.004 / lmax


@wrong("backoff_lr")
def twenty_halvings_at_most(loss_after, start, base_loss):
    """Gives up after 20 halvings."""
    lr = start
    for _ in range(20):
        if loss_after(lr) < base_loss:
            break
        lr /= 2
    return lr


@wrong("backoff_lr")
def no_rate_below_a_billionth(loss_after, start, base_loss):
    """Gives up where the rate falls below 1e-9."""
    lr = start
    while lr > 1e-9 and not loss_after(lr) < base_loss:
        lr /= 2
    return lr


@wrong("backoff_lr")
def clearly_lower_wanted(loss_after, start, base_loss):
    """Wants the loss to be lower by a millionth of itself."""
    lr = start
    while not loss_after(lr) < base_loss * (1 - 1e-6):
        lr /= 2
    return lr


@wrong("backoff_lr")
def lower_by_a_margin(loss_after, start, base_loss):
    """Wants the loss to be lower by 1e-8 at least."""
    lr = start
    while not loss_after(lr) < base_loss - 1e-08:
        lr /= 2
    return lr


@wrong("backoff_lr")
def absolute_values_compared(loss_after, start, base_loss):
    """Compares the absolute values of the losses."""
    lr = start
    while not abs(loss_after(lr)) < abs(base_loss):
        lr /= 2
    return lr


@wrong("backoff_lr")
def long_starts_cut_unseen(loss_after, start, base_loss):
    """Halves a start above 1 without trying it."""
    lr = start
    while lr > 1:
        lr /= 2
    while not loss_after(lr) < base_loss:
        lr /= 2
    return lr


@wrong("backoff_lr")
def nan_expected_at_the_start_only(loss_after, start, base_loss):
    """Takes NaN for a lower loss after the first halving."""
    lr = start
    if not loss_after(lr) < base_loss:
        lr /= 2
        while loss_after(lr) >= base_loss:
            lr /= 2
    return lr


@wrong("backoff_lr", named="equal-accepted")
def a_little_higher_accepted(loss_after, start, base_loss):
    """Accepts a loss that is equal or a billionth higher."""
    lr = start
    while not loss_after(lr) < base_loss + 1e-09:
        lr /= 2
    return lr


@wrong("backoff_lr")
def halves_on_while_it_helps(loss_after, start, base_loss):
    """Goes on halving as long as the loss falls further."""
    lr = start
    while not loss_after(lr) < base_loss or loss_after(lr / 2) < loss_after(lr):
        lr /= 2
    return lr


@wrong("sgd_step_")
def update_in_a_buffer_of_the_cpu(params, lr):
    """It gathers the update in zeros that lie on the CPU, wherever the parameter lies."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                update = torch.zeros(p.shape, dtype=p.dtype)
                update = update + lr * p.grad
                p -= update


@wrong("forgotten_zero")
def sum_in_a_buffer_of_the_cpu(grad_fn, w0, lr, steps):
    """It adds the gradients up in zeros that lie on the CPU, wherever the start lies."""
    w, total = w0.clone(), torch.zeros(w0.shape, dtype=w0.dtype)
    path = [w]
    for _ in range(steps):
        total += grad_fn(w)
        w = w - lr * total
        path.append(w)
    return torch.stack(path)


@wrong("sgd_step_")
def frozen_without_a_gradient(params, lr):
    """Freezes all for the step, and thaws only what has moved."""
    for p in params:
        p.requires_grad_(False)
        if p.grad is not None:
            p -= lr * p.grad
            p.requires_grad_()


@wrong("train")
def ends_on_a_plateau(x, y, w, b, lr, epochs):
    """Stops where the loss hardly falls, and fills the list up."""
    losses = [mse(model(x, w, b), y).item()]
    for _ in range(epochs):
        train_step(x, y, w, b, lr)
        losses.append(mse(model(x, w, b), y).item())
        if abs(losses[-1] - losses[-2]) < 1e-4 * losses[-2]:
            break
    return losses + [losses[-1]] * (epochs + 1 - len(losses))


@wrong("zero_grads_")
def flat_copies_cleared(params, to_none=False):
    """reshape copies a gradient that is not contiguous, and only the copy is cleared."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.reshape(-1).zero_()


@wrong("zero_grads_")
def nearly_zero(params, to_none=False):
    """Fills with a tiny number, against divisions by zero."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad.fill_(1e-12)


SUMS = {}


@wrong("forgotten_zero")
def forgotten_between_calls(grad_fn, w0, lr, steps):
    """A second path begins with the gradients of the first."""
    path = [w0.clone()]
    for _ in range(steps):
        so_far = SUMS.get(w0.shape, torch.zeros_like(w0))
        SUMS[w0.shape] = so_far.to(w0) + grad_fn(path[-1])
        path.append(path[-1] - lr * SUMS[w0.shape])
    return torch.stack(path)


@wrong("backoff_lr")
def down_by_quarters(loss_after, start, base_loss):
    """Goes down by quarters and once up again: misses a rate that lowers the loss alone."""
    lr = float(start)
    while not loss_after(lr) < base_loss:
        lr /= 4
        if lr < 1e-300:
            return start / 2
    return 2 * lr if lr < start and loss_after(2 * lr) < base_loss else lr
