"""Mistakes of grad_of."""

from __future__ import annotations

from typing import Any

import torch
from m04_autograd import grad_of
from torch import Tensor

from autograder.course.marks import mistake


@mistake("integers-kept", asks="tb.9")
def integers_kept(f: Any, x: Tensor) -> Any:
    """You ask for a gradient at integers. Between two integers lies nothing, so there is no slope,
    and torch refuses the flag. What f needs are the same numbers as floats: look at the dtype of
    the tensor that you flag."""
    own = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(own), own)[0]


@mistake("callers-flag-set", asks="m2.5a")
def callers_flag_set(f: Any, x: Tensor) -> Any:
    """You flag the caller's own tensor, and it keeps the flag. From then on all that the caller
    computes with it is recorded, which nobody asked for. Flag a tensor of your own that has the
    same numbers."""
    own = x.requires_grad_() if x.is_floating_point() else x.float().requires_grad_()
    return torch.autograd.grad(f(own), own)[0]


@mistake("backward-on-the-callers", asks="m2.3b")
def backward_on_the_callers(f: Any, x: Tensor) -> Any:
    """You flag the caller's own tensor, call backward() and return its .grad. That is a place where
    backward() only adds: your second answer holds the first one, too, and so does what the caller
    had stored there. Work on a tensor of your own."""
    own = x if x.is_floating_point() else x.float()
    own.requires_grad_()
    if not own.is_leaf:
        own.retain_grad()
    f(own).backward()
    return own.grad.clone()


@mistake("not-flagged", asks="lr.9")
def not_flagged(f: Any, x: Tensor) -> Any:
    """No tensor that goes into f requires a gradient in your code, so nothing is recorded and there
    is nothing to go back through. An unflagged tensor is data for autograd. Look at the flag of the
    tensor you hand to f."""
    own = x.detach() if x.is_floating_point() else x.float()
    return torch.autograd.grad(f(own), own)[0]


@mistake("float32-for-all")
def float32_for_all(f: Any, x: Tensor) -> Any:
    """You convert every x to float32. Integers need that, but of float64 numbers half the digits
    are lost, and the gradient comes back in another dtype than x. Convert only what holds no
    floats."""
    return grad_of(f, x.detach().float())


@mistake("float64-for-integers")
def float64_for_integers(f: Any, x: Tensor) -> Any:
    """You convert integers to float64. The task asks for float32, which torch computes in by
    default, and what f multiplies your numbers with may be float32, too. Look at the dtype that you
    name."""
    return grad_of(f, x.detach() if x.is_floating_point() else x.double())


@mistake("tuple-returned")
def tuple_returned(f: Any, x: Tensor) -> Any:
    """You return a tuple that holds the gradient. torch.autograd.grad can be asked for several
    tensors at a time and answers with a tuple, also where one was asked for. Take its only
    element."""
    return (grad_of(f, x),)


@mistake("graph-behind-it")
def graph_behind_it(f: Any, x: Tensor) -> Any:
    """Your gradient requires a gradient itself. A graph hangs behind it then, for second
    derivatives, and its memory lives as long as the caller keeps the numbers. Look for
    create_graph, or for a function that differentiates with respect to a flagged x."""
    own = (x.detach() if x.is_floating_point() else x.float()).requires_grad_()
    return torch.autograd.grad(f(own), own, create_graph=True)[0]


@mistake("callers-flag-cleared")
def callers_flag_cleared(f: Any, x: Tensor) -> Any:
    """You flag the caller's own tensor and clear its flag at the end, also where the caller had set
    it: that tensor is no longer trained. Leave the flag of x alone and work on a tensor of your
    own."""
    if not x.is_floating_point():
        return grad_of(f, x)
    own = x.detach() if not x.is_leaf else x.requires_grad_()
    (gradient,) = torch.autograd.grad(f(own.requires_grad_()), own)
    own.requires_grad_(False)
    return gradient


@mistake("callers-gradient-cleared")
def callers_gradient_cleared(f: Any, x: Tensor) -> Any:
    """You use the .grad of the caller's own tensor as your place to work, and leave it empty, or
    with your numbers. What the caller had collected there is lost. Work on a tensor of your own,
    with a .grad of its own."""
    if x.is_leaf:
        x.grad = None
    return grad_of(f, x)


@mistake("history-kept")
def history_kept(f: Any, x: Tensor) -> Any:
    """Your copy of x is still tied to it: where x requires a gradient, a clone or a conversion is
    recorded. Then backward() runs on into the caller's tensors and adds to their .grad. Look at how
    you make a copy without history."""
    own = x.clone() if x.is_floating_point() else x.float()
    own.requires_grad_().retain_grad()
    f(own).backward()
    return own.grad


@mistake("value-returned")
def value_returned(f: Any, x: Tensor) -> Any:
    """You return the value of f, one number. The gradient has as many numbers as x: each says how
    much that value grows where this number of x grows a little. Look at what you return."""
    return f(x.detach() if x.is_floating_point() else x.float()).detach()
