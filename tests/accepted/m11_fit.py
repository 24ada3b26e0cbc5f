"""Right but unusual ways to do m11: training with modules, loss functions and optimizers."""

from __future__ import annotations

import copy
from collections import namedtuple
from contextlib import contextmanager

import m10_linear_module
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from tests.variants import right


@right("functional_twin")
def from_a_table(m):
    """Looks the type up in a table of functions."""

    def _mse(input, target):
        return F.mse_loss(input, target, reduction=m.reduction)

    table = {
        nn.MSELoss: _mse,
        nn.L1Loss: lambda i, t: F.l1_loss(i, t, reduction=m.reduction),
        nn.HuberLoss: lambda i, t: F.huber_loss(i, t, m.reduction, m.delta),
        nn.ReLU: F.relu,
        nn.Linear: lambda i: torch.matmul(i, m.weight.T) + (0 if m.bias is None else m.bias),
    }
    try:
        return table[type(m)]
    except KeyError:
        raise TypeError(type(m)) from None


@right("functional_twin")
def by_pattern_matching(m):
    """Matches the module against patterns, and clamps instead of F.relu."""
    match m:
        case nn.MSELoss() | nn.L1Loss() | nn.HuberLoss():
            fn = {"MSELoss": F.mse_loss, "L1Loss": F.l1_loss, "HuberLoss": F.huber_loss}[
                type(m).__name__
            ]
            kw = {"delta": m.delta} if isinstance(m, nn.HuberLoss) else {}
            return lambda *a: fn(*a, reduction=m.reduction, **kw)
        case nn.ReLU():
            return lambda x: x.clamp(min=0)
        case nn.Linear(weight=w, bias=b):
            return lambda x: F.linear(x, w, b)
    raise TypeError("unknown")


class _Twin:
    def __init__(self, fn, m, names):
        self.fn, self.m, self.names = (fn, m, names)

    def __call__(self, *args):
        return self.fn(*args, **{k: getattr(self.m, k) for k in self.names})


@right("functional_twin")
def as_a_callable_object(m):
    """Returns an object that reads the module's attributes at each call."""
    for cls, fn, names in [
        (nn.MSELoss, F.mse_loss, ["reduction"]),
        (nn.L1Loss, F.l1_loss, ["reduction"]),
        (nn.HuberLoss, F.huber_loss, ["reduction", "delta"]),
        (nn.ReLU, F.relu, []),
        (nn.Linear, F.linear, ["weight", "bias"]),
    ]:
        if isinstance(m, cls):
            return _Twin(fn, m, names)
    raise TypeError(f"{m!r}")


@right("SGD")
class InGroupsWithForeach:
    """Keeps parameter groups and steps with one operation over all tensors."""

    def __init__(self, params, lr):
        self.param_groups = [{"params": [*params], "lr": lr}]
        if len(self.param_groups[0]["params"]) == 0:
            raise ValueError("empty")

    def step(self):
        for group in self.param_groups:
            live = [p for p in group["params"] if p.grad is not None]
            with torch.no_grad():
                if live:
                    torch._foreach_add_(live, [p.grad for p in live], alpha=-group["lr"])

    def zero_grad(self, set_to_none=False):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.grad.zero_()


@right("SGD")
class ThroughData:
    """Works on .data, and zeroes detached gradients."""

    def __init__(self, params, lr):
        self.params, self.lr = (tuple(params), lr)
        if not self.params:
            raise ValueError("no parameters")

    def step(self):
        for p in self.params:
            if p.grad is not None:
                p.data -= self.lr * p.grad.data

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.detach_().zero_()


@right("SGD")
class CopiedBack:
    """Computes the new value apart and copies it into the parameter."""

    def __init__(self, params, lr):
        self.params = list(params)
        if len(self.params) == 0:
            raise ValueError("optimizer got an empty parameter list")
        self.lr = lr

    def step(self):
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None:
                    p.copy_(p - self.lr * p.grad)

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad = torch.zeros_like(p)


@right("SGD")
class DataReplaced:
    """Puts a new tensor into .data."""

    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr
        if not self.params:
            raise ValueError("empty")

    def step(self):
        for p in self.params:
            if p.grad is not None:
                p.data = p.data - self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            p.grad = None


@right("SGD")
class FilteredGradients:
    """Filters the parameters that have a gradient, and puts new zeros."""

    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr
        if not self.params:
            raise ValueError("empty")

    def step(self):
        for p in filter(lambda q: q.grad is not None, self.params):
            with torch.no_grad():
                p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad = torch.zeros_like(p.grad)


@right("SGD")
class ThroughDetach:
    """Adds to a detached view of the parameter."""

    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr
        if not self.params:
            raise ValueError("empty")

    def step(self):
        for p in self.params:
            if p.grad is not None:
                p.detach().add_(p.grad, alpha=-self.lr)

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.detach_()
                p.grad.mul_(0)


