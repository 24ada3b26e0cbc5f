"""Mistakes of distinct_units and break_symmetry_."""

from __future__ import annotations

from typing import Any

import torch
from m20_init import break_symmetry_, distinct_units
from torch import Generator, Tensor, nn

from autograder.course.marks import mistake


def _hidden(mlp: nn.Sequential) -> list[nn.Linear]:
    return [layer for layer in mlp if isinstance(layer, nn.Linear)][:-1]


def _add(p: Tensor, noise: Tensor) -> None:
    with torch.no_grad():
        p.add_(0.1 * noise)


def _noise(p: Tensor, generator: Generator) -> Tensor:
    return torch.randn(p.shape, generator=generator, device=p.device, dtype=p.dtype)


@mistake("exactly-equal")
def exactly_equal(w: Tensor) -> int:
    """Your distinct_units counts rows as different that differ by rounding noise alone. Units that
    started equal differ like that after training, and still learn as one. Look at how two rows are
    compared: exactly, or nearly."""
    return len(w.unique(dim=0))


@mistake("every-row")
def every_row(w: Tensor) -> int:
    """Your distinct_units counts all rows. The question is how many of them are different: a layer
    with a hundred equal rows has one unit, a hundred times. Look at which rows have been met
    before."""
    return len(w)


@mistake("rank")
def rank(w: Tensor) -> int:
    """Your distinct_units returns a rank: how many rows are no weighted sum of others. Rows may be
    different and depend on each other, such as a row and its opposite. Compare two rows at a
    time."""
    return int(torch.linalg.matrix_rank(w.detach().cpu().double(), rtol=1e-4))


@mistake("columns-compared")
def columns_compared(w: Tensor) -> int:
    """Your distinct_units compares columns. A column holds the weights of one feature for all
    units; the weights of one hidden unit stand in a row, as in torch.nn.Linear. Look at the
    dimension."""
    return distinct_units(w.T)


@mistake("fixed-threshold")
def fixed_threshold(w: Tensor) -> int:
    """The threshold of your distinct_units does not grow and shrink with w. In a layer of tiny
    weights it takes all rows for equal, in one of huge weights rounding noise for a difference.
    Look at what the task measures differences by."""
    near = ((w[:, None] - w).abs() <= 1e-4).all(dim=2)
    return int((~near.tril(-1).any(dim=1)).sum())


@mistake("count-is-a-tensor")
def count_is_a_tensor(w: Tensor) -> Any:
    """Your distinct_units returns a tensor. A count is a plain int of Python, which any code can
    print and compare. Take the number out of the tensor."""
    return torch.tensor(distinct_units(w))


@mistake("same-noise-for-all-units", replaces="break_symmetry_", asks="lr.2")
def same_noise_for_all_units(mlp: nn.Sequential, generator: Generator) -> None:
    """Your break_symmetry_ gives all units of a layer the same noise, so equal units stay equal. A
    row of noise is stretched over all rows of the weights. Every single weight needs a draw of its
    own."""
    for layer in _hidden(mlp):
        _add(layer.weight, _noise(layer.weight[:1], generator))


@mistake("last-layer-instead", replaces="break_symmetry_", asks="lr.2 lr.51")
def last_layer_instead(mlp: nn.Sequential, generator: Generator) -> None:
    """Your break_symmetry_ changes the last layer and no hidden one. The units that are equal sit
    in the hidden layers, and their own weights have to differ. Look at which layers you go
    through."""
    last = [layer for layer in mlp if isinstance(layer, nn.Linear)][-1]
    _add(last.weight, _noise(last.weight, generator))


@mistake("last-layer-too", replaces="break_symmetry_")
def last_layer_too(mlp: nn.Sequential, generator: Generator) -> None:
    """Your break_symmetry_ changes the last layer, too. Its rows are the outputs, which differ by
    their targets already; the task wants it as it was. Look at where your loop over the layers
    ends."""
    break_symmetry_(mlp, generator)
    last_layer_instead(mlp, generator)


@mistake("biases-too", replaces="break_symmetry_")
def biases_too(mlp: nn.Sequential, generator: Generator) -> None:
    """Your break_symmetry_ changes the biases of hidden layers, too. Different weights are enough
    to tell units apart, and the task wants all biases as they were. Look at which parameters you go
    through."""
    break_symmetry_(mlp, generator)
    for layer in _hidden(mlp):
        if layer.bias is not None:
            _add(layer.bias, _noise(layer.bias, generator))


@mistake("first-layer-only", replaces="break_symmetry_")
def first_layer_only(mlp: nn.Sequential, generator: Generator) -> None:
    """Your break_symmetry_ changes the first hidden layer and none of those that follow. In a
    deeper network the units of each hidden layer start equal. Look at whether you go through all
    layers."""
    first = _hidden(mlp)[0]
    _add(first.weight, _noise(first.weight, generator))


@mistake("noise-multiplied", replaces="break_symmetry_", asks="lr.51")
def noise_multiplied(mlp: nn.Sequential, generator: Generator) -> None:
    """Your break_symmetry_ multiplies the weights by noise. Zeros stay zeros whatever they are
    multiplied by, and a network of zeros is the very case that needs help. The task asks for
    something to be added."""
    for layer in _hidden(mlp):
        _add(layer.weight, layer.weight.detach() * _noise(layer.weight, generator))


@mistake("noise-above-0", replaces="break_symmetry_", asks="lr.51")
def noise_above_0(mlp: nn.Sequential, generator: Generator) -> None:
    """The noise of your break_symmetry_ is never negative: it is even between two bounds, and moves
    all weights the same way. The task asks for a normal distribution around 0: rand and randn
    differ in one letter."""
    for layer in _hidden(mlp):
        p = layer.weight
        _add(p, torch.rand(p.shape, generator=generator, device=p.device, dtype=p.dtype))


@mistake("noise-not-scaled", replaces="break_symmetry_", asks="lr.51")
def noise_not_scaled(mlp: nn.Sequential, generator: Generator) -> None:
    """The noise of your break_symmetry_ has a standard deviation of 1. Ten times what is asked for,
    it would swamp the weights that were there, and signals would grow from layer to layer. Look at
    what you multiply the draws by."""
    for layer in _hidden(mlp):
        _add(layer.weight, 10 * _noise(layer.weight, generator))


@mistake("start-overwritten", replaces="break_symmetry_")
def start_overwritten(mlp: nn.Sequential, generator: Generator) -> None:
    """Your break_symmetry_ writes noise over the weights that were there. Where all were 0 this
    looks alike, but other starts are lost. The noise is to come on top of them: look at how you
    write."""
    with torch.no_grad():
        for layer in _hidden(mlp):
            layer.weight.copy_(0.1 * _noise(layer.weight, generator))


@mistake("generator-ignored", replaces="break_symmetry_")
def generator_ignored(mlp: nn.Sequential, generator: Generator) -> None:
    """Your break_symmetry_ takes a generator and does not draw from it. The noise comes from
    torch's global one, so the caller's seed repeats nothing. Tell each draw which generator to
    use."""
    for layer in _hidden(mlp):
        _add(layer.weight, torch.randn_like(layer.weight))


@mistake("new-parameters", replaces="break_symmetry_")
def new_parameters(mlp: nn.Sequential, generator: Generator) -> None:
    """Your break_symmetry_ puts new parameters into the layers. An optimizer that was made before
    still holds the old ones and would train those, without any effect. Write into the parameters
    that are there."""
    for layer in _hidden(mlp):
        layer.weight = nn.Parameter(layer.weight + 0.1 * _noise(layer.weight, generator))
