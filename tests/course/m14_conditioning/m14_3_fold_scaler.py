"""Other ways to do fold_scaler."""

from __future__ import annotations

import copy

import torch
from m14_conditioning import fold_scaler
from torch import nn

from autograder.course.marks import restated, right, wrong


@right()
def term_by_term(layer, mean, std):
    """Folds every weight in a loop."""
    out = nn.Linear(layer.in_features, layer.out_features).to(layer.weight)
    with torch.no_grad():
        for o in range(layer.out_features):
            out.bias[o] = 0 if layer.bias is None else layer.bias[o]
            for i in range(layer.in_features):
                out.weight[o, i] = layer.weight[o, i] / std[i]
                out.bias[o] -= layer.weight[o, i] / std[i] * mean[i]
    return out


@right()
def new_parameters(layer, mean, std):
    """Puts new parameters into a layer of torch's default dtype."""
    w = layer.weight.detach() @ torch.diag(1 / std)
    b = -w.mv(mean)
    if layer.bias is not None:
        b = b + layer.bias.detach()
    out = nn.Linear(w.shape[1], w.shape[0])
    out.weight, out.bias = nn.Parameter(w), nn.Parameter(b)
    return out


@right()
def probed_by_unit_vectors(layer, mean, std):
    """Asks the layer for its outputs at zero and at each unit vector."""
    eye = torch.eye(len(mean), dtype=mean.dtype, device=mean.device)
    at_zero = layer(((0 * mean) - mean) / std).detach()
    w = torch.stack([layer((e - mean) / std).detach() - at_zero for e in eye], 1)
    out = nn.Linear(*reversed(w.shape), dtype=w.dtype, device=w.device)
    out.load_state_dict({"weight": w, "bias": at_zero})
    return out


@right()
def through_data(layer, mean, std):
    """Writes through .data of a layer with the same sizes."""
    o, i = layer.weight.shape
    out = nn.Linear(i, o, bias=True, device=layer.weight.device, dtype=layer.weight.dtype)
    out.weight.data = torch.div(layer.weight.data, std)
    shift = torch.einsum("oi,i->o", out.weight.data, mean)
    out.bias.data = (0 if layer.bias is None else layer.bias.data) - shift
    return out


@wrong(asks="lr.47")
def a_chain(layer, mean, std):
    """Returns two layers in a row instead of one."""
    scale = nn.Linear(len(mean), len(mean)).to(layer.weight)
    with torch.no_grad():
        scale.weight.copy_(torch.diag(1 / std))
        scale.bias.copy_(-mean / std)
    return nn.Sequential(scale, layer)


@wrong()
def frozen_like_the_layer(layer, mean, std):
    """Copies the layer with its flags."""
    folded = fold_scaler(layer, mean, std)
    return folded.requires_grad_(layer.weight.requires_grad)


@wrong()
def bias_also_divided(layer, mean, std):
    """Divides the bias by the mean std, too."""
    out = fold_scaler(layer, mean, std)
    with torch.no_grad():
        out.bias.div_(std.mean())
    return out


@wrong()
def bias_on_loan(layer, mean, std):
    """Shares memory with the weights where std is 1."""
    folded = fold_scaler(layer, mean, std)
    folded.weight.data = layer.weight.data.div_(std)
    return folded


@wrong()
def variance_for_std(layer, mean, std):
    """Divides by the square."""
    return fold_scaler(layer, mean, std**2)


@wrong()
def zeroes_the_mean(layer, mean, std):
    """Leaves zeros where the mean was."""
    folded = fold_scaler(layer, mean, std)
    mean.zero_()
    return folded


@wrong()
def in_single_precision(layer, mean, std):
    """Computes in float32 and converts the result."""
    folded = fold_scaler(copy.deepcopy(layer).float(), mean.float(), std.float())
    return folded.to(layer.weight.dtype)


@restated("bias-unchanged")
def weights_only(layer, mean, std):
    """Copies the layer and divides its weights."""
    out = fold_scaler(layer, mean, std)
    with torch.no_grad():
        out.bias.copy_(_bias(layer))
    return out


@restated("multiplied-by-std")
def times_std(layer, mean, std):
    """Multiplies the columns."""
    w = layer.weight.detach() @ torch.diag(std)
    return _layer(w, _bias(layer) - w @ mean)


@restated("wrong-sign")
def mean_added(layer, mean, std):
    """Adds what belongs to the mean."""
    w = layer.weight.detach() / std
    return _layer(w, _bias(layer) + torch.mv(w, mean))


@restated("mean-not-divided")
def old_weights_times_mean(layer, mean, std):
    """Takes the mean off with the layer's weights."""
    w = layer.weight.detach()
    return _layer(w / std, _bias(layer) - torch.mv(w, mean))


@restated("rows-divided")
def std_as_a_column(layer, mean, std):
    """Divides rows by std."""
    w = torch.diag(1 / std) @ layer.weight.detach()
    return _layer(w, _bias(layer) - w @ mean)


@restated("only-centred")
def mean_alone(layer, mean, std):
    """Forgets the scale."""
    w = layer.weight.detach().clone()
    return _layer(w, _bias(layer) - w.mv(mean))


@restated("original-changed")
def into_the_layer(layer, mean, std):
    """Divides the layer's own weights, and gives a copy."""
    with torch.no_grad():
        layer.weight.div_(std)
        b = _bias(layer) - layer.weight @ mean
        if layer.bias is not None:
            layer.bias.copy_(b)
    return _layer(layer.weight.detach().clone(), b)


@restated("bias-required")
def bias_taken_for_granted(layer, mean, std):
    """Subtracts from the bias as it is."""
    w = (layer.weight / std).detach()
    return _layer(w, layer.bias.detach() - w @ mean)


@restated("no-bias-of-its-own")
def a_bias_only_if_there_was_one(layer, mean, std):
    """Makes the new layer with the old one's settings."""
    out = nn.Linear(len(mean), layer.out_features, bias=layer.bias is not None).to(layer.weight)
    with torch.no_grad():
        out.weight.copy_(layer.weight / std)
        if out.bias is not None:
            out.bias.copy_(layer(-mean / std))
    return out


@restated("default-dtype")
def plain_linear(layer, mean, std):
    """Copies the numbers into a layer as nn.Linear makes it."""
    out = nn.Linear(layer.in_features, layer.out_features)
    with torch.no_grad():
        out.weight.copy_((layer.weight / std).cpu())
        out.bias.copy_(layer(-mean / std).cpu())
    return out


@restated("frozen")
def without_gradients(layer, mean, std):
    """Freezes what it makes."""
    out = fold_scaler(layer, mean, std)
    for p in out.parameters():
        p.requires_grad = False
    return out


def _bias(layer):
    return torch.zeros_like(layer.weight[:, 0]) if layer.bias is None else layer.bias.detach()


def _layer(w, b):
    out = nn.Linear(w.shape[1], w.shape[0], dtype=w.dtype, device=w.device)
    out.load_state_dict({"weight": w, "bias": b})
    return out