_Training = namedtuple("Training", "model loss_fn opt")


class _Net(nn.Module):
    def __init__(self, n_in, n_out, g):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in, generator=g))
        self.bias = nn.Parameter(torch.randn(n_out, generator=g))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


@right("make_training")
def own_module_in_a_named_tuple(n_in, n_out, lr, seed):
    """Has a module of its own, drawn from a generator, in a named tuple."""
    net = _Net(n_in, n_out, torch.Generator().manual_seed(seed))
    return _Training(net, nn.MSELoss(), torch.optim.SGD(net.parameters(), lr))


@right("make_training")
def fork_rng_and_a_lambda(n_in, n_out, lr, seed):
    """Leaves the global generator as it was; the loss is a lambda."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = nn.Linear(n_in, n_out)
        nn.init.zeros_(model.bias)
    opt = torch.optim.SGD([{"params": model.parameters()}], lr=lr, momentum=0.0)
    return (model, lambda p, t: ((p - t) ** 2).mean(), opt)


@right("make_training")
def own_linear_layer(n_in, n_out, lr, seed):
    """Takes the linear layer of m10."""
    torch.manual_seed(seed)
    m = m10_linear_module.Linear(n_in, n_out)
    return (
        m,
        torch.nn.MSELoss(reduction="mean"),
        torch.optim.SGD(list(m.parameters()), lr=lr, foreach=False),
    )


@right("make_training")
def drawn_from_a_generator(n_in, n_out, lr, seed):
    """Draws the start values again from a generator."""
    g = torch.Generator().manual_seed(seed)
    model = nn.Linear(n_in, n_out)
    with torch.no_grad():
        for p in model.parameters():
            p.uniform_(-1, 1, generator=g)
    return (model, nn.functional.mse_loss, torch.optim.SGD(params=model.parameters(), lr=lr))


@right("make_training")
def drawn_with_numpy(n_in, n_out, lr, seed):
    """Draws the start values with NumPy."""
    rng = np.random.default_rng(seed)
    model = nn.Linear(n_in, n_out)
    with torch.no_grad():
        model.weight.copy_(torch.from_numpy(rng.standard_normal((n_out, n_in))))
        model.bias.copy_(torch.from_numpy(rng.standard_normal(n_out)))
    return (model, nn.MSELoss(), torch.optim.SGD([model.weight, model.bias], lr=lr))


@right("make_training")
def two_groups_of_a_subclass(n_in, n_out, lr, seed):
    """Gives a subclass of SGD the parameters in two groups."""
    torch.manual_seed(seed)

    class S(torch.optim.SGD):
        pass

    model = nn.Linear(n_in, n_out)
    model.weight.data.normal_()
    return (model, nn.MSELoss(), S([{"params": [model.weight]}, {"params": [model.bias]}], lr=lr))


@right("fit")
def gradients_by_autograd_grad(epochs, model, loss_fn, opt, loader):
    """Asks for the gradients and puts them into .grad."""
    model.train()
    params = list(model.parameters())
    hist = []
    for _ in range(epochs):
        s = n = 0
        for xb, yb in loader:
            xb = xb.to(params[0].device)
            yb = yb.to(params[0].device)
            loss = loss_fn(model(xb), yb)
            for p, g in zip(params, torch.autograd.grad(loss, params)):
                p.grad = g
            opt.step()
            s += float(loss) * yb.size(0)
            n += yb.size(0)
        hist.append(s / n)
    model.zero_grad()
    return hist


@right("fit")
def a_loss_per_row(epochs, model, loss_fn, opt, loader):
    """Averages a list with the loss of each row."""
    device = next(model.parameters()).device
    history = []
    for epoch in range(epochs):
        rows = []
        for xb, yb in loader:
            xb, yb = (xb.to(device), yb.to(device))
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            rows += [loss.item()] * len(xb)
        history.append(np.mean(rows))
    return history


@right("fit")
def with_a_closure(epochs, model, loss_fn, opt, loader):
    """Lets the optimizer call a closure."""
    device = next(model.parameters()).device
    history = []
    for epoch in range(epochs):
        total = n = 0
        for xb, yb in loader:
            xb, yb = (xb.to(device), yb.to(device))

            def closure():
                opt.zero_grad()
                loss = loss_fn(model(xb), yb)
                loss.backward()
                return loss

            loss = opt.step(closure)
            total += loss.item() * len(xb)
            n += len(xb)
        history.append(total / n)
    return history


@right("fit")
def cleared_before_and_after(epochs, model, loss_fn, opt, loader):
    """Clears before the epoch, and with zeros after each step."""
    device = next(model.parameters()).device
    history = []
    for epoch in range(epochs):
        total = n = 0
        opt.zero_grad()
        for xb, yb in loader:
            xb, yb = (xb.to(device), yb.to(device))
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad(set_to_none=False)
            total += loss.item() * len(xb)
            n += len(xb)
        history.append(total / n)
    return history


@right("fit")
def running_mean(epochs, model, loss_fn, opt, loader):
    """Keeps a running mean."""
    device = next(model.parameters()).device
    history = []
    for epoch in range(epochs):
        mean = n = 0.0
        for xb, yb in loader:
            xb, yb = (xb.to(device), yb.to(device))
            loss = loss_fn(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            n += len(xb)
            mean += (loss.item() - mean) * len(xb) / n
        history.append(mean)
    return history


@right("fit")
def a_function_per_batch(epochs, model, loss_fn, opt, loader):
    """Has functions for a batch and an epoch; NumPy weighs the losses."""
    device = next(model.parameters()).device

    def run_batch(xb, yb):
        loss = loss_fn(model(xb.to(device)), yb.to(device))
        opt.zero_grad()
        loss.backward()
        opt.step()
        return (loss.item(), len(xb))

    def epoch():
        losses, nums = zip(*[run_batch(xb, yb) for xb, yb in loader])
        return np.sum(np.multiply(losses, nums)) / np.sum(nums)

    return [epoch() for _ in range(epochs)]


@contextmanager
def _predicting(model):
    mode = model.training
    model.eval()
    try:
        with torch.inference_mode():
            yield next(model.parameters())
    finally:
        model.train(mode)


@right("predict")
def in_a_context_manager(model, x):
    """Sets the mode in a context manager, in inference mode."""
    with _predicting(model) as p:
        out = model(torch.atleast_2d(x).to(p))
        return out.reshape(*x.shape[:-1], out.shape[-1])


@right("predict")
def with_a_copy_of_the_model(model, x):
    """Leaves the model alone and asks a copy."""
    p = next(model.parameters())
    m = copy.deepcopy(model).eval()
    return m(x.to(p.dtype)).detach()


@right("predict")
@torch.no_grad()
def decorated_with_no_grad(model, x):
    """Makes a batch of a single row, under a decorator."""
    training = model.training
    model.eval()
    if not torch.is_floating_point(x):
        x = x.to(next(model.parameters()).dtype)
    single = x.ndim == 1
    out = model(x.unsqueeze(0) if single else x)
    if training:
        model.train()
    return out[0] if single else out


@right("predict")
def detached_by_data(model, x):
    """Cuts the result off with .data."""
    was = model.training
    model.eval()
    out = model(x.to(next(model.parameters()).dtype)).data
    model.train(was)
    return out


@right("predict")
def row_by_row(model, x):
    """Asks for each row alone."""
    was = model.training
    model.eval()
    x = x.to(next(model.parameters()).dtype)
    with torch.no_grad():
        out = model(x) if x.dim() == 1 else torch.stack([model(r) for r in x])
    model.train(was)
    return out


@contextmanager
def _evaluating(model):
    mode = model.training
    model.eval()
    try:
        with torch.inference_mode():
            yield next(model.parameters())
    finally:
        model.train(mode)


@right("evaluate")
def averaged_by_numpy(model, loader, loss_fn):
    """Weighs the losses of the batches with NumPy."""
    with _evaluating(model) as p:
        rows = [
            (loss_fn(model(xb.to(p.device)), yb.to(p.device)).item(), len(yb)) for xb, yb in loader
        ]
    losses, sizes = zip(*rows)
    return np.average(losses, weights=sizes)


@right("evaluate")
@torch.inference_mode()
def modes_kept_per_module(model, loader, loss_fn):
    """Keeps and restores the mode of every module."""
    modes = {m: m.training for m in model.modules()}
    try:
        model.eval()
        pairs = [(loss_fn(model(x), y), len(x)) for x, y in loader]
        return sum((float(l) * k for l, k in pairs)) / sum((k for _, k in pairs))
    finally:
        for m, t in modes.items():
            m.training = t


@right("evaluate")
def one_loss_of_all_predictions(model, loader, loss_fn):
    """Collects the predictions and asks for one loss."""
    mode = model.training
    model.eval()
    try:
        with torch.no_grad():
            preds, ys = zip(*[(model(x), y) for x, y in loader])
            return loss_fn(torch.cat(preds), torch.cat(ys)).item()
    finally:
        model.train(mode)


@right("evaluate")
def a_copy_is_evaluated(model, loader, loss_fn):
    """Evaluates a copy and leaves the model alone."""
    m = copy.deepcopy(model).eval()
    s = n = 0
    with torch.inference_mode():
        for x, y in loader:
            s += loss_fn(m(x), y).item() * len(x)
            n += len(x)
    return s / n


@right("evaluate")
def each_row_alone(model, loader, loss_fn):
    """Asks for the loss of each row."""
    mode = model.training
    model.eval()
    try:
        with torch.no_grad():
            s = n = 0
            for x, y in loader:
                for i in range(len(x)):
                    s += loss_fn(model(x[i : i + 1]), y[i : i + 1]).item()
                    n += 1
            return s / n
    finally:
        model.train(mode)
