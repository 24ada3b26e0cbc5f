"""Other ways to do collapse."""

from __future__ import annotations

import copy
import itertools
from functools import reduce

import torch
from m10_linear_module import collapse, to_linear
from torch import nn

from autograder.course.marks import restated, right, wrong


def of_the_linear_ones(way):
    """Let a way refuse what is not linear, and leave identities out."""

    def collapsed(layers):
        if not all(isinstance(layer, nn.Linear | nn.Identity) for layer in layers):
            raise ValueError("not linear")
        return way([layer for layer in layers if isinstance(layer, nn.Linear)])

    return collapsed


@right()
def without_a_graph(layers):
    """Multiplies under no_grad, beginning with the identity, with both bias cases apart."""
    first = next(layer for layer in layers if isinstance(layer, nn.Linear))
    w = torch.eye(first.in_features, dtype=first.weight.dtype, device=first.weight.device)
    b = torch.zeros(first.in_features, dtype=w.dtype, device=w.device)
    with torch.no_grad():
        for layer in layers:
            if isinstance(layer, nn.Identity):
                continue
            if not isinstance(layer, nn.Linear):
                raise ValueError(f"{layer} is not linear")
            w = layer.weight @ w
            b = layer.weight @ b
            if layer.bias is not None:
                b = b + layer.bias
        out = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype, device=w.device)
        out.weight.copy_(w)
        out.bias.copy_(b)
    return out


@right()
@of_the_linear_ones
def by_reduce(layers):
    """Folds the later layers into the first and loads the result as a state_dict."""

    def step(acc, layer):
        w, b = acc
        bias = layer.bias if layer.bias is not None else 0
        return (layer.weight @ w, b @ layer.weight.T + bias)

    first = layers[0]
    b0 = first.bias if first.bias is not None else first.weight.new_zeros(first.out_features)
    w, b = reduce(step, layers[1:], (first.weight, b0))
    out = nn.Linear(first.in_features, layers[-1].out_features).to(w)
    out.load_state_dict({"weight": w.detach(), "bias": b.detach()})
    return out


@right()
@of_the_linear_ones
def by_asking_the_stack(layers):
    """Pushes 0 and the unit vectors through the stack and reads the layer off the answers."""
    net = nn.Sequential(*layers)
    w0 = layers[0].weight
    with torch.no_grad():
        i = layers[0].in_features
        b = net(torch.zeros(i).to(w0))
        w = (net(torch.eye(i).to(w0)) - b).T
        out = nn.Linear(i, layers[-1].out_features).to(w0)
        out.weight.copy_(w)
        out.bias.copy_(b)
    return out


@right()
@of_the_linear_ones
def first_into_the_rest(layers):
    """Collapses the rest by recursion and puts the first layer before it."""
    head = layers[0]
    if len(layers) == 1:
        w, b = (head.weight, head.bias)
        if b is None:
            b = torch.zeros_like(w[:, 0])
    else:
        rest = first_into_the_rest(layers[1:])
        w = rest.weight @ head.weight
        b = rest.bias if head.bias is None else rest.weight @ head.bias + rest.bias
    out = nn.Linear(w.shape[1], w.shape[0], device=w.device, dtype=w.dtype)
    out.weight = nn.Parameter(w.detach().clone())
    out.bias = nn.Parameter(b.detach().clone())
    return out


@right()
@of_the_linear_ones
def from_the_last_layer(layers):
    """Begins with the last layer and multiplies the earlier weights from the right."""
    last = layers[-1]
    w = last.weight.detach()
    b = last.bias.detach().clone() if last.bias is not None else torch.zeros(w.shape[0]).to(w)
    for layer in reversed(layers[:-1]):
        if layer.bias is not None:
            b = b + w @ layer.bias.detach()
        w = w @ layer.weight.detach()
    out = nn.Linear(layers[0].in_features, last.out_features, bias=True).to(
        device=w.device, dtype=w.dtype
    )
    out.weight.data.copy_(w)
    out.bias.data.copy_(b)
    return out


@right()
@of_the_linear_ones
def through_the_data_of_a_plain_layer(layers):
    """Sets .data of a layer of the CPU and of the default dtype."""
    w, b = layers[0].weight, layers[0].bias
    for layer in layers[1:]:
        w = layer.weight @ w
        b = layer.bias if b is None else layer(b)
    out = nn.Linear(w.shape[1], w.shape[0])
    out.weight.data = w.detach().clone()
    out.bias.data = w.new_zeros(len(w)) if b is None else b.detach().clone()
    return out


