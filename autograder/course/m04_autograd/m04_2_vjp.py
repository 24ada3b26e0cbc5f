"""Mistakes of vjp, jvp and jacobian."""

from __future__ import annotations

from typing import Any

import torch
from m04_autograd import jacobian, jvp, vjp
from torch import Tensor

from autograder.course.marks import mistake


@mistake("vjp-from-the-right", replaces="vjp", asks="tb.17")
def vjp_from_the_right(f: Any, x: Tensor, v: Tensor) -> Tensor:
    """You multiply the Jacobian by v from the right. v has one number for each output, so it weighs
    the rows, and the product has one number for each input. From the right it fits only a square
    matrix, and gives other numbers there."""
    return jacobian(f, x) @ v


@mistake("no-vector", replaces="vjp", asks="lr.46")
def no_vector(f: Any, x: Tensor, v: Tensor) -> Tensor:
    """You start the backward pass without v. torch can begin by itself only at a single number;
    with several outputs it has to be told how much each of them counts. Look for the argument that
    takes these weights."""
    own = x.detach().requires_grad_()
    return torch.autograd.grad(f(own), own)[0]


@mistake("outputs-added", replaces="vjp")
def outputs_added(f: Any, x: Tensor, v: Tensor) -> Tensor:
    """You differentiate the plain sum of the outputs, as if v were all ones. Each output counts as
    much as its number in v says. Look at where v goes in."""
    return vjp(f, x, torch.ones_like(v))


@mistake("vjp-in-a-tuple", replaces="vjp")
def vjp_in_a_tuple(f: Any, x: Tensor, v: Tensor) -> Any:
    """Your vjp returns a tuple that holds the product. torch.autograd.grad can be asked for several
    tensors at a time and answers with a tuple, also where one was asked for. Take its only
    element."""
    return (vjp(f, x, v),)


@mistake("x-flagged", replaces="vjp")
def x_flagged(f: Any, x: Tensor, v: Tensor) -> Tensor:
    """Your vjp flags the caller's own x, which keeps the flag: from then on all that is computed
    with it is recorded. Flag a tensor of your own that has the same numbers."""
    return torch.autograd.grad(f(x.requires_grad_()), x, v)[0]


@mistake("vjp-by-backward-on-x", replaces="vjp")
def vjp_by_backward_on_x(f: Any, x: Tensor, v: Tensor) -> Any:
    """Your vjp flags the caller's x, calls backward() and answers with x.grad. backward() adds to
    what the caller had there, and your answer then holds both. Work on a tensor of your own."""
    f(x.requires_grad_()).backward(v)
    return None if x.grad is None else x.grad.clone()


@mistake("jvp-by-vjp", replaces="jvp", asks="tb.17")
def jvp_by_vjp(f: Any, x: Tensor, t: Tensor) -> Tensor:
    """Your jvp hands t to a backward pass. That multiplies from the left, with a number for each
    output, while t has one for each input: it fits only a square Jacobian, and then gives t J, not
    J t. Forward mode goes the other way."""
    return vjp(f, x, t)


@mistake("jvp-with-the-value", replaces="jvp")
def jvp_with_the_value(f: Any, x: Tensor, t: Tensor) -> Any:
    """Your jvp returns a pair, the value of f and the product. That is what torch.func.jvp answers;
    the task asks for the product alone. Take the second one."""
    return f(x.detach()), jvp(f, x, t)


@mistake("gradient-times-t", replaces="jvp")
def gradient_times_t(f: Any, x: Tensor, t: Tensor) -> Tensor:
    """Your jvp multiplies the gradient of the sum of all outputs by t, number by number. The result
    has one number for each input; the product J t has one for each output, a sum over the
    inputs."""
    return vjp(f, x, torch.ones_like(f(x.detach()))) * t


@mistake("jvp-added-up", replaces="jvp")
def jvp_added_up(f: Any, x: Tensor, t: Tensor) -> Tensor:
    """Your jvp is one number, the rate of change of the sum of all outputs. Each output has a rate
    of its own, and J t holds them all. Look at where the outputs are added."""
    return jvp(f, x, t).sum()


@mistake("jacobian-transposed", replaces="jacobian")
def jacobian_transposed(f: Any, x: Tensor) -> Tensor:
    """Your Jacobian is transposed, [N, M]. It should have a row for each output and a column for
    each input, so that J t is a matrix times a vector. Look at the axis along which you stack."""
    return jacobian(f, x).T


@mistake("rows-added", replaces="jacobian")
def rows_added(f: Any, x: Tensor) -> Tensor:
    """Your jacobian has only one number for each input: the derivatives of all outputs are added
    up. The matrix keeps them apart, one row for each output, which takes a pass for each."""
    return jacobian(f, x).sum(0)


@mistake("rows-not-stacked", replaces="jacobian")
def rows_not_stacked(f: Any, x: Tensor) -> Any:
    """Your jacobian is a list of rows. The numbers are there, but the task asks for one tensor
    [M, N], with which can be computed. Join the rows along a new first axis."""
    return list(jacobian(f, x))


@mistake("jacobian-with-a-graph", replaces="jacobian")
def jacobian_with_a_graph(f: Any, x: Tensor) -> Any:
    """Your Jacobian requires a gradient where x does, and has a graph behind it. The task wants
    plain numbers. Look at what goes into the function that differentiates: x itself, or its numbers
    without the flag."""
    return torch.func.jacrev(f)(x)
