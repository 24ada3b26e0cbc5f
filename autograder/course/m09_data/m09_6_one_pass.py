"""Mistakes of one_pass."""

from __future__ import annotations

import m09_data
from torch import Tensor

from autograder.course.marks import mistake


@mistake("plain-mean", asks="gd.34")
def plain_mean(y: Tensor, lr: float) -> float:
    """You return the mean of y, the constant that fits best. A single pass with a fixed learning
    rate does not end there: every row moves c again, so the order of the rows counts. Follow c
    through two steps by hand."""
    return y.mean().item() if len(y) else 0.0


@mistake("exponents-reversed")
def exponents_reversed(y: Tensor, lr: float) -> float:
    """You have the result for the rows in reversed order. Every step multiplies what came before it
    by the same factor, so the weight of a row depends on how many rows come after it, not before
    it. Check the weight of the very last row."""
    return m09_data.one_pass(y.flip(0), lr)


@mistake("factor-two-lost")
def factor_two_lost(y: Tensor, lr: float) -> float:
    """Your steps are half as long as they should be. The loss of a row is the square of c minus y;
    which factor does its derivative have?"""
    return m09_data.one_pass(y, lr / 2)


@mistake("one-step-too-many")
def one_step_too_many(y: Tensor, lr: float) -> float:
    """Each of your weights has one factor too many, even that of the last row. Nothing comes after
    the last row, so its share is still whole. Check the exponent of a single row."""
    return (1 - 2 * lr) * m09_data.one_pass(y, lr)


@mistake("one-step-on-all-rows")
def one_step_on_all_rows(y: Tensor, lr: float) -> float:
    """You take one step on the mean loss of all rows: full-batch descent. Here every row makes a
    step of its own, starting from where the row before has left c."""
    return 2 * lr * (y.mean().item() if len(y) else 0.0)


@mistake("tensor-returned")
def tensor_returned(y: Tensor, lr: float) -> Tensor:
    """Your result is still a tensor. The task asks for a plain float: a tensor carries a dtype, a
    device and perhaps a graph, which the caller did not ask for."""
    return y.new_tensor(m09_data.one_pass(y, lr))


@mistake("nan-without-rows")
def nan_without_rows(y: Tensor, lr: float) -> float:
    """Without any row your result is NaN, as the mean of nothing is: it is not a number. No row
    makes no step, and c stays where it starts."""
    return m09_data.one_pass(y, lr) if len(y) else float("nan")


@mistake("never-zeroed")
def never_zeroed(y: Tensor, lr: float) -> float:
    """Each of your steps also uses the gradients of all rows before it. backward() adds to what
    .grad holds, and nothing clears it in between. Look at what is left in .grad after a step."""
    c, gradient = 0.0, 0.0
    for value in y.tolist():
        gradient += 2 * (c - value)
        c -= lr * gradient
    return c


@mistake("uphill")
def uphill(y: Tensor, lr: float) -> float:
    """You add the gradient where a step subtracts it: every row drives c farther away from its
    target. Look at the sign of your step."""
    return m09_data.one_pass(y, -lr)


@mistake("starts-at-the-first-row")
def starts_at_the_first_row(y: Tensor, lr: float) -> float:
    """You start at the first number of y. The task starts at c = 0, and the first row makes a step
    as every other one does."""
    return m09_data.one_pass(y[1:] - y[0], lr) + y[0].item() if len(y) else 0.0


@mistake("all-rows-in-every-step")
def all_rows_in_every_step(y: Tensor, lr: float) -> float:
    """You use the mean of all rows in every step. Here each step sees one row alone, the next one
    in the order. Look at what your loop takes from y."""
    c = 0.0
    for _ in y:
        c -= 2 * lr * (c - y.mean().item())
    return c


@mistake("divided-by-n")
def divided_by_n(y: Tensor, lr: float) -> float:
    """You divide each step by the number of rows. The loss of a single row is no mean over all
    rows: its gradient counts whole."""
    return m09_data.one_pass(y, lr / max(len(y), 1))


@mistake("step-size-missing")
def step_size_missing(y: Tensor, lr: float) -> float:
    """Your weights have the powers of what each step keeps, but not the share that a row brings in
    itself: the very last row would count whole. Follow a single row through one step: how far does
    c move?"""
    return m09_data.one_pass(y, lr) / (2 * lr)
