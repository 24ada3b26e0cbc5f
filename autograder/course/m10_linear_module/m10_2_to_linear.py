"""Mistakes of to_linear."""

from __future__ import annotations

from typing import Any

import torch
from m10_linear_module import to_linear
from torch import Tensor, nn

from autograder.course.marks import mistake


@mistake("sizes-swapped", asks="gd.36")
def sizes_swapped(w: Tensor, b: Tensor) -> nn.Linear:
    """You gave nn.Linear its two sizes in the order of w's shape. It wants the number of inputs
    first, although it stores its weight with the outputs first, so the values of w do not fit.
    Look at what w.shape[0] counts."""
    layer = nn.Linear(w.shape[0], w.shape[1], dtype=w.dtype, device=w.device)
    with torch.no_grad():
        layer.weight.copy_(w)
        layer.bias.copy_(b)
    return layer


@mistake("sizes-swapped-unnoticed")
def sizes_swapped_unnoticed(w: Tensor, b: Tensor) -> nn.Linear:
    """You made the layer with its two sizes exchanged and then put tensors of other shapes into it.
    It predicts right by chance, but its in_features and out_features are wrong. nn.Linear wants the
    number of inputs first: look at what w.shape[0] counts."""
    layer = nn.Linear(w.shape[0], w.shape[1])
    layer.weight, layer.bias = nn.Parameter(w.detach().clone()), nn.Parameter(b.detach().clone())
    return layer


@mistake("assigned-tensor", asks="m2.6a")
def assigned_tensor(w: Tensor, b: Tensor) -> nn.Linear:
    """You assigned a plain tensor to layer.weight. That name is registered as a parameter, so the
    module refuses anything that is not one. Keep the parameter and change the values in it."""
    layer = nn.Linear(w.shape[1], w.shape[0])
    layer.weight = w
    layer.bias = b  # type: ignore[assignment]
    return layer


@mistake("alias")
def alias(w: Tensor, b: Tensor) -> nn.Linear:
    """Your layer shares its memory with w and b: one later change of w changes the layer's
    predictions, and training the layer changes w. Look at whether you copy the values or only hand
    over the tensors."""
    layer = to_linear(w, b)
    layer.weight.data, layer.bias.data = w, b
    return layer


@mistake("random-bias", asks="m2.1c")
def random_bias(w: Tensor, b: Tensor) -> nn.Linear:
    """You set the weight but left the bias that nn.Linear has drawn at random, so every prediction
    is off by a constant, which is a different one in each layer. Look at what you do with b."""
    layer = to_linear(w, b)
    layer.reset_parameters()
    with torch.no_grad():
        layer.weight.copy_(w)
    return layer


@mistake("default-dtype")
def default_dtype(w: Tensor, b: Tensor) -> nn.Linear:
    """Your layer is float32 on the CPU whatever w is: nn.Linear is made so by default, and copying
    values into it rounds them silently. Look at what else you can tell nn.Linear when you make
    it."""
    return to_linear(w, b).float().to("cpu")


@mistake("bias-never-made")
def bias_never_made(w: Tensor, b: Tensor) -> nn.Linear:
    """Your layer has no bias, so every prediction is off by b. With bias=False nn.Linear holds None
    there. Look at the options that you give it, and at what you do with b."""
    layer = nn.Linear(w.shape[1], w.shape[0], bias=False, dtype=w.dtype, device=w.device)
    with torch.no_grad():
        layer.weight.copy_(w)
    return layer


@mistake("a-function-alone", asks="gd.30")
def a_function_alone(w: Tensor, b: Tensor) -> Any:
    """You return a function that predicts, not a layer. It has no weight and no bias that an
    optimizer could find, nothing that could be saved or moved. torch.nn has a module for this
    model: make one and put the numbers into it."""
    weight, bias = w.detach().clone(), b.detach().clone()
    return lambda x: x @ weight.T + bias


@mistake("frozen")
def frozen(w: Tensor, b: Tensor) -> nn.Linear:
    """The parameters of your layer do not require their gradients, so no optimizer can train it.
    Whether w and b do is their own affair. Look at what marks a parameter as trainable."""
    return to_linear(w, b).requires_grad_(False)
