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
    """Your number is right, but it is still a tensor. The task asks for a plain float: a tensor
    carries a dtype, a device and perhaps a graph, which the caller did not ask for."""
    return y.new_tensor(m09_data.one_pass(y, lr))
