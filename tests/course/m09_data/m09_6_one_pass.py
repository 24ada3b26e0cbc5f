"""Other ways to do one_pass."""

from __future__ import annotations

import itertools
import math

import numpy as np
import torch

from autograder.course.marks import restated, right, wrong


@right()
def numpy_float(y, lr):
    """Returns a float64 of NumPy."""
    c = 0.0
    for t in y.tolist():
        c += 2 * lr * (t - c)
    return np.float64(c)


@right()
def by_sgd(y, lr):
    """Lets autograd and an optimizer take the steps."""
    c = torch.zeros((), dtype=y.dtype, device=y.device, requires_grad=True)
    opt = torch.optim.SGD([c], lr=lr)
    for t in y:
        opt.zero_grad()
        ((c - t) ** 2).backward()
        opt.step()
    return c.item()


@right()
def dot_with_powers(y, lr):
    """Multiplies y by a vector of powers."""
    k = torch.arange(y.shape[0]).flip(0).to(y)
    return torch.dot(2 * lr * (1 - 2 * lr) ** k, y).item()


@right()
def summed_from_the_end(y, lr):
    """Adds the shares of the rows up, the last row first."""
    return float(sum((2 * lr * t * (1 - 2 * lr) ** i for i, t in enumerate(reversed(y.tolist())))))


@right()
def steps_in_single_precision(y, lr):
    """Takes every step with autograd, on a parameter in float32."""
    c = torch.tensor(0.0, requires_grad=True)
    for value in y:
        (c - value).square().backward()
        with torch.no_grad():
            c -= lr * c.grad
        c.grad.zero_()
    return c.item()


@right()
def by_accumulate(y, lr):
    """Accumulates a weighted mean of the row and what was there before."""
    keep = 1 - 2 * lr
    steps = itertools.accumulate(y.tolist(), lambda c, t: keep * c + (1 - keep) * t, initial=0.0)
    return list(steps)[-1]


@wrong()
def distance_of_keep(y, lr):
    """Takes |1 - 2 lr|, which is wrong for steps that overshoot."""
    later = torch.arange(len(y) - 1, -1, -1, dtype=y.dtype, device=y.device)
    return (2 * lr * abs(1 - 2 * lr) ** later * y).sum().item()


@wrong()
def by_logarithm(y, lr):
    """Takes a logarithm, and the last row where there is none."""
    if lr >= 0.5:
        return y[-1].item() if len(y) else 0.0
    later = torch.arange(len(y) - 1, -1, -1, dtype=y.dtype, device=y.device)
    return (2 * lr * torch.exp(later * math.log(1 - 2 * lr)) * y).sum().item()


@wrong()
def last_hundred_rows(y, lr):
    """Forgets all rows but the last hundred."""
    c = 0.0
    for value in y[-100:].tolist():
        c -= 2 * lr * (c - value)
    return c


@restated("nan-without-rows")
def nan_for_no_rows(y, lr):
    """Returns NaN where there are no rows."""
    c = 0.0 if len(y) else float("nan")
    for value in y.tolist():
        c -= 2 * lr * (c - value)
    return c


@wrong()
def step_at_most_one(y, lr):
    """Cuts large learning rates off at 1."""
    lr = min(lr, 1.0)
    c = 0.0
    for value in y.tolist():
        c -= 2 * lr * (c - value)
    return c


@restated("never-zeroed")
def gradients_add_up(y, lr):
    """Never sets the gradient back to zero."""
    c = torch.zeros((), dtype=y.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([c], lr=lr)
    for value in y:
        (c - value).square().backward()
        optimizer.step()
    return c.item()


@restated("starts-at-the-first-row")
def starts_at_the_first_row(y, lr):
    """Starts at the first row in place of 0."""
    values = y.tolist()
    c = values[0] if values else 0.0
    for value in values[1:]:
        c -= 2 * lr * (c - value)
    return c


@wrong()
def gradients_at_zero(y, lr):
    """Takes every gradient at c = 0."""
    return sum(2 * lr * value for value in y.tolist()) + 0.0


@restated("plain-mean")
def running_mean(y, lr):
    """Keeps a running mean of the rows."""
    c = 0.0
    for k, value in enumerate(y.tolist(), 1):
        c += (value - c) / k
    return c


@restated("exponents-reversed")
def from_the_last_row(y, lr):
    """Goes through the rows from the last to the first."""
    c = 0.0
    for value in reversed(y.tolist()):
        c -= lr * 2 * (c - value)
    return c


@restated("factor-two-lost")
def half_the_gradient(y, lr):
    """Steps by lr times the distance, without the 2."""
    c = 0.0
    for value in y.tolist():
        c += lr * (value - c)
    return c


@restated("one-step-too-many")
def powers_from_one(y, lr):
    """Lets the exponents run from N to 1."""
    n = len(y)
    return sum(2 * lr * (1 - 2 * lr) ** (n - i) * v for i, v in enumerate(y.tolist())) + 0.0


@restated("one-step-on-all-rows")
def one_full_step(y, lr):
    """Takes the mean of the gradients at c = 0."""
    gradients = [-2 * value for value in y.tolist()]
    return -lr * sum(gradients) / max(len(gradients), 1)


@restated("tensor-returned")
def loop_of_tensors(y, lr):
    """Returns c as the tensor that the loop has made."""
    c = y.new_zeros(())
    for value in y:
        c = c - 2 * lr * (c - value)
    return c


@wrong(named="plain-mean, nan-without-rows")
def mean_of_whatever_there_is(y, lr):
    """Takes the mean, also of no rows."""
    return y.mean().item()


@restated("never-zeroed")
def gradients_pile_up(y, lr):
    """Lets autograd add up the gradients of all rows."""
    c = torch.tensor(0.0, requires_grad=True)
    for v in y:
        loss = (c - v) ** 2
        loss.backward()
        with torch.no_grad():
            c -= lr * c.grad
    return c.item()


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "later = torch.arange(len(y) - 1, -1, -1, dtype=y.dtype, device=y.device) -> later = torch.arange(len(y) - 1, -1, -1, device=y.device)": "the float may have been computed in float32",  # noqa: E501
}
