"""Mistakes of spectral."""

from __future__ import annotations

from collections.abc import Callable

import torch
from m22_hooks import spectral
from torch import Tensor, nn
from torch.nn import functional as F

from autograder.course.marks import mistake


class _With(nn.Module):
    """Applies a layer with a weight that is computed of its own in each call."""

    def __init__(self, layer: nn.Linear, of: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.layer = layer
        self.of = of

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.of(self.layer.weight), self.layer.bias)


def _largest(weight: Tensor) -> Tensor:
    """Return the largest singular value, through which gradients pass."""
    with torch.no_grad():
        v = torch.ones(weight.shape[1]).to(weight) + torch.arange(weight.shape[1]).to(weight)
        for _ in range(60):
            u = F.normalize(weight @ v, dim=0)
            v = F.normalize(weight.T @ u, dim=0)
    return u @ weight @ v


@mistake("frobenius-norm", asks="tb.48")
def frobenius_norm(layer: nn.Linear, iters: int) -> nn.Module:
    """You divide by the Frobenius norm, the root of the sum of all squares. It is the root of the
    sum of all squared singular values, and so too large: the largest one of your weight is below 1.
    Asked for is the longest that W makes a vector of length 1."""
    return _With(layer, lambda weight: weight / weight.norm())


@mistake("largest-entry", asks="tb.48")
def largest_entry(layer: nn.Linear, iters: int) -> nn.Module:
    """You divide by the largest entry of W. A singular value belongs to W as a whole: it is the
    longest that W makes a vector of length 1, and mostly larger than any entry."""
    return _With(layer, lambda weight: weight / weight.abs().max())


@mistake("one-iteration", asks="tb.48")
def one_iteration(layer: nn.Linear, iters: int) -> nn.Module:
    """You take one step of power iteration from a fresh start. The vector has hardly begun to turn
    towards the direction that W stretches most, so the value found is too small. Take iters of
    them."""
    return spectral(layer, 1)


@mistake("divided-once")
def divided_once(layer: nn.Linear, iters: int) -> nn.Module:
    """You find the largest singular value once, when the module is made. Training changes W, and
    the value with it: after some steps your weight stretches again. Compute it in every call."""
    largest = _largest(layer.weight).detach()
    return _With(layer, lambda weight: weight / largest)


@mistake("weight-overwritten")
def weight_overwritten(layer: nn.Linear, iters: int) -> nn.Module:
    """You overwrite the layer's weight with the divided one. The original is lost, and training
    moves the divided weight away from a largest singular value of 1. Keep W as the parameter, and
    divide where it is used."""
    with torch.no_grad():
        layer.weight /= _largest(layer.weight)
    return layer


@mistake("divided-in-each-call")
def divided_in_each_call(layer: nn.Linear, iters: int) -> nn.Module:
    """You write to the weight in each call. The numbers that are trained are replaced by divided
    ones, and the graph knows nothing of the division. Let the division make a new tensor."""

    class Dividing(_With):
        def forward(self, x: Tensor) -> Tensor:
            with torch.no_grad():
                self.layer.weight /= _largest(self.layer.weight)
            return F.linear(x, self.layer.weight, self.layer.bias)

    return Dividing(layer, lambda weight: weight)


@mistake("new-parameters")
def new_parameters(layer: nn.Linear, iters: int) -> nn.Module:
    """Your module has parameters of its own, copies of the layer's. Whoever trains the layer, or
    has an optimizer for it, changes nothing here. Use the layer's parameters themselves."""
    other = nn.Linear(layer.in_features, layer.out_features, layer.bias is not None)
    other.to(layer.weight)
    other.load_state_dict(layer.state_dict())
    return spectral(other, iters)


@mistake("value-detached")
def value_detached(layer: nn.Linear, iters: int) -> nn.Module:
    """Gradients do not pass through your singular value: for autograd it is a constant, though it
    grows with W. Its part is missing, the one that keeps W from growing. Only the vectors of the
    iteration may be constants."""
    return _With(layer, lambda weight: weight / _largest(weight).detach())


@mistake("weight-detached")
def weight_detached(layer: nn.Linear, iters: int) -> nn.Module:
    """No gradient reaches W in your module: the weight that is used is cut off from the graph.
    Look at what stands under no_grad(): the iteration may, the division may not."""
    return _With(layer, lambda weight: (weight / _largest(weight)).detach())


@mistake("bias-divided")
def bias_divided(layer: nn.Linear, iters: int) -> nn.Module:
    """You divide the result of the layer, and its bias with it. Only the weight stretches inputs;
    the bias moves all of them alike. Divide the weight before it is applied."""

    class After(_With):
        def forward(self, x: Tensor) -> Tensor:
            out: Tensor = self.layer(x)
            return out / _largest(self.layer.weight)

    return After(layer, lambda weight: weight)


@mistake("bias-forgotten")
def bias_forgotten(layer: nn.Linear, iters: int) -> nn.Module:
    """Your module leaves the bias out: of zeros it makes zeros. What was asked for is the layer as
    it was, with another weight. Look at how the divided weight is applied."""

    class Without(_With):
        def forward(self, x: Tensor) -> Tensor:
            return F.linear(x, self.of(self.layer.weight))

    return Without(layer, lambda weight: weight / _largest(weight))


@mistake("root-missing")
def root_missing(layer: nn.Linear, iters: int) -> nn.Module:
    """You divide by the square of the largest singular value. Iterating with W.T @ W finds the
    direction, and the eigenvalue of that product; the singular value is its root."""
    return _With(layer, lambda weight: weight / _largest(weight) ** 2)


@mistake("weight-not-registered")
def weight_not_registered(layer: nn.Linear, iters: int) -> nn.Module:
    """Your module has no parameters: it keeps the layer, or its tensors, where torch does not look,
    such as in a list, or in a function. An optimizer for the module then trains nothing. Make the
    layer an attribute."""

    class Hidden(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            weight = layer.weight
            return F.linear(x, weight / _largest(weight), layer.bias)

    return Hidden()
