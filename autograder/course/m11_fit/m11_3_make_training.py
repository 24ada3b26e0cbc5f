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


@mistake("wrapped-model")
def wrapped_model(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your layer stands inside another module, so the parameters have a longer name, with the
    part's name before the dot. The task asks for a model whose own parameters are called weight and
    bias. A single layer is a module already."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(n_in, n_out))
    return model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr)


@mistake("adam")
def adam(n_in: int, n_out: int, lr: float, seed: int) -> tuple[Any, Any, Any]:
    """Your optimizer is Adam. It divides each step by the recent size of the gradients, so the
    learning rate means something else there. The task asks for plain gradient descent: look which
    class of torch.optim does that."""
    model, loss_fn, _ = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, loss_fn, torch.optim.Adam(model.parameters(), lr=lr)


@mistake("momentum")
def momentum(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your optimizer has momentum: each step also carries a part of the steps before it. The task
    asks for plain gradient descent, whose step is the learning rate times the gradient. Leave the
    extra setting out."""
    model, loss_fn, _ = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, loss_fn, torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)


@mistake("weight-decay")
def weight_decay(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your optimizer has weight decay: each step also pulls the parameters towards 0. The task asks
    for plain gradient descent, whose step is the learning rate times the gradient. Leave the extra
    setting out."""
    model, loss_fn, _ = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, loss_fn, torch.optim.SGD(model.parameters(), lr=lr, weight_decay=0.1)


@mistake("rate-of-its-own")
def rate_of_its_own(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your optimizer does not have the learning rate that the caller asked for: it is a fixed
    number, or torch's default. Nobody can then choose another one. Hand on the rate that you were
    given."""
    model, loss_fn, _ = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, loss_fn, torch.optim.SGD(model.parameters(), lr=0.01)


@mistake("absolute-error")
def absolute_error(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your loss is the mean absolute error, whose gradient has the same size for small and large
    errors. The task asks for the mean of the squares. Look at the name of the loss."""
    model, _, opt = m11_fit.make_training(n_in, n_out, lr, seed)
    return model, nn.L1Loss(), opt


@mistake("double")
def double(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your model has float64 parameters. The task asks for float32, torch's default, and data of
    float32 cannot be multiplied with them. Leave the dtype as the layer makes it."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out).double()
    return model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr)


@mistake("sizes-swapped")
def sizes_swapped(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """You give the two sizes to the layer in the wrong order: it takes rows of n_out numbers and
    gives n_in predictions. nn.Linear takes the number of inputs first."""
    return m11_fit.make_training(n_out, n_in, lr, seed)


@mistake("seed-ignored")
def seed_ignored(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your model starts with the same numbers for two different seeds. Mostly a fixed number is set
    as the seed, in place of the one you were given; or nothing is drawn at all. Another seed has to
    give another weight and another bias."""
    return m11_fit.make_training(n_in, n_out, lr, 42)


@mistake("bias-not-drawn")
def bias_not_drawn(n_in: int, n_out: int, lr: float, seed: int) -> Training:
    """Your bias starts with the same numbers for two different seeds, mostly with zeros, while the
    weight differs. The task asks that both are drawn at random, as the layer does by itself."""
    model, loss_fn, opt = m11_fit.make_training(n_in, n_out, lr, seed)
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(p.dim() > 1)
    return model, loss_fn, opt
