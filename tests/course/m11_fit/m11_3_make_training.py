"""Other ways to do make_training."""

from __future__ import annotations

from collections import namedtuple

import m10_linear_module
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from autograder.course.marks import restated, right, wrong

_Training = namedtuple("Training", "model loss_fn opt")


class _Net(nn.Module):
    def __init__(self, n_in, n_out, g):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in, generator=g))
        self.bias = nn.Parameter(torch.randn(n_out, generator=g))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


@right()
def own_module_in_a_named_tuple(n_in, n_out, lr, seed):
    """Has a module of its own, drawn from a generator, in a named tuple."""
    net = _Net(n_in, n_out, torch.Generator().manual_seed(seed))
    return _Training(net, nn.MSELoss(), torch.optim.SGD(net.parameters(), lr))


@right()
def fork_rng_and_a_lambda(n_in, n_out, lr, seed):
    """Leaves the global generator as it was; the loss is a lambda."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = nn.Linear(n_in, n_out)
        nn.init.normal_(model.bias)
    opt = torch.optim.SGD([{"params": model.parameters()}], lr=lr, momentum=0.0)
    return (model, lambda p, t: ((p - t) ** 2).mean(), opt)


@right()
def own_linear_layer(n_in, n_out, lr, seed):
    """Takes the linear layer of m10."""
    torch.manual_seed(seed)
    m = m10_linear_module.Linear(n_in, n_out)
    return (
        m,
        torch.nn.MSELoss(reduction="mean"),
        torch.optim.SGD(list(m.parameters()), lr=lr, foreach=False),
    )


@right()
def drawn_from_a_generator(n_in, n_out, lr, seed):
    """Draws the start values again from a generator."""
    g = torch.Generator().manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    with torch.no_grad():
        for p in model.parameters():
            p.uniform_(-1, 1, generator=g)
    return (model, nn.functional.mse_loss, torch.optim.SGD(params=model.parameters(), lr=lr))


@right()
def drawn_with_numpy(n_in, n_out, lr, seed):
    """Draws the start values with NumPy."""
    rng = np.random.default_rng(seed)
    model = nn.Linear(n_in, n_out)
    with torch.no_grad():
        model.weight.copy_(torch.from_numpy(rng.standard_normal((n_out, n_in))))
        model.bias.copy_(torch.from_numpy(rng.standard_normal(n_out)))
    return (model, nn.MSELoss(), torch.optim.SGD([model.weight, model.bias], lr=lr))


@right()
def two_groups_of_a_subclass(n_in, n_out, lr, seed):
    """Gives a subclass of SGD the parameters in two groups."""
    torch.manual_seed(seed)

    class S(torch.optim.SGD):
        pass

    model = nn.Linear(n_in, n_out)
    model.weight.data.normal_()
    return (model, nn.MSELoss(), S([{"params": [model.weight]}, {"params": [model.bias]}], lr=lr))


@restated("bias-not-drawn", asks="wf.2")
def bias_starts_at_0(n_in, n_out, lr, seed):
    """Draws the weight alone, and starts the bias at 0."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    nn.init.zeros_(model.bias)
    return model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr)


@wrong()
def seed_0_skipped(n_in, n_out, lr, seed):
    """Takes seed 0 for no seed."""
    if seed:
        torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr))


@wrong()
def bias_learns_twice_as_fast(n_in, n_out, lr, seed):
    """Gives the bias twice the rate."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (
        model,
        nn.MSELoss(),
        torch.optim.SGD(
            [{"params": [model.weight]}, {"params": [model.bias], "lr": 2 * lr}], lr=lr
        ),
    )


@restated("weight-decay")
def a_little_weight_decay(n_in, n_out, lr, seed):
    """Adds a little weight decay."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr, weight_decay=1e-06))


@wrong()
def mean_over_rows_only(n_in, n_out, lr, seed):
    """Divides the loss by the number of rows, not of elements."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (
        model,
        lambda p, t: (p - t).square().sum() / len(p),
        torch.optim.SGD(model.parameters(), lr=lr),
    )


_MODELS = {}


@wrong()
def model_kept_for_next_time(n_in, n_out, lr, seed):
    """Returns the same, trained model for the same arguments."""
    if (n_in, n_out, seed) not in _MODELS:
        torch.manual_seed(seed)
        _MODELS[n_in, n_out, seed] = nn.Linear(n_in, n_out)
    model = _MODELS[n_in, n_out, seed]
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr))


@wrong(named="seed-ignored")
def last_two_digits_of_the_seed(n_in, n_out, lr, seed):
    """Uses two digits of the seed."""
    torch.manual_seed(seed % 100)
    model = nn.Linear(n_in, n_out)
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr))


@restated("momentum", asks="gd.41")
def a_little_momentum(n_in, n_out, lr, seed):
    """Adds a little momentum."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=lr, momentum=0.001))


@wrong()
def huber_with_a_wide_middle(n_in, n_out, lr, seed):
    """Takes a Huber loss that is quadratic up to 10."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    h = nn.HuberLoss(delta=10.0)
    return (model, lambda p, t: 2 * h(p, t), torch.optim.SGD(model.parameters(), lr=lr))


@wrong()
def rate_at_most_a_half(n_in, n_out, lr, seed):
    """Cuts large rates off."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return (model, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=min(lr, 0.5)))


@restated("another-instance")
def optimizer_of_a_copy(n_in, n_out, lr, seed):
    """The optimizer is built for one layer, and another one is returned."""

    def layer():
        torch.manual_seed(seed)
        return nn.Linear(n_in, n_out)

    trained = layer()
    opt = torch.optim.SGD(trained.parameters(), lr)
    torch.manual_seed(seed + 1)
    return nn.Linear(n_in, n_out), F.mse_loss, opt


@restated("detached-copies")
def cloned_parameters(n_in, n_out, lr, seed):
    """The optimizer gets clones that are leaves of their own."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    clones = [p.detach().clone().requires_grad_() for p in model.parameters()]
    return model, F.mse_loss, torch.optim.SGD(clones, lr)


@restated("non-leaf")
def transposed_parameters(n_in, n_out, lr, seed):
    """The optimizer gets the transposed weight."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return model, F.mse_loss, torch.optim.SGD([model.weight.t(), model.bias], lr)


@restated("seeded-too-late")
def never_seeded(n_in, n_out, lr, seed):
    """The seed is given to a generator that nobody uses."""
    torch.Generator().manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return model, F.mse_loss, torch.optim.SGD(model.parameters(), lr)


@restated("loss-class")
def parentheses_forgotten(n_in, n_out, lr, seed):
    """The loss is a class, kept in a variable."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    criterion = torch.nn.modules.loss.MSELoss
    return model, criterion, torch.optim.SGD(params=model.parameters(), lr=lr)


@restated("sum-loss")
def squares_added_up(n_in, n_out, lr, seed):
    """The loss adds the squared errors up by hand."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    return model, lambda p, t: ((p - t) ** 2).sum(), torch.optim.SGD(model.parameters(), lr)


# Mutants of the reference that nothing can catch, and why.
EXCUSED = {
    "torch.manual_seed(seed) -> it twice": "the second seed is the same",
}


@wrong(named="double")
def weight_alone_in_float64(n_in, n_out, lr, seed):
    """Gives the optimizer the weight alone, and makes the model float64."""
    torch.manual_seed(seed)
    model = nn.Linear(n_in, n_out).double()
    return (model, nn.MSELoss(), torch.optim.SGD([model.weight], lr=lr))
