"""Mistakes of fold_scaler."""

from __future__ import annotations

import torch
from m14_conditioning import fold_scaler
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("bias-unchanged", asks="lr.47")
def bias_unchanged(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """You scaled the weights and kept the bias. What forward subtracted is then missing, so every
    prediction is off by the same constant. Look at what (x - mean) / std leaves over where x is
    0."""
    folded = fold_scaler(layer, mean, std)
    return _with(folded, folded.weight, _bias(layer))


@mistake("multiplied-by-std", asks="lr.15")
def multiplied_by_std(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """You multiplied the weights by std. A scaled feature that is x divided by std needs a weight
    that is divided as well, so that weight times feature stays the same. Look at the direction in
    which the units change."""
    w = layer.weight * std
    return _with(fold_scaler(layer, mean, std), w, _bias(layer) - w @ mean)


@mistake("wrong-sign")
def wrong_sign(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """Your weights are right, and the bias moves the wrong way: you added what the mean contributes
    instead of taking it off. Look at the sign before mean in what the layer was trained on."""
    folded = fold_scaler(layer, mean, std)
    return _with(folded, folded.weight, 2 * _bias(layer) - folded.bias)


@mistake("mean-not-divided")
def mean_not_divided(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """Your bias takes the mean off with the old weights. The mean is in raw units, too, so it needs
    the weights that are already divided by std. Look at the weights in front of mean."""
    folded = fold_scaler(layer, mean, std)
    return _with(folded, folded.weight, _bias(layer) - layer.weight @ mean)


@mistake("rows-divided")
def rows_divided(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """You divided each row of the weights by a std. A row belongs to a target; the features, each
    with its std, are the columns. With as many targets as features that gives wrong numbers, else
    an error. Look at the axis that std meets."""
    w = layer.weight / std[:, None]
    return _with(fold_scaler(layer, mean, std), w, _bias(layer) - w @ mean)


@mistake("only-centred")
def only_centred(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """You folded the mean in and left out std: your weights are those of the scaled features. A
    feature in thousands then counts a thousandfold. Look at what else was done to the features."""
    return _with(fold_scaler(layer, mean, std), layer.weight, _bias(layer) - layer.weight @ mean)


@mistake("original-changed")
def original_changed(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """You wrote the folded numbers into the layer that was passed. It is still wanted for scaled
    features, and a second call folds once more. Make a new layer and leave the old one as it
    is."""
    folded = fold_scaler(layer, mean, std)
    with torch.no_grad():
        layer.weight.copy_(folded.weight)
        if layer.bias is not None:
            layer.bias.copy_(folded.bias)
    return folded


@mistake("bias-required")
def bias_required(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """You use the layer's bias as if there always were one. With bias=False it is None, and
    arithmetic with None stops. For the sum it counts as 0; look at where you read the bias."""
    folded = fold_scaler(layer, mean, std)
    return _with(folded, folded.weight, layer.bias - folded.weight @ mean)


@mistake("no-bias-of-its-own", asks="lr.47")
def no_bias_of_its_own(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """Your layer has no bias where the old one had none. On raw features one is needed all the
    same: the mean that was subtracted has to go somewhere. Look at how you make the new layer."""
    folded = fold_scaler(layer, mean, std)
    if layer.bias is None:
        folded.bias = None
    return folded


@mistake("default-dtype")
def default_dtype(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """Your layer has torch's default dtype and device, not those of the old one, so float64
    features do not fit it and digits are lost. Look at what you tell the new layer, or its numbers,
    about the old one."""
    return fold_scaler(layer, mean, std).float().cpu()


@mistake("frozen")
def frozen(layer: nn.Linear, mean: Tensor, std: Tensor) -> nn.Linear:
    """Your layer's parameters are frozen: no optimizer could train it any further. They are to be
    trainable whatever the old layer was. Look at requires_grad of what you put into the layer."""
    return fold_scaler(layer, mean, std).requires_grad_(False)


def _bias(layer: nn.Linear) -> Tensor:
    return layer.weight[:, 0] * 0 if layer.bias is None else layer.bias


def _with(layer: nn.Linear, weight: Tensor, bias: Tensor) -> nn.Linear:
    """Return a layer with other numbers."""
    layer.weight = nn.Parameter(weight.detach().clone())
    layer.bias = nn.Parameter(bias.detach().clone())
    return layer
