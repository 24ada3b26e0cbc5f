"""Mistakes of grads_only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from m07_gradients import grads_only
from torch import Tensor

from autograder.course.marks import mistake


@mistake("backward", asks="wf.6")
def stored_by_backward(loss: Tensor, params: Sequence[Tensor]) -> list[Any]:
    """You called backward(). It returns nothing and adds the gradients to .grad of every leaf, on
    top of what is already there, so the caller's parameters are not as before. There is a function
    that returns gradients without storing them."""
    loss.backward()
    return [p.grad for p in params]


@mistake("backward-with-zeros")
def stored_by_backward_with_zeros(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """The unused parameters get their zeros, but you called backward(): it adds the gradients to
    .grad of every leaf, on top of what is already there, so the caller's parameters are not as
    before. There is a function that returns gradients without storing them."""
    loss.backward()
    return [torch.zeros_like(p) if p.grad is None else p.grad for p in params]


@mistake("cleared-afterwards")
def cleared_afterwards(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """You called backward() and cleared .grad afterwards. What the caller already had there is
    added to your result and is then lost. Clearing does not undo storing: there is a function that
    never touches .grad."""
    loss.backward()
    grads = [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in params]
    for p in params:
        p.grad = None
    return grads


@mistake("stored-and-cleared")
def stored_and_cleared(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """You cleared .grad before backward() and again afterwards. That wipes out what the caller kept
    there: a gradient that was being accumulated is lost. There is a function that returns
    gradients without touching .grad at all."""
    for p in params:
        p.grad = None
    return cleared_afterwards(loss, params)


@mistake("none-for-unused")
def none_for_unused(loss: Tensor, params: Sequence[Tensor]) -> list[Any]:
    """You pass on None for a parameter that the loss does not use. Its derivative exists and is 0
    in every element, and the caller wants to add and scale without asking first. Put zeros of the
    parameter's shape there."""
    return list(torch.autograd.grad(loss, params, allow_unused=True))


@mistake("unused-refused")
def unused_refused(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """Your call raises as soon as the loss does not depend on one of the parameters. That is no
    error here: the loss simply does not change with it. Read in the message which argument allows
    it, then think of what to return."""
    return list(torch.autograd.grad(loss, params))


@mistake("parameters-stepped")
def parameters_stepped(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """You moved the parameters too. Computing a gradient changes nothing; taking a step is another
    task, and the caller may only want to look. Look for the line that writes to the parameters."""
    grads = grads_only(loss, params)
    with torch.no_grad():
        for p, g in zip(params, grads, strict=True):
            p -= 0.01 * g
    return grads


@mistake("graph-of-gradients")
def graph_of_gradients(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """Your gradients require gradients themselves: you asked for a graph of them with
    create_graph=True. That serves second derivatives; here it keeps the whole computation in memory
    as long as somebody holds the list."""
    found = torch.autograd.grad(loss, params, create_graph=True, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(params, found, strict=True)]


@mistake("tuple-returned")
def tuple_returned(loss: Tensor, params: Sequence[Tensor]) -> Any:
    """You return a tuple, such as torch gave you. A list is asked for: something the caller can
    append to and change. Look at the type of what you return."""
    return tuple(grads_only(loss, params))


@mistake("number-for-unused")
def number_for_unused(loss: Tensor, params: Sequence[Tensor]) -> list[Any]:
    """You put the number 0 for a parameter that the loss does not use. The caller wants a tensor
    for each one, with the parameter's shape, dtype and device, as for the others."""
    found = torch.autograd.grad(loss, params, allow_unused=True)
    return [0 if g is None else g for g in found]


@mistake("zeros-without-dtype")
def zeros_without_dtype(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """You give an unused parameter zeros of its shape, but in torch's default dtype and on its
    default device. They should be those of the parameter, like every gradient: let the zeros be
    made like it."""
    found = torch.autograd.grad(loss, params, allow_unused=True)
    return [torch.zeros(p.shape) if g is None else g for p, g in zip(params, found, strict=True)]


@mistake("unused-left-out")
def unused_left_out(loss: Tensor, params: Sequence[Tensor]) -> list[Tensor]:
    """You leave out the parameters that the loss does not use. The list is then shorter than
    params, and the gradients behind the gap belong to the wrong parameters. Put zeros of the
    parameter's shape there."""
    return [g for g in torch.autograd.grad(loss, params, allow_unused=True) if g is not None]
