"""Mistakes of affine_exp."""

from __future__ import annotations

import math

import torch
from m04_autograd import affine_exp
from torch import Tensor

from autograder.course.marks import mistake


@mistake("x-written-to", asks="tb.12")
def x_written_to(x: Tensor, a: float, b: float) -> Tensor:
    """You work in place on x itself. A plain x of the caller is then overwritten, and torch refuses
    to write to a leaf that requires its gradient. The first operation has to make a new tensor;
    only what follows may write to that one."""
    return x.mul_(a).add_(b).exp_()


@mistake("three-tensors", asks="tb.12")
def three_tensors(x: Tensor, a: float, b: float) -> Tensor:
    """You make three tensors of x's size, one for each operation. The numbers are right, but twice
    memory is asked for that the next line throws away. Look for operations whose names end in an
    underscore."""
    return torch.exp(x * a + b)


@mistake("two-tensors")
def two_tensors(x: Tensor, a: float, b: float) -> Tensor:
    """You make two tensors of x's size. One is enough: after the first operation both others can
    write to the tensor that is there. Look at which of them still makes a new one."""
    return (x * a).add_(b).exp()


@mistake("written-after-exp")
def written_after_exp(x: Tensor, a: float, b: float) -> Tensor:
    """You write to the result of exp. Its derivative is that very result, which was saved for the
    backward pass; written over, it makes backward() raise. Bring b in before exp is taken."""
    return (x * a).exp_().mul_(math.exp(b))


@mistake("data-written")
def data_written(x: Tensor, a: float, b: float) -> Tensor:
    """You write through .data, or with recording off. Autograd does not see it: the values are
    right, but the gradient is that of a * x alone. Work in place on the tensor itself, which is
    recorded."""
    out = x * a
    out.data.add_(b).exp_()
    return out


@mistake("cut-off")
def cut_off(x: Tensor, a: float, b: float) -> Tensor:
    """Your result is cut off from x, so it has no gradient. Saving memory does not need that: the
    operations in place are recorded like all others. Look for detach, .data or no_grad around all
    of it."""
    return affine_exp(x.detach(), a, b)


@mistake("a-times-the-sum")
def a_times_the_sum(x: Tensor, a: float, b: float) -> Tensor:
    """You add b first and multiply the sum by a, so b is multiplied, too. The task has a * x, and
    then b is added. Look at the order of the first two operations."""
    return x.add(b).mul_(a).exp_()


@mistake("a-and-b-exchanged")
def a_and_b_exchanged(x: Tensor, a: float, b: float) -> Tensor:
    """You multiply by b and add a. The task has it the other way: a is the factor, b is what is
    added. Look at which of the two goes where."""
    return affine_exp(x, b, a)


@mistake("no-exp")
def no_exp(x: Tensor, a: float, b: float) -> Tensor:
    """You return a * x + b, without its exponential: perhaps exp() made a new tensor that nobody
    kept. An operation without an underscore changes nothing that is there; its result has to be
    used."""
    return x.mul(a).add_(b)


@mistake("b-lost")
def b_lost(x: Tensor, a: float, b: float) -> Tensor:
    """b has no effect on your result: perhaps add() made a new tensor that nobody kept. An
    operation without an underscore changes nothing that is there; its result has to be used."""
    return affine_exp(x, a, 0.0)
