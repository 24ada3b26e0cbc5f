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


@mistake("stack-returned")
def stack_returned(layers: Layers) -> nn.Sequential:
    """You put the layers into an nn.Sequential. It gives the same outputs, with as many products as
    there are layers. The task asks for a single nn.Linear: one weight, the product of all weights,
    and one bias."""
    collapse(layers)
    return nn.Sequential(*layers)


@mistake("single-layer-handed-back")
@of_the_linear_ones
def single_layer_handed_back(layers: list[nn.Linear]) -> nn.Linear:
    """Where the stack has a single linear layer you return that very layer. The task asks for a new
    one, with a memory of its own and always with a bias: whoever trains the result would change the
    stack."""
    return layers[0] if len(layers) == 1 else collapse([*layers])


@mistake("sizes-swapped-unnoticed")
@of_the_linear_ones
def sizes_swapped_unnoticed(layers: list[nn.Linear]) -> nn.Linear:
    """You made the layer with its two sizes exchanged and then put tensors of other shapes into it.
    It predicts right by chance, but its in_features and out_features are wrong. nn.Linear wants the
    number of inputs first."""
    right = collapse([*layers])
    layer = nn.Linear(right.out_features, right.in_features)
    layer.weight, layer.bias = right.weight, right.bias
    return layer


@mistake("memory-of-a-single-layer")
@of_the_linear_ones
def memory_of_a_single_layer(layers: list[nn.Linear]) -> nn.Linear:
    """Where the stack has a single linear layer your result shares its memory with that layer: with
    no product, nothing has made new numbers. Whoever trains one of the two changes the other. Look
    at whether you copy the values."""
    result = collapse([*layers])
    if len(layers) == 1:
        result.weight.data = layers[0].weight.data
        if layers[0].bias is not None:
            result.bias.data = layers[0].bias.data
    return result
