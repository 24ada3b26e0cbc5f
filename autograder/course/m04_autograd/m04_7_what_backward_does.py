"""Mistakes of what_backward_does."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from m04_autograd import what_backward_does
from torch import Tensor

from autograder.course.marks import mistake


@mistake("one-gradient-for-all", asks="wf.6")
def one_gradient_for_all(x: Tensor, steps: Any) -> dict[str, Any]:
    """All entries of your list of gradients show the last one. You put the same tensor there each
    time, and backward() adds to it in place, so earlier entries change with it. To keep a number of
    this moment, copy it."""
    report = what_backward_does(x, steps)
    return report | {"grads": report["grads"][-1:] * len(report["grads"])}


@mistake("one-gradient-for-all-and-nothing-added")
def one_gradient_and_nothing_added(x: Tensor, steps: Any) -> dict[str, Any]:
    """Your list holds the same tensor again and again: backward() adds to .grad in place, so all
    entries show the last sum, and the difference of two entries is zero. Copy the gradient after
    each call, before the next one changes it."""
    report = what_backward_does(x, steps)
    last = report["grads"][-1:]
    zeros = [torch.zeros_like(grad) for grad in report["grads"][1:]]
    return report | {"grads": last * len(report["grads"]), "added": last + zeros}


@mistake("gradient-cleared", asks="gd.14")
def gradient_cleared(x: Tensor, steps: Any) -> dict[str, Any]:
    """You report after each call only what that call computed, as if the gradient had been empty.
    backward() adds to what is in .grad, and this task clears nothing: after two calls it holds the
    sum of both. Look at what happens between two calls."""
    report = what_backward_does(x, steps)
    return report | {"grads": report["added"]}


@mistake("sum-for-what-was-added")
def sum_for_what_was_added(x: Tensor, steps: Any) -> dict[str, Any]:
    """You report the sum of all calls as what a call has added. That is right for the first call
    alone; later the earlier ones are in it, too. Look at how you get from two neighbouring
    gradients to what lies between them."""
    report = what_backward_does(x, steps)
    return report | {"added": report["grads"]}


@mistake("leaf-moved")
def leaf_moved(x: Tensor, steps: Any) -> dict[str, Any]:
    """You move the leaf after a call, as a training loop does. backward() itself moves nothing: it
    stores gradients, and an update is a step of its own, which this task does not ask for. Look at
    what follows backward()."""
    values = x.detach().clone()
    grad = torch.zeros_like(values)
    report: dict[str, Any] = {"before": None, "grads": [], "added": [], "intermediates": []}
    for step in steps:
        one = what_backward_does(values, [step])
        grad = grad + one["grads"][0]
        report["grads"].append(grad)
        report["added"] += one["added"]
        report["intermediates"].append(None)
        values = values - 0.1 * grad
    return report | {"values": values}


@mistake("intermediates-filled", asks="m2.3b")
def intermediates_filled(x: Tensor, steps: Any) -> dict[str, Any]:
    """Your intermediate results have a gradient. backward() stores one in leaves only; h keeps its
    own where it was asked to, by retain_grad(), and that is a setting of h which this task leaves
    alone. Look at what you do with h before the call."""
    intermediates = []
    for step in steps:
        h = step(x.detach().clone().requires_grad_()).detach()
        intermediates.append(2 * h / h.numel())
    return what_backward_does(x, steps) | {"intermediates": intermediates}


@mistake("callers-tensor-flagged", asks="tb.21")
def callers_tensor_flagged(x: Tensor, steps: Any) -> dict[str, Any]:
    """You flag the caller's own x and let backward() store its gradient there. requires_grad_()
    sets the flag of the tensor that is there, for all who hold it. The leaf of this experiment
    should be one of your own, with the same numbers."""
    x.requires_grad_()
    before = None if x.grad is None else x.grad.clone()
    report = what_backward_does(x, steps)
    grads = [g if before is None else before + g for g in report["grads"]]
    if grads:
        x.grad = grads[-1].clone()
    first = [*grads[:1]] if before is not None else report["added"][:1]
    return report | {"before": before, "grads": grads, "added": first + report["added"][1:]}


@mistake("sum-of-squares")
def sum_of_squares(x: Tensor, steps: Any) -> dict[str, Any]:
    """Your gradients are those of the sum of squares. The loss asked for is their mean, which
    divides each gradient by the number of terms, too. Look at the loss on which you call
    backward()."""
    return _other_loss(x, steps, lambda h: h.numel() ** 0.5)


@mistake("zeros-before")
def zeros_before(x: Tensor, steps: Any) -> dict[str, Any]:
    """You report a gradient of zeros before the first call. A new leaf has none at all: .grad is
    None until the first backward() makes it. Look at what the attribute says when you have just
    made the leaf."""
    return what_backward_does(x, steps) | {"before": torch.zeros_like(x)}


@mistake("zeros-for-intermediates")
def zeros_for_intermediates(x: Tensor, steps: Any) -> dict[str, Any]:
    """You report zeros as the gradients of the intermediate results. They have none: backward()
    computes one on its way and lets it go, so .grad is None. Report what the attribute of h
    says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        zeros = [torch.zeros_like(step(x.detach())) for step in steps]
    return what_backward_does(x, steps) | {"intermediates": zeros}


@mistake("results-for-intermediates")
def results_for_intermediates(x: Tensor, steps: Any) -> dict[str, Any]:
    """You report the intermediate results themselves. The question was what their .grad holds right
    after the call: whether backward() leaves anything there. Look at what you append for each
    h."""
    report = what_backward_does(x, steps)
    return report | {"intermediates": [step(x.detach()) for step in steps]}


@mistake("last-gradient-only")
def last_gradient_only(x: Tensor, steps: Any) -> dict[str, Any]:
    """You report the gradient after the last call alone. The task asks for one after every call, in
    a list: only then can be seen that each call adds to what the one before has left. Look at where
    you read the gradient."""
    report = what_backward_does(x, steps)
    return report | {"grads": report["grads"][-1] if report["grads"] else None}


def _other_loss(x: Tensor, steps: Any, weight: Any) -> dict[str, Any]:
    """Report on losses that are another multiple of the mean square."""
    return what_backward_does(x, [_scaled(step, weight) for step in steps])


def _scaled(step: Any, weight: Any) -> Any:
    def scaled(t: Tensor) -> Any:
        h = step(t)
        return h * weight(h)

    return scaled
