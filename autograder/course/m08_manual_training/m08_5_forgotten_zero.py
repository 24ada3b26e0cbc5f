"""Mistakes of forgotten_zero."""

from __future__ import annotations

from collections.abc import Callable

import torch
from m08_manual_training import forgotten_zero
from torch import Tensor

from autograder.course.marks import mistake

GradFn = Callable[[Tensor], Tensor]


@mistake("only-two-gradients", asks="wf.7")
def only_two_gradients(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """You add only the last two gradients. Where nothing is cleared nothing is lost: the third step
    still contains the very first gradient. Look at how long a gradient stays in your sum."""
    path, previous = [w0], torch.zeros_like(w0)
    for _ in range(steps):
        gradient = grad_fn(path[-1])
        path.append(path[-1] - lr * (gradient + previous))
        previous = gradient
    return torch.stack(path)


@mistake("longer-steps", asks="tb.5")
def longer_steps(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """You take the newest gradient times the number of the step, as if all gradients so far were
    equal. They belong to different points of the path. Look at what exactly backward() adds up."""
    path = [w0]
    for step in range(1, steps + 1):
        path.append(path[-1] - lr * step * grad_fn(path[-1]))
    return torch.stack(path)


@mistake("plain-descent", asks="gd.24")
def plain_descent(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """This is the path of a correct training loop: every step uses the newest gradient alone. The
    task is the faulty loop, where nothing is ever cleared. Look at what .grad would hold in the
    second step."""
    path = [w0]
    for _ in range(steps):
        path.append(path[-1] - lr * grad_fn(path[-1]))
    return torch.stack(path)


@mistake("rows-are-one-tensor")
def rows_are_one_tensor(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """All entries of your path are equal. You collect the same tensor again and again and change it
    in place, so every entry shows its last values. Look at what you append: the tensor that moves,
    or its values at this moment."""
    w, total = w0.clone(), torch.zeros_like(w0)
    path = [w]
    for _ in range(steps):
        total += grad_fn(w)
        w -= lr * total
        path.append(w)
    return torch.stack(path)


@mistake("start-left-out")
def start_left_out(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """Your path begins after the first step. The start belongs to it: steps + 1 points, the first
    of which is w0. Look at what you have collected before the loop begins."""
    return forgotten_zero(grad_fn, w0, lr, steps)[1:]


@mistake("gradient-changed")
def gradient_changed(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """You keep the sum in the first tensor that grad_fn returned and add to it in place. That
    tensor is not yours: where grad_fn returns the same one again, your sum changes the gradient
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


@mistake("limit-of-plain-descent", replaces="forgotten_zero_limit")
def limit_of_plain_descent(lmax: float) -> float:
    """You return the limit of ordinary gradient descent, 2 over the largest eigenvalue. Without
    clearing the path behaves like one with momentum 1, which stays bounded up to a larger rate. For
    which rates does w[t+1] = (2 - lr lmax) w[t] - w[t-1] grow without end?"""
    return 2 / lmax


@mistake("list-returned")
def list_returned(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> list[Tensor]:
    """You return a list of points. One tensor is asked for, with the points along a new first axis:
    look for the function that makes it of equally shaped tensors."""
    return list(forgotten_zero(grad_fn, w0, lr, steps))


@mistake("start-moved")
def start_moved(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """You change w0 in place, itself or by a second name for it, as `w = w0` gives. It is the
    caller's tensor, and its start is lost. Begin with a copy, or make a new tensor in every
    step."""
    path = forgotten_zero(grad_fn, w0, lr, steps)
    if steps:
        w0.copy_(path[-1])
    return path


@mistake("last-point-only")
def last_point_only(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """You return the last point only. The whole path is asked for: w0 and the point after each
    step, one entry for each. Look at what you collect in your loop."""
    return forgotten_zero(grad_fn, w0, lr, steps)[-1]


@mistake("gradient-at-the-start")
def gradient_at_the_start(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """You ask for the gradient at w0 in every step. backward() adds up gradients of different
    points: each is taken where the path stands at that moment."""
    path, total = [w0], torch.zeros_like(w0)
    for _ in range(steps):
        total = total + grad_fn(w0)
        path.append(path[-1] - lr * total)
    return torch.stack(path)


@mistake("rows-are-the-start")
def rows_are_the_start(grad_fn: GradFn, w0: Tensor, lr: float, steps: int) -> Tensor:
    """All entries of your path are equal, and the caller's start has moved: you change w0 in
    place, perhaps by a second name for it, and collect that one tensor again and again. Begin with
    a copy, and collect its values at each moment."""
    path = rows_are_one_tensor(grad_fn, w0, lr, steps)
    if steps:
        w0.copy_(path[-1])
    return path
