"""Mistakes of predicted_change."""

from __future__ import annotations

from typing import Any

from m07_gradients import predicted_change
from torch import Tensor

from autograder.course.marks import mistake


@mistake("product-of-lengths")
def product_of_lengths(grad: Tensor, delta: Tensor) -> float:
    """You multiplied the lengths of grad and delta. That is never negative, so no step would ever
    lower the loss; it holds only for a step straight along the gradient. Directions count: look for
    an operation that keeps the signs."""
    return float(grad.norm() * delta.norm())


@mistake("always-falls", asks="gd.16")
def always_falls(grad: Tensor, delta: Tensor) -> float:
    """You took minus the product of the two lengths: true only for a step straight downhill. Delta
    may have any direction, also uphill or at a right angle to the gradient, where the first-order
    change is 0. Look at every element's sign."""
    return -float(grad.norm() * delta.norm())


@mistake("mean-for-sum")
def mean_for_sum(grad: Tensor, delta: Tensor) -> float:
    """You averaged over the elements. When several weights move at once, their effects on the loss
    add up; your value is too small by a factor, the number of elements. Look at the last
    operation."""
    return (grad * delta).mean().item()


@mistake("delta-ignored")
def delta_ignored(grad: Tensor, delta: Tensor) -> float:
    """You never use delta: this is the change for one particular step, minus 1e-5 times the
    gradient, and it stays the same whatever the parameter really does. Look at which of the two
    arguments says how the parameter moves."""
    return -1e-5 * grad.square().sum().item()


@mistake("sign-flipped")
def sign_flipped(grad: Tensor, delta: Tensor) -> float:
    """Your sign is wrong: you predict a fall where the loss rises. The minus of gradient descent is
    already in delta, which is added to the parameter as it is. Look for one minus too many."""
    return -predicted_change(grad, delta)


@mistake("not-summed")
def not_summed(grad: Tensor, delta: Tensor) -> Any:
    """You returned one product per element. Each is the share of one weight; the change of the loss
    is a single number, to which all of them contribute. Look at what is left to do with the
    products."""
    return grad * delta


@mistake("tensor-returned")
def tensor_returned(grad: Tensor, delta: Tensor) -> Any:
    """You returned a tensor of one element; the task asks for a plain float. A tensor carries a
    dtype, a device and perhaps a graph, which the caller did not ask for. Take the number out at
    the end."""
    return (grad * delta).sum()


@mistake("summed-before-multiplying")
def summed_before_multiplying(grad: Tensor, delta: Tensor) -> float:
    """You added up grad and delta first and multiplied the two sums. Each slope belongs to the move
    of its own weight: multiply element by element, and add up afterwards."""
    return grad.sum().item() * delta.sum().item()


@mistake("signs-lost")
def signs_lost(grad: Tensor, delta: Tensor) -> float:
    """You added up the sizes of the products without their signs. A weight that moves downhill
    lowers the loss, and one that moves uphill raises it: let the signs stay."""
    return (grad * delta).abs().sum().item()
