"""Mistakes of sgd_step_."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from autograder.course.marks import mistake


@mistake("name-rebound", asks="m2.3a")
def name_rebound(params: Iterable[Tensor], lr: float) -> None:
    """The caller's parameters never move, without any error. Most often the step is written
    `p = p - ...`: that computes a new tensor and calls it p inside your function, while the
    caller's parameter is another object. Look for a way to change the tensor that p names."""
    for p in params:
        if p.grad is not None:
            p = p - lr * p.grad


@mistake("step-recorded", asks="gd.23 lr.8")
def step_recorded(params: Iterable[Tensor], lr: float) -> None:
    """You change a leaf in place while autograd is recording, and PyTorch refuses: after a recorded
    change it would be the result of a computation and no leaf any more. The step is no part of the
    loss. Look at how a few lines can be kept from being recorded."""
    for p in params:
        if p.grad is not None:
            p -= lr * p.grad


@mistake("through-data", asks="tb.12")
def through_data(params: Iterable[Tensor], lr: float) -> None:
    """You change the numbers through .data, where autograd cannot notice it. A graph that still
    needs the old values then goes backward without an error and gives wrong gradients. Update the
    parameter itself, and keep autograd from recording it."""
    for p in params:
        if p.grad is not None:
            p.data -= lr * p.grad


@mistake("uphill", asks="gd.19")
def uphill(params: Iterable[Tensor], lr: float) -> None:
    """You add the gradient. It points to where the loss grows fastest, so each of your steps climbs
    and the loss rises. Descending means going the other way: look at the sign of your step."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p += lr * p.grad


@mistake("new-tensors-returned", asks="tb.10")
def new_tensors_returned(params: Iterable[Tensor], lr: float) -> list[Tensor]:
    """You return something, but the caller's parameters stay as they were. A model keeps using its
    own tensors, so new ones that you compute and return change nothing for it. Write the new
    numbers into the tensors that you were given."""
    with torch.no_grad():
        return [p if p.grad is None else p - lr * p.grad for p in params]


@mistake("missing-gradient-crashes")
def missing_gradient_crashes(params: Iterable[Tensor], lr: float) -> None:
    """A parameter that took no part in the loss has None in .grad, and your step uses that like a
    tensor, which is an error. Such a parameter is to be passed over: look at what .grad can
    hold."""
    with torch.no_grad():
        for p in params:
            p -= lr * p.grad


@mistake("gradients-cleared")
def gradients_cleared(params: Iterable[Tensor], lr: float) -> None:
    """You also clear the gradients. The loop needs that, but as a step of its own: anybody who
    prints or logs a gradient after the step finds zeros here. This function only reads .grad and
    leaves it as it is."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad
                p.grad.zero_()


@mistake("gradients-scaled")
def gradients_scaled(params: Iterable[Tensor], lr: float) -> None:
    """You multiply the learning rate into the gradients themselves. Afterwards they are no longer
    what backward has stored, and whoever reads them is misled. This function only reads .grad: let
    the product be a tensor of its own."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p.grad *= lr
                p -= p.grad


@mistake("gradients-set-to-none")
def gradients_set_to_none(params: Iterable[Tensor], lr: float) -> None:
    """You also drop the gradients: .grad is None after your step. The loop may do that, but as a
    step of its own: anybody who prints or logs a gradient after the step finds none here. This
    function only reads .grad and leaves it as it is."""
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad
                p.grad = None


@mistake("ends-at-missing")
def step_ends_at_missing(params: Iterable[Tensor], lr: float) -> None:
    """Your loop ends at the first parameter without a gradient, and those after it are not moved.
    Only that one is to be passed over: look at what break, return and continue do in a loop."""
    with torch.no_grad():
        for p in params:
            if p.grad is None:
                return
            p -= lr * p.grad
