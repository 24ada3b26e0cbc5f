"""Mistakes of hyper_forward."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import torch
from m21_state import hyper_forward
from torch import Tensor, nn

from autograder.course.marks import mistake

Params = dict[str, Tensor]


@mistake("loaded-into-the-layer", asks="tb.46")
def loaded_into_the_layer(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """You load the foreign parameters into the layer. Its own numbers are overwritten and lost, and
    what is copied has no graph: no gradient reaches the tensors in params. The layer has to compute
    with those very tensors."""
    layer.load_state_dict(params, strict=False)
    result: Tensor = layer(x)
    return result


@mistake("numbers-of-a-copy", asks="tb.46")
def numbers_of_a_copy(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """Your result is right, but no gradient reaches the tensors in params: the layer, or a copy of
    it, computes with their numbers only. A network that makes weights could not learn like that.
    The tensors themselves have to take part."""
    detached = {name: p.detach() for name, p in params.items()}
    return hyper_forward(layer, detached, x)


@mistake("unknown-names-ignored")
def unknown_names_ignored(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """You ignore names in params that the layer does not have. A misspelt name would leave the
    layer's own weight in place, and nobody would notice. Compare the names with those of
    named_parameters() first."""
    own = dict(layer.named_parameters())
    return hyper_forward(layer, {k: p for k, p in params.items() if k in own}, x)


@mistake("linear-layers-only", asks="tb.46")
def linear_layers_only(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """You compute the formula of one linear layer yourself. The task takes any module: several
    layers with names such as "0.weight", and activations between them. Let the layer's own forward
    do the work, with other tensors."""
    own: Any = layer
    return nn.functional.linear(x, params["weight"], params.get("bias", own.bias))


@mistake("all-names-wanted")
def all_names_wanted(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """You want params to have every name of the layer. The task lets it name some of them only;
    the others take part with the layer's own tensors. Look at what you demand, or at strict."""
    result: Tensor = torch.func.functional_call(layer, params, (x,), strict=True)
    return result


@mistake("never-put-back", asks="tb.46")
def never_put_back(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """You put the foreign tensors into the layer and leave them there. Its own parameters are gone
    from parameters(), so no optimizer of the caller can reach what the layer computes with. Put
    them back after the call."""
    _put(layer, params)
    result: Tensor = layer(x)
    return result


@mistake("not-put-back-after-an-error")
def not_put_back_after_an_error(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """You put the layer's parameters back after its call, but not where that call raises. The
    caller may catch the exception and go on with a layer that is not his own. Something has to
    happen in any case: look at try and finally."""
    own = dict(layer.named_parameters())
    _put(layer, params)
    result: Tensor = layer(x)
    for name, p in own.items():
        place, _, last = name.rpartition(".")
        layer.get_submodule(place)._parameters[last] = p
    return result


@mistake("x-cut-off")
def x_cut_off(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """No gradient reaches x in your code. x may come from layers that are trained, too. Hand it to
    the layer as it is, without detaching or copying it."""
    return hyper_forward(layer, params, x.detach())


@mistake("added-to-the-own", asks="tb.46")
def added_to_the_own(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """You add the foreign tensors to the layer's own. They are to take their place: what is
    replaced has no part in the result, and gets no gradient from it."""
    own = dict(layer.named_parameters())
    if params.keys() - own.keys():
        raise KeyError("not a parameter")
    return hyper_forward(layer, {name: own[name] + p for name, p in params.items()}, x)


def _put(layer: nn.Module, params: Mapping[str, Any]) -> None:
    if params.keys() - dict(layer.named_parameters()).keys():
        raise KeyError("not a parameter")
    for name, foreign in params.items():
        place, _, last = name.rpartition(".")
        layer.get_submodule(place)._parameters[last] = foreign


@mistake("own-gradients-cleared")
def own_gradients_cleared(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """You clear the gradients that the layer had stored. The caller may be in the middle of adding
    some up. Nothing of the layer is to be other than before, and for a forward pass no gradient
    needs to be cleared."""
    layer.zero_grad()
    return hyper_forward(layer, params, x)


@mistake("own-frozen")
def own_frozen(layer: nn.Module, params: Params, x: Tensor) -> Tensor:
    """You detach what params does not name: the layer's own parameters in the result get no
    gradient from it. Those take part as they are, and may be trained along with what makes the
    others."""
    fixed = copy.deepcopy(layer).requires_grad_(False)
    return hyper_forward(fixed, params, x)