@right()
@of_the_linear_ones
def by_homogeneous_matrices(layers):
    """Writes every layer as one square-cornered matrix with a last row of 0 and 1."""

    def matrix(layer):
        b = layer.weight.new_zeros(layer.out_features) if layer.bias is None else layer.bias
        top = torch.cat([layer.weight, b[:, None]], 1)
        corner = torch.zeros_like(top[:1])
        corner[0, -1] = 1
        return torch.cat([top, corner])

    whole = reduce(lambda done, layer: matrix(layer) @ done, layers[1:], matrix(layers[0]))
    out = nn.Linear(whole.shape[1] - 1, whole.shape[0] - 1)
    out.weight = nn.Parameter(whole[:-1, :-1].detach().clone())
    out.bias = nn.Parameter(whole[:-1, -1].detach().clone())
    return out


@wrong()
@of_the_linear_ones
def one_layer_as_it_is(layers):
    """Copies a single layer with all its settings, frozen ones too."""
    if len(layers) == 1 and layers[0].bias is not None:
        return copy.deepcopy(layers[0])
    return collapse(layers)


@wrong()
@of_the_linear_ones
def forgets_at_a_missing_bias(layers):
    """Begins anew with zeros at a layer that lacks its bias."""
    w = torch.eye(layers[0].in_features).to(layers[0].weight)
    b = torch.zeros(layers[0].in_features).to(layers[0].weight)
    for layer in layers:
        w = layer.weight @ w
        b = layer(b) if layer.bias is not None else torch.zeros(layer.out_features).to(w)
    return to_linear(w, b)


@wrong()
@of_the_linear_ones
def in_single_precision(layers):
    """Multiplies in float32 and converts the result."""
    w, b = torch.eye(layers[0].in_features), torch.zeros(layers[0].in_features)
    for layer in layers:
        bias = 0 if layer.bias is None else layer.bias.float()
        w, b = layer.weight.float() @ w, layer.weight.float() @ b + bias
    return to_linear(w.to(layers[0].weight.dtype), b.to(layers[0].weight.dtype))


@wrong()
@of_the_linear_ones
def only_the_neighbours_bias(layers):
    """Takes from the biases before a layer only the one directly before it."""

    def bias(layer):
        return torch.zeros_like(layer.weight[:, 0]) if layer.bias is None else layer.bias

    w, b = layers[0].weight, bias(layers[0])
    for before, layer in itertools.pairwise(layers):
        w, b = layer.weight @ w, layer.weight @ bias(before) + bias(layer)
    return to_linear(w, b)


@wrong()
@of_the_linear_ones
def trainable_as_the_layers_were(layers):
    """Gives a frozen layer for frozen layers."""
    trainable = any(p.requires_grad for layer in layers for p in layer.parameters())
    return collapse(layers).requires_grad_(trainable)


@wrong()
def uses_the_list_up(layers):
    """Pops the layers from the list."""
    whole = collapse(layers)
    while len(layers) > 1:
        layers.pop(0)
    return whole


@wrong()
@of_the_linear_ones
def no_bias_where_none_was(layers):
    """Gives no bias where no layer has one."""
    out = collapse(layers)
    if all(layer.bias is None for layer in layers):
        out.bias = None
    return out


@wrong()
@of_the_linear_ones
def resets_the_layers(layers):
    """Clears the layers' gradients and puts them in eval mode."""
    for layer in layers:
        layer.zero_grad()
        layer.eval()
    return collapse(layers)


@wrong()
@of_the_linear_ones
def gives_the_layers_a_bias(layers):
    """Gives a layer without a bias one of zeros, and leaves it there."""
    for layer in layers:
        if layer.bias is None:
            layer.bias = nn.Parameter(torch.zeros(layer.out_features).to(layer.weight))
    return collapse(layers)


@wrong()
@of_the_linear_ones
def freezes_the_layers(layers):
    """Freezes the layers to be rid of their graph."""
    for layer in layers:
        layer.requires_grad_(False)
    return collapse(layers)


@wrong()
@of_the_linear_ones
def first_and_last_only(layers):
    """Collapses the first and the last layer, whatever lies between."""
    return collapse(layers[:1] + layers[-1:] if len(layers) > 1 else layers)


@wrong()
@of_the_linear_ones
def three_at_most(layers):
    """Collapses the first two layers and then one more."""
    if len(layers) <= 2:
        return collapse(layers)
    return collapse([collapse(layers[:2]), layers[2]])


