# %% [markdown]
# # m22 Hooks: look into a network, and change what passes
#
# A hook is a function that torch calls while a tensor or a module is at work. Hooks show which
# layer loses the gradient and where the first nan comes from, and change a gradient on its way; a
# module around a layer can change the weight that is used. A hook stays until its handle removes
# it. N is the number of rows, F that of features.

# %%
"""Gradients seen layer by layer, a scaled gradient, the source of a nan, and a weight rescaled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


# %%
def gradient_report(
    model: nn.Module, loss_fn: Callable[[Tensor, Tensor], Tensor], x: Tensor, y: Tensor
) -> dict[str, float]:
    """Return how large the gradient is that arrives at each layer of a model.

    The layers are the modules of model that have no children, by their names and in the order of
    model.named_modules(); the one of a model without children is called "". Each gets the norm of
    d(loss)/d(its output): the root of the sum of the squares of all entries, a float of Python. The
    loss is loss_fn(pred, y), a tensor with one number, of pred = model(x).

    x is [N, F]; it requires no gradient and is not changed, and neither is y. Each layer is called
    once by model, with one tensor, and returns another one, which nothing writes to. The first one
    that is called has parameters, all parameters require their gradient, and the loss depends on
    the outputs of all layers. There are no buffers, such as running means.

    Afterwards the model is as before: no hook of yours is left on it, and the .grad of each
    parameter is what it was, None or numbers.
    """
    outputs: dict[str, Tensor] = {}

    def keep(name: str) -> Callable[[Any, Any, Tensor], None]:
        def hook(layer: nn.Module, inputs: Any, output: Tensor) -> None:
            outputs[name] = output

        return hook

    layers = {name: part for name, part in model.named_modules() if not [*part.children()]}
    handles = [layer.register_forward_hook(keep(name)) for name, layer in layers.items()]
    loss = loss_fn(model(x), y)
    for handle in handles:
        handle.remove()
    grads = torch.autograd.grad(loss, [outputs[name] for name in layers])
    return {name: grad.norm().item() for name, grad in zip(layers, grads, strict=True)}


# %%
def scale_grad(t: Tensor, k: float) -> Tensor:
    """Return a tensor with the numbers of t, through which gradients come back k times as large.

    t has any shape, is float32 or float64, finite, and requires its gradient; it may be a leaf or
    the result of others. k is a float of Python, negative or 0, too. The result has exactly the
    numbers of t, its shape, dtype and device.

    A gradient g that arrives at the result arrives at t as k * g. This holds for this path alone:
    where t is used elsewhere, also through another call with another k, gradients come back
    unscaled by this one, and are added up. t and its numbers stay as they are.
    """
    result = t.view_as(t)
    result.register_hook(lambda grad: k * grad)
    return result


# %%
def first_nonfinite(model: nn.Module, x: Tensor) -> str | None:
    """Return the name of the module at which a number first stops being finite in model(x).

    That is the first module whose input is finite and whose output has a nan or an inf, in the
    order in which the calls of modules end: so a layer comes before the module that it is part of,
    and that one is named only where its own forward makes the number of finite ones. The name is
    the one in model.named_modules(). Where all outputs are finite, return None; where x itself is
    not finite, return "".

    x is [N, F] and not changed. Modules may be nested, be called in another order than they were
    defined in, and more than once. Each takes one tensor and returns one, which nothing writes to;
    what the model's own forward does between its layers makes no number nan or inf, though it may
    make it finite again. model runs at most once, in its mode; you may stop it early.

    Afterwards no hook of yours is left on model, also where its forward raises an exception, which
    goes on to the caller.
    """
    found: list[str] = []

    def look(name: str) -> Callable[[Any, Any, Tensor], None]:
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            if inputs[0].isfinite().all() and not output.isfinite().all():
                found.append(name)

        return hook

    if not x.isfinite().all():
        return ""  # for x itself
    handles = [part.register_forward_hook(look(name)) for name, part in model.named_modules()]
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return found[0] if found else None


# %%
def spectral(layer: nn.Linear, iters: int) -> nn.Module:
    """Return a module that applies a linear layer with its weight divided by its largest singular
    value: its product with an input is then never longer than the input.

    layer has a weight W [O, F], float32 or float64, and a bias or none. Called with x [N, F], the
    module returns x @ (W / s).T + bias, where s is the largest singular value of W as it is then,
    also after W was trained. Gradients reach W through both places where it stands: s depends on W,
    too. The module's only parameters are those of the layer, the same objects, and its state_dict
    has the layer's own W, undivided, under any name. layer may become a part of it, or be changed
    into it.

    iters is the number of steps of power iteration, at least 30: enough for all digits, since the
    second largest singular value is at most half of s, whatever W was trained to. You may find s in
    another way. W is never full of zeros, and torch's global generator need not stay untouched.
    """
    return _Spectral(layer, iters)


class _Spectral(nn.Module):
    def __init__(self, layer: nn.Linear, iters: int) -> None:
        super().__init__()
        self.layer = layer
        self.iters = iters

    def forward(self, x: Tensor) -> Tensor:
        weight = self.layer.weight
        with torch.no_grad():
            v = torch.randn(weight.shape[1]).to(weight)
            for _ in range(self.iters):
                u = F.normalize(weight @ v, dim=0)
                v = F.normalize(weight.T @ u, dim=0)
        largest = u @ weight @ v  # u and v are constants: its gradient is their outer product
        return F.linear(x, weight / largest, self.layer.bias)
