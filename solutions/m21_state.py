# %% [markdown]
# # m21 State: what a model keeps, and how it travels
#
# A trained model is more than code: parameters, buffers, and a mode that some layers obey. Here you
# write layers that keep and use such state, save it and load it again, take over as much of it as
# fits, freeze what was learned elsewhere, let a layer run with weights that are not its own, and
# export a model to a file that runs without its code. N is the number of rows, I of inputs, O of
# outputs.

# %%
"""Buffers and modes, saving and loading, transfer, lazy layers, foreign weights and export."""

from __future__ import annotations

import os
from collections.abc import Callable

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F
from torch.nn.parameter import UninitializedParameter


# %%
class RunningNorm(nn.Module):
    """Normalise every feature: by its batch while training, by remembered statistics afterwards.

    `RunningNorm(n, momentum=0.1)` is torch's BatchNorm1d without weight and bias; write it without
    that. It holds `running_mean` and `running_var`, both [n], as buffers: they are in its
    state_dict, follow `.double()` and `.to(device)`, and are no parameters. They start as zeros and
    ones, in torch's default dtype, and never have a graph behind them. There is no other state.
    `momentum` is a float from 0 to 1.
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, n: int, momentum: float = 0.1) -> None:
        """Make the two buffers, so that nn.Module knows them, and keep the momentum."""
        super().__init__()
        self.register_buffer("running_mean", torch.zeros(n))
        self.register_buffer("running_var", torch.ones(n))
        self.momentum = momentum

    def forward(self, x: Tensor) -> Tensor:
        """Return (x - mean) / sqrt(var + 1e-5), a new tensor [N, n]; x [N, n] stays as it is.

        x has the dtype and device of the buffers. In training mode N is at least 2: mean and var
        are those of each feature over the rows of x, where the squares are divided by N, and the
        gradient also passes through them. The running statistics then move: each becomes
        (1 - momentum) times what it was, plus momentum times that of the batch. For running_var,
        and for it alone, the squares of the batch are divided by N - 1.

        In eval mode N is at least 1: mean and var are running_mean and running_var, and these stay
        as they are.
        """
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0, correction=0)
            self.running_mean = self.running_mean.lerp(mean.detach(), self.momentum)
            self.running_var = self.running_var.lerp(x.detach().var(0), self.momentum)
        return (x - mean) / torch.sqrt(var + 1e-5)


# %%
class Dropout(nn.Module):
    """Drop numbers at random while training, and nothing afterwards: inverted dropout.

    `Dropout(p, generator=None)` drops with probability p, a float from 0 to 1, both included. It
    has no parameters and no buffers.

    Raises ValueError, when it is made, for a p below 0 or above 1.
    """

    def __init__(self, p: float, generator: Generator | None = None) -> None:
        """Keep the probability and the generator."""
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"p is a probability, from 0 to 1, not {p}")
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        """Return x with numbers dropped, of its shape, dtype and device; x stays as it is.

        x has any shape and a float dtype; its numbers are finite. In training mode each number
        becomes 0 with probability p, independently of all others and anew in each call, and those
        that are kept are multiplied by 1 / (1 - p): so the mean over all draws is x. Where p is 1,
        all are 0, and so is the gradient for x. The gradient passes through what is kept, times
        that factor, and is 0 elsewhere.

        In eval mode the result is equal to x, and nothing is drawn. All draws come from the
        generator, if there is one; it lies on x's device, its seed repeats them, and torch's global
        generator stays untouched. Without one they come from torch's global generator.
        """
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        draws = torch.rand(x.shape, generator=self.generator, device=x.device)
        return x * (draws >= self.p) / (1 - self.p)


# %%
def save(model: nn.Module, path: str | os.PathLike[str]) -> None:
    """Save what a model has learned to a file; load is written beside it.

    path is where the file goes, as a str or a pathlib.Path, in a folder that exists; a file that
    stands there is replaced. It has to hold the model's state_dict and nothing else, in torch's own
    format: `torch.load(path, weights_only=True)` gives back a dict with the same names, shapes,
    dtypes and numbers, on whatever device. So no class is stored in it. Nothing of the model is
    changed, neither its mode nor its device. Nothing is returned.
    """
    torch.save(model.state_dict(), path)


def load(
    factory: Callable[[], nn.Module],
    path: str | os.PathLike[str],
    device: str | torch.device,
) -> nn.Module:
    """Make a model anew, and give it what save has written; return it.

    `factory()` returns a new model, built like the one that was saved, with other numbers, on the
    CPU and in training mode; call it once. Return this model with all parameters and buffers of the
    file, on device, a str or torch.device. It keeps the dtype that factory gave it. The mode is not
    in a state_dict: return the model in eval mode, ready to predict. The file stays as it is. It
    may have been written on another device, which this machine need not have.

    A file can hold code that runs when it is unpickled, so never read one in any other way than
    with weights_only=True, torch's default. What torch raises is passed on:
    pickle.UnpicklingError for a file that holds more than tensors and plain data, RuntimeError for
    a state_dict with names or shapes that do not fit.
    """
    model = factory()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return model.to(device).eval()


# %%
def load_matching(model: nn.Module, sd: dict[str, Tensor]) -> dict[str, list[str]]:
    """Load of a state_dict what fits the model, leave the rest, and report on both.

    sd holds tensors by name, in the way of `model.state_dict()`, but maybe of another model; it is
    not changed. Every name of the model's own state_dict, buffers too, is in one of three lists:

    - "loaded": sd has it with the same shape. The model's tensor gets its numbers;
    - "wrong_shape": sd has it with another shape, even if it has as many numbers, or if it could be
      broadcast;
    - "missing": sd does not have it.

    The names of sd that the model does not have are in the list "unexpected". Return a dict of
    these four lists, all there even if empty; the order within a list is free. Nothing is raised
    for names or shapes.

    Tensors of the model that are not loaded keep their numbers. Those that are loaded stay the
    same objects, with their dtype, device and requires_grad, and get the numbers of sd: later
    changes of sd's tensors do not reach them. Tensors in sd may require their gradient, have
    another dtype than the model's, or lie on another device.
    """
    own = model.state_dict()
    shared = [name for name in own if name in sd]
    loaded = [name for name in shared if own[name].shape == sd[name].shape]
    model.load_state_dict({name: sd[name] for name in loaded}, strict=False)
    return {
        "loaded": loaded,
        "missing": [name for name in own if name not in sd],
        "unexpected": [name for name in sd if name not in own],
        "wrong_shape": [name for name in shared if name not in loaded],
    }


# %%
class _Transferred(nn.Module):
    def __init__(self, body: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.head = head

    def train(self, mode: bool = True) -> _Transferred:
        whole = super().train(mode)
        self.body.eval()
        return whole

    def forward(self, x: Tensor) -> Tensor:
        features: Tensor = self.body(x)
        result: Tensor = self.head(features)
        return result


def transfer(
    backbone: nn.Module, n_features: int, n_out: int
) -> tuple[nn.Module, list[nn.Parameter]]:
    """Put a new head on a trained network, which is frozen; gradients_below is written beside it.

    backbone maps rows [N, I] to features [N, n_features]. It has at least one parameter, and all
    have one dtype and device. Return a pair. First the model, an nn.Module in training mode: the
    backbone itself, not a copy, and behind it a new torch.nn.Linear with n_out outputs and torch's
    default start, on the backbone's device and in its dtype. Its state_dict has the entries of
    both. Second the parameters to train: a list of the new layer's weight and bias, in any order.

    The backbone has to stay as it is, bit for bit, whatever training does with the model: neither a
    parameter nor a buffer of it may change, not even the running statistics of a BatchNorm layer in
    it, and its Dropout layers drop nothing. So from now on none of its parameters requires its
    gradient, or gets one, and it is in eval mode: on return, and in each forward pass of the model,
    also after the caller has called train() on the model. The gradient still passes through it:
    where x requires its gradient, x gets it.
    """
    backbone.requires_grad_(False)
    p = next(backbone.parameters())
    head = nn.Linear(n_features, n_out, device=p.device, dtype=p.dtype)
    return _Transferred(backbone.eval(), head), list(head.parameters())


def gradients_below(below: nn.Linear, body: nn.Module, x: Tensor) -> dict[str, Tensor | None]:
    """Freeze body in two ways, and return the gradient that reaches the layer below by each.

    The prediction is body(below(x)). All parameters of below and body require their gradient, and
    .grad may be filled already. Return a dict with two keys:

    - "flag": while the prediction is computed, no parameter of body requires its gradient;
    - "no_grad": body computes within torch.no_grad(), below outside of it.

    Each value is the gradient of the prediction's sum for below.weight, of its shape, or None if
    none reaches it. Afterwards all is as before: every .grad, every requires_grad, all numbers and
    modes. body has no layer whose result depends on its mode.
    """
    hidden = below(x)
    with torch.no_grad():
        cut = body(hidden)
    body.requires_grad_(False)
    try:
        passed = body(hidden).sum()
    finally:
        body.requires_grad_(True)
    return {"flag": _reached(passed, below.weight), "no_grad": _reached(cut, below.weight)}


def _reached(value: Tensor, p: Tensor) -> Tensor | None:
    return torch.autograd.grad(value, p)[0] if value.requires_grad else None


# %%
class LazyAffine(nn.Module):
    """A linear layer that finds out its number of inputs by itself, at its first call.

    `LazyAffine(n_out)` computes x W^T + b. Write it without torch.nn.LazyLinear and
    torch.nn.Linear: neither inherit from one nor make one inside. It has two parameters, `weight`
    and `bias`. They are there from the start, though nobody knows their sizes yet, so that an
    optimizer can be made before the first call: `parameters()` gives the two objects that are
    trained later. Before the first call nobody moves, copies, saves or loads the layer.
    """

    def __init__(self, n_out: int) -> None:
        """Make the parameters, without their numbers."""
        super().__init__()
        self.n_out = n_out
        self.weight = UninitializedParameter()
        self.bias = UninitializedParameter()

    def forward(self, x: Tensor) -> Tensor:
        """Return x W^T + b, of shape [..., n_out], for x of shape [..., I]; x stays as it is.

        In the first call weight becomes [n_out, I] and bias [n_out], in the dtype and on the device
        of x, with the start of torch.nn.Linear: every number is an independent draw of torch's
        global generator, uniform between plus and minus 1 over the square root of I. Both are
        leaves that require their gradient, also where this call is made within torch.no_grad().
        From then on the layer is an ordinary one: later calls leave weight and bias as they are,
        whatever their number of rows; the state_dict holds both, and can be loaded into another
        one that has been called.

        Raises RuntimeError for a later x with another I.
        """
        if isinstance(self.weight, UninitializedParameter):
            n_in = x.shape[-1]
            for p, shape in ((self.weight, (self.n_out, n_in)), (self.bias, (self.n_out,))):
                p.materialize(shape, x.device, x.dtype)
                with torch.no_grad():
                    p.uniform_(-(n_in**-0.5), n_in**-0.5)
        return F.linear(x, self.weight, self.bias)


# %%
def hyper_forward(layer: nn.Module, params: dict[str, Tensor], x: Tensor) -> Tensor:
    """Return what a layer makes of x with other parameters in the place of its own.

    layer is any nn.Module that takes one tensor, maybe of several layers: its parameters have the
    names of `layer.named_parameters()`, such as "weight" or "0.bias". No tensor is shared by two of
    them, and there are no buffers. params has other tensors under some or all of these names, of
    the same shapes, dtype and device; parameters that it does not name take part as they are. They
    may be leaves, or made by another network: gradients of the result reach them through it, and x
    as well. params is not changed.

    The layer is as before afterwards, also where it raises: the same parameters with the same
    numbers, requires_grad and .grad. A parameter that is replaced takes no part in the result, and
    gets no gradient from it.

    Raises KeyError if params has a name that is none of the layer's parameters.
    """
    unknown = sorted(params.keys() - dict(layer.named_parameters()).keys())
    if unknown:
        raise KeyError(f"the layer has no parameter called {', '.join(unknown)}")
    result: Tensor = torch.func.functional_call(layer, params, (x,))
    return result


# %%
def export_affine(model: nn.Module, example: Tensor, path: str) -> None:
    """Export a model to a file that runs without its Python code, for any number of rows.

    The model is made of Linear and Dropout layers: its forward takes one tensor [N, I] and returns
    one [N, O]. Its parameters, and example [N, I] with N at least 2, are float32 on the CPU. Write
    the file with torch.export.save, under exactly this path, which ends in ".pt2". Then
    `torch.export.load(path).module()` gives a function of one tensor. For any number of rows, from
    1 on, whatever the example has, it has to return what the model returns in eval mode.

    Any part of the model may be in training mode; what is exported is its eval mode, in which
    nothing is dropped. Afterwards each part has the mode it had before, and nothing else of the
    model has changed either. example is not changed, and nothing is returned.
    """
    modes = {part: part.training for part in model.modules()}
    rows = torch.export.Dim("rows")
    try:
        program = torch.export.export(model.eval(), (example,), dynamic_shapes=({0: rows},))
    finally:
        for part, mode in modes.items():
            part.training = mode
    torch.export.save(program, path)