@wrong()
@of_the_linear_ones
def begins_on_the_cpu(layers):
    """Begins with an identity on the CPU, wherever the layers are."""
    dtype = layers[0].weight.dtype
    w = torch.eye(layers[0].in_features, dtype=dtype)
    b = torch.zeros(layers[0].in_features, dtype=dtype)
    for layer in layers:
        w, b = layer.weight @ w, layer(b)
    return to_linear(w, b)


@wrong()
@of_the_linear_ones
def one_random_bias(layers):
    """Leaves the bias that nn.Linear draws where a single layer has none."""
    if len(layers) > 1 or layers[0].bias is not None:
        return collapse(layers)
    out = nn.Linear(layers[0].in_features, layers[0].out_features).to(layers[0].weight)
    out.weight.data.copy_(layers[0].weight)
    return out


@wrong()
@of_the_linear_ones
def bias_left_in_the_weight(layers):
    """Pushes the unit vectors through the stack and does not take the bias off again."""
    stack, w0 = nn.Sequential(*layers), layers[0].weight
    w = stack(torch.eye(layers[0].in_features).to(w0)).t()
    return to_linear(w, stack(torch.zeros(layers[0].in_features).to(w0)))


@wrong()
@of_the_linear_ones
def later_biases_added_where_they_fit(layers):
    """From the third layer on the bias so far is not multiplied where it has the size wanted."""
    w, b = layers[0].weight.detach(), layers[0].bias
    b = w.new_zeros(len(w)) if b is None else b.detach()
    for index, layer in enumerate(layers[1:], 1):
        w = layer.weight.detach() @ w
        if index == 1 or layer.bias is None or layer.bias.shape != b.shape:
            b = layer.weight.detach() @ b
        if layer.bias is not None:
            b = b + layer.bias.detach()
    return to_linear(w, b)


@wrong(asks="lr.34")
def identity_refused(layers):
    """Refuses whatever is no nn.Linear, also an activation that changes nothing."""
    if not all(isinstance(layer, nn.Linear) for layer in layers):
        raise ValueError("not an nn.Linear")
    return collapse(layers)


@restated("activation-passed-over")
def everything_without_a_weight_left_out(layers):
    """Takes what has no weight for an activation that changes nothing."""
    return collapse([layer for layer in layers if hasattr(layer, "weight")])


@restated("order-reversed")
@of_the_linear_ones
def product_from_the_left(layers):
    """Multiplies the weights from the left to the right and folds the biases rightly."""
    w = layers[0].weight
    b = w.new_zeros(w.shape[0]) if layers[0].bias is None else layers[0].bias
    for layer in layers[1:]:
        w = torch.matmul(w, layer.weight)
        b = torch.mv(layer.weight, b)
        if layer.bias is not None:
            b = b + layer.bias
    return _layer(w, b)


@restated("biases-summed")
@of_the_linear_ones
def sum_of_all_biases(layers):
    """Adds the layers' biases as they are."""
    w, b = layers[0].weight, _bias_of(layers[0])
    for layer in layers[1:]:
        w = layer.weight.mm(w)
        b = b.add(_bias_of(layer))
    return _layer(w, b)


@restated("biases-dropped")
@of_the_linear_ones
def weights_only(layers):
    """Gives a layer without a bias."""
    w = layers[-1].weight
    for layer in reversed(layers[:-1]):
        w = w @ layer.weight
    out = nn.Linear(w.shape[1], w.shape[0], bias=False).to(w)
    with torch.no_grad():
        out.weight.copy_(w)
    return out


@restated("last-bias-only")
@of_the_linear_ones
def the_last_layers_bias(layers):
    """Multiplies from the last layer on and keeps that layer's bias."""
    w, b = layers[-1].weight, _bias_of(layers[-1])
    for layer in layers[-2::-1]:
        w = w @ layer.weight
    return _layer(w, b)


@restated("bias-required")
@of_the_linear_ones
def folds_none(layers):
    """Folds the biases without a look whether there are any."""
    first, *rest = layers
    w, b = first.weight, first.bias
    for layer in rest:
        b = layer.weight @ b + layer.bias
        w = layer.weight @ w
    return _layer(w, b)


def _bias_of(layer):
    """Return a layer's bias, or zeros."""
    return torch.zeros_like(layer.weight[:, 0]) if layer.bias is None else layer.bias


def _layer(w, b):
    """Return a layer that holds copies of w and b."""
    out = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype, device=w.device)
    with torch.no_grad():
        out.weight.copy_(w)
        out.bias.copy_(b)
    return out
