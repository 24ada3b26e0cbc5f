"""Mistakes of collapse."""

from __future__ import annotations

from collections.abc import Callable

from m10_linear_module import collapse, to_linear
from torch import Tensor, nn

from autograder.course.marks import mistake

Layers = list[nn.Module]


def of_the_linear_ones(
    way: Callable[[list[nn.Linear]], nn.Linear],
) -> Callable[[Layers], nn.Linear]:
    """Let a way refuse what the reference refuses, and leave identities out."""

    def collapsed(layers: Layers) -> nn.Linear:
        collapse(layers)
        return way([layer for layer in layers if isinstance(layer, nn.Linear)])

    return collapsed


@mistake("order-reversed")
@of_the_linear_ones
def order_reversed(layers: list[nn.Linear]) -> nn.Linear:
    """You multiply the weights in the order of the layers. The first layer is applied to x first,
    so it stands last in the product: W2 W1 x. Otherwise the sizes do not fit or, where all are
    square, another matrix comes out. Look at the side on which you multiply."""
    w, b = layers[0].weight, _bias(layers[0])
    for layer in layers[1:]:
        w, b = w @ layer.weight, layer.weight @ b + _bias(layer)
    return to_linear(w, b)


@mistake("biases-summed")
@of_the_linear_ones
def biases_summed(layers: list[nn.Linear]) -> nn.Linear:
    """You just add up the biases. The bias of an early layer still passes through all later
    weights, as an input would, before it reaches the output; so yours is off by a constant, or does
    not even fit. Multiply out two layers on paper."""
    w, b = layers[0].weight, _bias(layers[0])
    for layer in layers[1:]:
        w, b = layer.weight @ w, b + _bias(layer)
    return to_linear(w, b)


@mistake("biases-dropped", asks="lr.1")
@of_the_linear_ones
def biases_dropped(layers: list[nn.Linear]) -> nn.Linear:
    """You multiply the weights and forget the biases, so every output is off by a constant and
    x = 0 gives 0. A stack of layers has a bias of its own: push x = 0 through it and see what comes
    out."""
    w = layers[0].weight
    for layer in layers[1:]:
        w = layer.weight @ w
    result = nn.Linear(w.shape[1], w.shape[0], bias=False)
    result.weight = nn.Parameter(w.detach().clone())
    return result


@mistake("last-bias-only")
@of_the_linear_ones
def last_bias_only(layers: list[nn.Linear]) -> nn.Linear:
    """You took over the bias of the last layer only. Those of the earlier layers do not vanish:
    they pass through the later weights and shift the output too. Push x = 0 through the stack and
    see what comes out."""
    w = layers[0].weight
    for layer in layers[1:]:
        w = layer.weight @ w
    return to_linear(w, _bias(layers[-1]))


@mistake("bias-required")
@of_the_linear_ones
def bias_required_by_collapse(layers: list[nn.Linear]) -> nn.Linear:
    """You count on every layer to have a bias. One made with bias=False holds None there, and a sum
    with None raises a TypeError. Look at what such a layer adds to its product."""
    w: Tensor = layers[0].weight
    b: Tensor = layers[0].bias
    for layer in layers[1:]:
        w, b = layer.weight @ w, layer.weight @ b + layer.bias
    return to_linear(w, b)


@mistake("activation-passed-over", asks="m2.6c")
def activation_passed_over(layers: Layers) -> nn.Linear:
    """You collapse the linear layers and pass over a ReLU between them. With it the stack can bend,
    and no single linear layer does the same: that is why activations are put there. Look at what
    you do with a layer that is not linear."""
    return collapse([layer for layer in layers if isinstance(layer, nn.Linear)])


def _bias(layer: nn.Linear) -> Tensor:
    """Return a layer's bias, zeros where it has none."""
    return layer.weight.new_zeros(layer.out_features) if layer.bias is None else layer.bias
