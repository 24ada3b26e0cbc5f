"""Mistakes of m08: training by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from m06_model import model, mse
from m08_manual_training import backoff_lr, forgotten_zero, train_step, zero_grads_
from torch import Tensor

from autograder.mistakes import mistake

GradFn = Callable[[Tensor], Tensor]


@mistake("sgd_step_", "name-rebound")
def name_rebound(params: Iterable[Tensor], lr: float) -> None:
    """You wrote `p = p - ...`. That computes a new tensor and calls it p inside your function; the
    caller's parameter is another object and never moves, so training stands still without any
    error. Look for a way to change the tensor itself."""
    for p in params:
        if p.grad is not None:
            p = p - lr * p.grad


@mistake("sgd_step_", "step-recorded")
def step_recorded(params: Iterable[Tensor], lr: float) -> None:
    """You change a leaf in place while autograd is recording. It refuses, as it could not tell the
    leaf's old value from the new one on the way back. The step is no part of the loss: look at how
    a few lines can be kept off the record."""
    for p in params:
        if p.grad is not None:
            p -= lr * p.grad


@mistake("sgd_step_", "through-data")
def through_data(params: Iterable[Tensor], lr: float) -> None:
    """Your numbers are right, but you change them through .data, behind autograd's back. A graph
    that still needs the old values then goes backward without complaint and gives wrong gradients.
    Update the parameter itself, and keep autograd from recording it."""
    for p in params:
        if p.grad is not None:
            p.data -= lr * p.grad


@mistake("sgd_step_", "uphill")
def uphill(params: Iterable[Tensor], lr: float) -> None:
    """You add the gradient. It points to where the loss grows fastest, so each of your steps climbs
    and the loss rises. Descending means going the other way: look at the sign of your step."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p += lr * p.grad


@mistake("sgd_step_", "new-tensors-returned")
def new_tensors_returned(params: Iterable[Tensor], lr: float) -> list[Tensor]:
    """You compute new tensors under no_grad and return them. The caller's parameters stay as they
    were, and the new ones do not require a gradient, so the next backward() cannot reach them.
    Write the numbers into the tensors that you were given."""
    with torch.no_grad():
        return [p if p.grad is None else p - lr * p.grad for p in params]


@mistake("sgd_step_", "missing-gradient-crashes")
def missing_gradient_crashes(params: Iterable[Tensor], lr: float) -> None:
    """Your step is right as long as every parameter has a gradient. One that took no part in the
    loss has None there, and a number times None is an error. Such a parameter is to be passed over:
    look at what .grad can hold."""
    with torch.no_grad():
        for p in params:
            p -= lr * p.grad


@mistake("sgd_step_", "gradients-cleared")
def gradients_cleared(params: Iterable[Tensor], lr: float) -> None:
    """You also clear the gradients. The loop needs that, but as a step of its own: whoever wants to
    print or log a gradient after the step finds zeros here. This function only reads .grad and
    leaves it as it is."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad
                p.grad.zero_()


@mistake("zero_grads_", "weights-wiped")
def weights_wiped(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You set the parameters themselves to zero, and their gradients are still there: everything
    learned so far is lost at the first call. Look at which tensor you clear, p or the one that
    backward() has stored in it."""
    with torch.no_grad():
        for p in params:
            if to_none:
                p.grad = None
            else:
                p.zero_()


