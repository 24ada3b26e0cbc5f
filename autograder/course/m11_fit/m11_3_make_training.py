"""Mistakes of make_training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import m11_fit
import torch
from torch import Tensor, nn

from autograder.course.marks import mistake

Loss = Callable[[Tensor, Tensor], Tensor]


Training = tuple[nn.Module, Loss, torch.optim.SGD]


@mistake("another-instance", asks="gd.43")
def another_instance(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your optimizer holds the parameters of another model than the one you return, one that was
    created only for it. backward fills the gradients of the first, step moves the second: the loss
    never changes. Create one model and use it twice."""
    torch.manual_seed(seed)
    model, loss_fn = nn.Linear(n_in, n_out), nn.MSELoss()
    return model, loss_fn, torch.optim.SGD(nn.Linear(n_in, n_out).parameters(), lr=lr)


@mistake("detached-copies", asks="gd.42")
def detached_copies(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your optimizer holds copies of the model's parameters, or views cut from the graph. Their
    gradients stay None, so every step skips them without an error and the loss stays constant. Hand
    over the parameters themselves."""
    model, loss_fn, _ = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, loss_fn, torch.optim.SGD([p.detach() for p in model.parameters()], lr=lr)


@mistake("non-leaf")
def non_leaf(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """You compute with the parameters before you hand them to the optimizer. The result of a
    computation is no leaf, gets no gradient of its own, and torch refuses to optimise it. Pass the
    parameters as the model holds them."""
    model, loss_fn, _ = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, loss_fn, torch.optim.SGD([p * 1 for p in model.parameters()], lr=lr)


@mistake("seeded-too-late")
def seeded_too_late(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your weights do not follow from the seed: two calls with the same one differ. Weights are
    drawn at the moment the layer is created, so a seed that is set after that line, or never, has
    no effect on them."""
    model = nn.Linear(n_in, n_out)
    torch.manual_seed(seed)
    return model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr)


@mistake("loss-class")
def loss_class(n_in: int, n_out: int, lr: float, seed: int) -> tuple[Any, Any, Any]:
    """You return the class nn.MSELoss, not an object of it. Calling the class with predictions and
    targets takes them for its settings and fails with a strange message about the boolean value of
    a tensor. Parentheses are missing."""
    model, _, opt = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, nn.MSELoss, opt


@mistake("sum-loss", asks="gd.39")
def sum_loss(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your loss is the sum of the squared errors. It is larger than the mean by the number of
    elements, and so are the steps: the learning rate then depends on how many rows there are."""
    model, _, opt = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, nn.MSELoss(reduction="sum"), opt
