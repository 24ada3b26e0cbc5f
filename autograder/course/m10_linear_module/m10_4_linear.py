"""Mistakes of linear."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("separate", asks="lr.53")
def separate(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """The numbers are right, but you multiply first and add afterwards: two operations, and a whole
    tensor in memory between them. Look for one function of torch that does both."""
    out = x @ w.t()
    return out if b is None else out + b


@mistake("separate-and-bias-required")
def separate_and_bias_required(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """You multiply first and add afterwards, which are two operations with a whole tensor between
    them, and without a bias the sum with None fails. Look for one function of torch that does
    both and knows about a missing bias."""
    return x @ w.t() + b


@mistake("bias-required")
def bias_required(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """Your function is fused and right, but it cannot do without a bias: with b=None it passes None
    to an operation that needs a tensor. Look at what should happen when there is nothing to
    add."""
    out = torch.addmm(b, x.reshape(-1, x.shape[-1]), w.t())  # type: ignore[arg-type]
    return out.reshape(*x.shape[:-1], w.shape[0])


@mistake("two-dimensions-only", asks="lr.10")
def two_dimensions_only(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """Your function takes 2-D inputs only: addmm and mm are made for matrices. The task allows any
    number of leading dimensions. Look at what becomes of an x of shape [2, 3, I]."""
    return torch.mm(x, w.t()) if b is None else torch.addmm(b, x, w.t())


@mistake("bare-addmm")
def bare_addmm(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """You call addmm for everything. It is the right kernel for a matrix and a bias, but it fails
    with b=None and with more than two dimensions. Look for the function of torch that wraps it for
    all these cases."""
    return torch.addmm(b, x, w.t())  # type: ignore[arg-type]


@mistake("not-transposed")
def not_transposed(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """You use w in the wrong orientation: w is [O, I] and F.linear transposes it itself, addmm does
    not. The sizes do not fit or, where I equals O, you multiply by the wrong matrix without an
    error. Look at the shapes of the product."""
    return nn.functional.linear(x, w.t(), b)


@mistake("bias-never-added")
def bias_never_added(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """You never use the bias: every prediction is off by b, and no gradient reaches it. Look at
    what you hand on."""
    return nn.functional.linear(x, w)


@mistake("cut-off")
def cut_off(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """Your result is cut off from x, w and b: with no_grad, detach or .data autograd records
    nothing, so nothing could be trained through it. Let the operation be recorded; whoever wants no
    graph switches it off outside."""
    return nn.functional.linear(x, w, b).detach()