@mistake("zero_grads_", "number-assigned")
def number_assigned(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You assign the number 0 to .grad. It can only hold a tensor of the parameter's shape, or
    None, so PyTorch raises a TypeError. Look for a way to make the numbers inside the stored tensor
    zero."""
    for p in params:
        p.grad = None if to_none else 0  # type: ignore[assignment]


@mistake("zero_grads_", "new-zeros")
def new_zeros(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You put a new tensor of zeros in place of the gradient. Whoever holds the old one keeps
    seeing the old numbers, and memory is asked for again in every round. The task wants the stored
    gradient itself cleared, where it lies."""
    for p in params:
        if to_none:
            p.grad = None
        elif p.grad is not None:
            p.grad = torch.zeros_like(p)


@mistake("zero_grads_", "missing-gradient-crashes")
def missing_gradient_to_zero(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You call a method of .grad without looking whether there is a gradient. Before the first
    backward(), or for a parameter that took no part in the loss, it is None and has no such method.
    There is nothing to clear then."""
    for p in params:
        if to_none:
            p.grad = None
        else:
            p.grad.zero_()


@mistake("zero_grads_", "always-none")
def always_none(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You drop the gradients whatever to_none says. By default they should stay and hold zeros,
    which is not the same: an optimizer with weight decay moves a parameter on a zero gradient and
    passes it over on None."""
    zero_grads_(params, to_none=True)


@mistake("zero_grads_", "never-none")
def never_none(params: Iterable[Tensor], to_none: bool = False) -> None:
    """You never look at to_none: the gradients are zeros where the caller asked for None. That is
    not the same: an optimizer with weight decay moves a parameter on a zero gradient and passes it
    over on None."""
    zero_grads_(params)


def _round(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Return the loss, after its backward."""
    loss = mse(model(x, w, b), y)
    loss.backward()
    return loss


@mistake("train_step", "never-zeroed")
def never_zeroed(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """You never clear the gradients. backward() adds to what .grad holds, so your second step goes
    by the sum of two gradients and the path runs away. Look at what happens after the update."""
    loss = _round(x, y, w, b)
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    return loss.item()


@mistake("train_step", "zeroed-before-the-update")
def zeroed_before_the_update(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """Nothing moves, and the loss stays what it was, without any error. Either you clear the
    gradients between backward() and the update, which then subtracts zeros, or the update makes new
    tensors under the old names. Look at your last two steps."""
    loss = _round(x, y, w, b)
    zero_grads_([w, b])
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    return loss.item()


@mistake("train_step", "zeroed-only-at-the-start")
def zeroed_only_at_the_start(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """Your path is right: you clear the gradients before backward(). But after your step they still
    hold numbers, and the task wants them None or zero on return, so that a caller's own backward()
    starts afresh. Look at where you clear."""
    zero_grads_([w, b])
    loss = _round(x, y, w, b)
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
    return loss.item()


@mistake("train_step", "bias-not-updated")
def bias_not_updated(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """Only w moves: you clear b's gradient but never take b's step. Without it the model cannot
    learn the level of the targets. Look at which parameters your update goes through."""
    loss = _round(x, y, w, b)
    with torch.no_grad():
        w -= lr * w.grad
    zero_grads_([w, b])
    return loss.item()


@mistake("train_step", "bias-forgotten")
def bias_forgotten(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """Only w is updated and cleared; b stays where it was, and its gradient piles up from step to
    step. The bias is a parameter like any other. Look at which tensors the end of your step deals
    with."""
    loss = _round(x, y, w, b)
    with torch.no_grad():
        w -= lr * w.grad
        w.grad.zero_()
    return loss.item()


@mistake("train_step", "loss-after")
def loss_after(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """The step is right, but the loss you return belongs to the new w and b: you predict once more
    after the update. The task asks for the loss that the step started from, which costs no second
    prediction."""
    train_step(x, y, w, b, lr)
    return mse(model(x, w, b), y).item()


@mistake("train_step", "tensor-returned")
def tensor_returned(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> Tensor:
    """You return the loss as a tensor. Unless it was detached it holds on to its graph, and who
    collects such losses keeps them all in memory. Hand back the plain number inside it: look for
    the method that takes it out."""
    loss = _round(x, y, w, b)
    with torch.no_grad():
        for p in (w, b):
            p -= lr * p.grad
            p.grad.zero_()
    return loss


@mistake("train_step", "names-rebound")
def names_rebound(x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float) -> float:
    """You wrote `w = w - ...`, which makes a new tensor without a gradient and calls it w; the
    caller's w never moves. Clearing then fails, as the new tensor's .grad is None. Change the
    tensor that you were given instead."""
    loss = _round(x, y, w, b)
    with torch.no_grad():
        w = w - lr * w.grad
        b = b - lr * b.grad
    w.grad.zero_()
    b.grad.zero_()
    return loss.item()


@mistake("train", "stale-predictions")
def stale_predictions(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """Your last loss repeats the one before it to the last digit. It comes from predictions that
    were made before the final update, so it says nothing about the final parameters. Look at what
    has to be computed anew once w and b have moved."""
    losses = []
    preds = model(x, w, b)
    for _ in range(epochs):
        preds = model(x, w, b)
        losses.append(train_step(x, y, w, b, lr))
    return [*losses, mse(preds, y).item()]


@mistake("train", "predicted-once")
def predicted_once(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """You predict once, outside the loop. The first backward() frees that graph, so the second one
    fails; and the predictions would belong to the old parameters anyway. Look at which steps every
    epoch has to take from the start."""
    preds = model(x, w, b)
    losses = []
    for _ in range(epochs):
        loss = mse(preds, y)
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                p -= lr * p.grad
                p.grad.zero_()
        losses.append(loss.item())
    return [*losses, mse(model(x, w, b), y).item()]


@mistake("train", "losses-attached")
def losses_attached(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[Tensor]:
    """You collect the losses as tensors. Unless detached, each of them keeps its whole graph alive,
    so memory grows with every epoch. Collect plain numbers: look at what you append."""
    losses = []
    for _ in range(epochs):
        loss = _round(x, y, w, b)
        with torch.no_grad():
            for p in (w, b):
                p -= lr * p.grad
                p.grad.zero_()
        losses.append(loss)
    return [*losses, mse(model(x, w, b), y)]


@mistake("train", "last-loss-missing")
def last_loss_missing(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """You return one loss per epoch, each taken before its update, so nobody learns how good the
    final parameters are. There are epochs + 1 moments to look at: look at what is known after the
    last update only."""
    return [train_step(x, y, w, b, lr) for _ in range(epochs)]


@mistake("train", "first-loss-missing")
def first_loss_missing(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """You take every loss after its update, so the list starts too late: the loss of the untrained
    model is missing, and with it what training is to be compared with. Look at what is known before
    the first update."""
    losses = []
    for _ in range(epochs):
        train_step(x, y, w, b, lr)
        losses.append(mse(model(x, w, b), y).item())
    return losses


@mistake("train", "one-update-too-many")
def one_update_too_many(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """Your losses are right, but w and b have gone one step too far: you run epochs + 1 updates to
    get the last loss. A loss can be computed without a step. Look at what the last entry needs."""
    return [train_step(x, y, w, b, lr) for _ in range(epochs + 1)]


@mistake("train", "never-zeroed")
def train_never_zeroed(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, epochs: int
) -> list[float]:
    """Your first two losses are right, then the path leaves: gradients are never cleared, so each
    step goes by the sum of all gradients so far. Look at what has to happen between an update and
    the next backward()."""
    losses = []
    for _ in range(epochs):
        losses.append(_round(x, y, w, b).item())
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
    return [*losses, mse(model(x, w, b), y).item()]


@mistake("forgotten_zero", "only-two-gradients")
def only_two_gradients(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """You add only the last two gradients. What is never cleared forgets nothing: the third step
    still carries the very first gradient. Look at how long a gradient stays in your sum."""
    path, previous = [w0], torch.zeros_like(w0)
    for _ in range(steps):
        gradient = grad_fn(path[-1])
        path.append(path[-1] - lr * (gradient + previous))
        previous = gradient
    return torch.stack(path)


@mistake("forgotten_zero", "longer-steps")
def longer_steps(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """You take the newest gradient times the number of the step, as if all gradients so far were
    equal. They belong to different points of the path. Look at what exactly backward() adds up."""
    path = [w0]
    for step in range(1, steps + 1):
        path.append(path[-1] - lr * step * grad_fn(path[-1]))
    return torch.stack(path)


@mistake("forgotten_zero", "plain-descent")
def plain_descent(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """This is the path of a correct training loop: every step goes by the newest gradient alone.
    The task is the faulty loop, where nothing is ever cleared. Look at what .grad would hold in the
    second step."""
    path = [w0]
    for _ in range(steps):
        path.append(path[-1] - lr * grad_fn(path[-1]))
    return torch.stack(path)


@mistake("forgotten_zero", "rows-are-one-tensor")
def rows_are_one_tensor(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """All entries of your path are equal. You collect the same tensor again and again and change it
    in place, so every entry shows where it is at the end. Look at what you append: a point, or the
    traveller."""
    w, total = w0.clone(), torch.zeros_like(w0)
    path = [w]
    for _ in range(steps):
        total += grad_fn(w)
        w -= lr * total
        path.append(w)
    return torch.stack(path)


@mistake("forgotten_zero", "start-left-out")
def start_left_out(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """Your path begins after the first step. The start belongs to it: steps + 1 points, the first
    of which is w0. Look at what you have collected before the loop begins."""
    return forgotten_zero(grad_fn, w0, lr, steps)[1:]


@mistake("forgotten_zero", "gradient-changed")
def gradient_changed(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """You keep the sum in the first tensor that grad_fn returned and add to it in place. That
    tensor is not yours: where grad_fn hands out the same one again, your sum changes the gradient
    itself. Look at where your running sum starts."""
    path = [w0]
    total = None
    for _ in range(steps):
        if total is None:
            total = grad_fn(path[-1])
        else:
            total += grad_fn(path[-1])
        path.append(path[-1] - lr * total)
    return torch.stack(path)


@mistake("forgotten_zero", "limit-of-plain-descent", replaces="forgotten_zero_limit")
def limit_of_plain_descent(lmax: float) -> float:
    """You return the limit of ordinary gradient descent, 2 over the largest eigenvalue. Without
    clearing the path behaves like one with momentum 1, which stays bounded up to a larger rate. Ask
    when w[t+1] = (2 - lr lmax) w[t] - w[t-1] explodes."""
    return 2 / lmax


@mistake("backoff_lr", "nan-accepted")
def nan_accepted(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You go on halving only while the loss is higher. Every comparison with NaN is false, so a
    step that breaks the model counts as fine; an equal loss passes too. Ask whether the loss is
    lower, not whether it is higher."""
    lr = start
    while loss_after(lr) > base_loss:
        lr /= 2
    return lr


@mistake("backoff_lr", "any-finite-loss")
def any_finite_loss(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You stop at the first loss that is finite, although it may be higher than before the step.
    Not exploding is less than descending. Look at where base_loss enters your condition."""
    lr = start
    while not math.isfinite(loss_after(lr)):
        lr /= 2
    return lr


@mistake("backoff_lr", "raised-instead")
def raised_instead(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You make the learning rate larger whenever the loss does not fall. A step that was too long
    gets longer, so the search never ends. Look at the direction in which you change the rate."""
    lr = start
    while not loss_after(lr) < base_loss:
        lr *= 2
    return lr


@mistake("backoff_lr", "equal-accepted")
def equal_accepted(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You accept a loss that is just as high as before. A step that lands on the same height has
    gained nothing, and the task asks for one that lowers the loss. Look at the comparison where
    both sides are equal."""
    lr = start
    while not loss_after(lr) <= base_loss:
        lr /= 2
    return lr


@mistake("backoff_lr", "start-never-tried")
def start_never_tried(
    loss_after: Callable[[float], float], start: float, base_loss: float
) -> float:
    """You halve before you try, so start itself is never tested and a good learning rate is cut in
    two. Look at which rate goes into the first call of loss_after."""
    return backoff_lr(loss_after, start / 2, base_loss)


@mistake("backoff_lr", "divided-by-ten")
def divided_by_ten(loss_after: Callable[[float], float], start: float, base_loss: float) -> float:
    """You shrink the learning rate by a factor of ten each time. That may jump far below the
    longest step that works; the task asks for the first of start, start/2, start/4 and so on."""
    lr = start
    while not loss_after(lr) < base_loss:
        lr /= 10
    return lr
